import type { Field, Fields, Part, Row, Value } from "./contract.ts";
import { Places } from "./places.ts";
import { visibleText } from "./text.ts";
import { valueAt } from "./values.ts";

/** What reading a page has shown about its contract so far. */
export class Findings {
  readonly missing = new Set<string>();
  readonly fallbackUsed = new Set<string>();
  readonly places = new Places();
  private readonly rows = new Map<string, { all: number; found: number; filled: number }>();

  count(name: string, outcome: FieldOutcome): void {
    let seen = this.rows.get(name);
    if (seen === undefined) this.rows.set(name, (seen = { all: 0, found: 0, filled: 0 }));
    seen.all += 1;
    if (outcome.kind === "value") {
      seen.found += 1;
      if (outcome.value !== null) seen.filled += 1;
      if (outcome.source > 0) this.fallbackUsed.add(name);
    }
  }

  get fillRate(): Record<string, number> {
    return Object.fromEntries([...this.rows].map(([name, { all, filled }]) => [name, filled / all]));
  }

  /** Optional fields: their place must be found, and usually filled, as often as the contract says. */
  judgeOptional(prefix: string, fields: Fields): void {
    for (const [name, field] of Object.entries(fields)) {
      const seen = this.rows.get(prefix + name);
      if (field.required || seen === undefined) continue;
      if (seen.found / seen.all < (field.min_found ?? 1)) this.missing.add(`${prefix}${name}: missing`);
      if (seen.filled / seen.all < (field.min_filled ?? 0)) this.missing.add(`${prefix}${name}: seldom filled`);
    }
  }
}

type FieldOutcome =
  | { kind: "value"; value: Value; source: number }
  | { kind: "missing" | "ambiguous" | "unreadable" | "contradictory" };

function listOutcome(scope: Element, field: Field, places: Places): FieldOutcome {
  for (const [index, source] of field.sources.entries()) {
    const texts = places.all(scope, source).map(visibleText).filter((text) => text !== "");
    if (texts.length > 0) return { kind: "value", value: texts, source: index };
  }
  return { kind: "missing" };
}

/** Several places that are one value: each must be found. */
function joinedOutcome(scope: Element, field: Field, parts: Part[], observedAt: Date, places: Places): FieldOutcome {
  let joined = "";
  for (const { sources, words, before } of parts) {
    const outcome = fieldOutcome(scope, { sources, type: "code", required: field.required }, observedAt, places);
    if (outcome.kind !== "value") return outcome;
    if (typeof outcome.value !== "string") return { kind: "missing" };
    const text = outcome.value;
    const word = words?.[text] ?? text;
    joined += word === "" ? "" : (before ?? "") + word;
  }
  return { kind: "value", value: joined, source: 0 };
}

/** Every source that finds its place must give the same value; the first one that does is the one in use. */
function fieldOutcome(scope: Element, field: Field, observedAt: Date, places: Places): FieldOutcome {
  if (field.parts !== undefined) return joinedOutcome(scope, field, field.parts, observedAt, places);
  if (field.type === "texts") return listOutcome(scope, field, places);
  let found: { value: Value; source: number } | null = null;
  for (const [index, source] of field.sources.entries()) {
    const place = places.of(scope, source);
    if (place === "absent") continue;
    if (place === "ambiguous") return { kind: "ambiguous" };
    const read = valueAt(place.at, source, field, observedAt);
    if (read === "unreadable") return { kind: "unreadable" };
    if (found !== null && found.value !== read.value) return { kind: "contradictory" };
    found ??= { value: read.value, source: index };
  }
  return found === null ? { kind: "missing" } : { kind: "value", ...found };
}

/** The fields of one row or record. What is amiss goes into the findings; the row is then of no use. */
export function readFields(scope: Element, fields: Fields, prefix: string, at: Date, findings: Findings): Row {
  const row: Row = {};
  for (const name in fields) {
    const field = fields[name];
    if (field === undefined) continue;
    const outcome = fieldOutcome(scope, field, at, findings.places);
    findings.count(prefix + name, outcome);
    row[name] = outcome.kind === "value" ? outcome.value : null;
    if (outcome.kind === "value") {
      if (field.required && outcome.value === null) findings.missing.add(`${prefix}${name}: empty`);
    } else if (field.required || outcome.kind !== "missing") {
      findings.missing.add(`${prefix}${name}: ${outcome.kind}`);
    }
  }
  return row;
}
