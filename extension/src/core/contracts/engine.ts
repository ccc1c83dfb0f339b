import type {
  Drift,
  Fields,
  ListRules,
  PageContract,
  PageInput,
  Reading,
  RecordRules,
  RefusedRow,
  Row,
  RowRules,
  Source,
  FormRules,
} from "./contract.ts";
import { ANOTHER_PAGE } from "./contract.ts";
import { further as FURTHER, login as LOGIN, maintenance as MAINTENANCE } from "../../../../shared_schemas/page_contracts/anywhere.json";
import { Findings, readFields } from "./fields.ts";
import type { Places } from "./places.ts";
import { skeletonOf } from "./skeleton.ts";
import { isHidden, isMarked, isMarkedByAny, isSeen, labelText, markedIn, visibleText } from "./text.ts";
import { valueAt } from "./values.ts";

function drift(document: Document, findings: Findings, ...missing: string[]): Drift {
  return {
    kind: "drift",
    missing: [...findings.missing, ...missing],
    fallbackUsed: [...findings.fallbackUsed],
    fillRate: findings.fillRate,
    skeleton: skeletonOf(document),
  };
}

/** Whether an address is that page; {store} and {key} stand for anything within one part of the path. */
function isPage(pattern: string, url: string): boolean {
  const { origin, pathname } = new URL(url);
  const [parts, found] = [pattern.split("/"), (origin + pathname).split("/")];
  return parts.length === found.length && parts.every((part, index) => isPart(part, found[index] ?? ""));
}

function isPart(pattern: string, found: string): boolean {
  const [before = "", after] = pattern.split(/\{(?:store|key)\}/);
  if (after === undefined) return pattern === found;
  return found.startsWith(before) && found.endsWith(after) && found.length > before.length + after.length;
}

/** The one text that all places give which can be read; null when there is none, or more than one. */
function textFrom(document: Document, sources: Source[], observedAt: Date, places: Places): string | null {
  const found = new Set<string>();
  for (const source of sources) {
    for (const place of places.all(document.documentElement, source).filter(isSeen)) {
      const read = valueAt(place, source, { sources, type: "code", required: true }, observedAt);
      if (read !== "unreadable" && typeof read.value === "string") found.add(read.value);
    }
  }
  const [only] = found;
  return found.size === 1 ? (only ?? null) : null;
}

/**
 * The rows by the first selector that matches, or null where it is doubtful which are the list's: neighbours that we do not
 * know, several tables, hidden ones that hold something.
 */
function rowElements(scope: ParentNode, rules: RowRules, findings: Findings, prefix: string): Element[] | null {
  for (const [index, selector] of rules.rows.entries()) {
    const found = [...scope.querySelectorAll(selector)];
    const parents = [...new Set(found.map((row) => row.parentElement))];
    const unseen = parents.filter((parent) => parent !== null && !isSeen(parent));
    const hidden = found.filter((row) => isHidden(row) || (unseen.length > 0 && unseen.includes(row.parentElement)));
    if (hidden.length === found.length && hidden.every(isBlank)) continue;
    if (index > 0) findings.fallbackUsed.add(`${prefix}rows`);
    const isDoubtful = !hidden.every(isBlank) || areElsewhereToo(scope, found, parents, rules.fields);
    if (isDoubtful || hasStrayNeighbour(found, parents, rules.ignore ?? [])) return null;
    return hidden.length === 0 ? found : found.filter((row) => !hidden.includes(row));
  }
  return [];
}

/** What a script makes rows from tells nothing. */
function isBlank(row: Element): boolean {
  return !/\d/.test(row.textContent ?? "");
}

/** Rows in several tables, or beside a table that has every heading of theirs. */
function areElsewhereToo(scope: ParentNode, rows: Element[], parents: (Element | null)[], fields: Fields): boolean {
  const [first] = rows;
  if (first?.tagName !== "TR") return false;
  const tables = new Set(parents.map((parent) => parent?.closest("table")));
  const others = [...scope.querySelectorAll("table")].filter((table) => !tables.has(table) && !table.contains(first));
  return tables.size > 1 || others.some((table) => isSeen(table) && table.querySelector("td") !== null && hasHeadingsOf(table, fields));
}

function hasHeadingsOf(table: Element, fields: Fields): boolean {
  const headings = [...table.querySelectorAll("th")].map(labelText);
  return Object.values(fields).every(({ required, sources }) => {
    const names = sources.flatMap(({ column }) => column ?? []);
    return !required || names.length === 0 || names.some((name) => headings.includes(name));
  });
}

/** Something that looks like a row and is none of ours: half of the rows may have been given another name. */
function hasStrayNeighbour(rows: Element[], parents: (Element | null)[], ignore: string[]): boolean {
  const known = new Set(rows);
  return parents.some((parent) =>
    [...(parent?.children ?? [])].some(
      (child) =>
        !known.has(child) &&
        child.tagName === rows[0]?.tagName &&
        !(isHidden(child) && isBlank(child)) &&
        !isOfHeadings(child) &&
        !ignore.some((selector) => child.matches(selector)),
    ),
  );
}

function isOfHeadings(row: Element): boolean {
  return row.childElementCount > 0 && [...row.children].every((cell) => cell.tagName === "TH");
}

function readRows(elements: Element[], rules: RowRules, prefix: string, at: Date, findings: Findings): Row[] {
  const rows = elements.map((element) => readFields(element, rules.fields, prefix, at, findings));
  findings.judgeOptional(prefix, rules.fields);
  return rows;
}

/** A button to go on with, that no marker knows. */
function leadsFurther(document: Document): boolean {
  const words = new RegExp(FURTHER.words, "u");
  return markedIn(document, FURTHER).some((element) =>
    [visibleText(element), element.getAttribute("aria-label") ?? "", element.getAttribute("title") ?? ""].some((text) => words.test(text)),
  );
}

/** Whether it links to a later page of its list, whatever the link is called. `url` says where the number stands. */
function linksFurther(url: string, { document, finalUrl, page }: PageInput): boolean {
  const [name] = [...new URL(url).searchParams].find(([, value]) => value === "{page}") ?? [];
  if (name === undefined || page === null) return false;
  const { pathname } = new URL(finalUrl);
  return [...document.querySelectorAll("a[href]")].some((link) => {
    const href = link.getAttribute("href") ?? "";
    // Most links of a page carry no page number: to take their addresses apart would cost more than reading the rows.
    if (!href.includes(name) || !URL.canParse(href, finalUrl)) return false;
    const target = new URL(href, finalUrl);
    return target.pathname === pathname && Number(target.searchParams.get(name)) > page;
  });
}

function readList(url: string, rules: ListRules, input: PageInput, store: string, findings: Findings): Reading {
  const { document, observedAt } = input;
  const elements = rowElements(document, rules, findings, "");
  if (elements === null) return drift(document, findings, "rows: unknown rows among them");
  const isEmpty = isMarkedByAny(document, rules.empty);
  if (elements.length === 0) {
    return isEmpty ? { kind: "empty", store } : drift(document, findings, "rows: neither rows nor the empty marker");
  }
  if (isEmpty) return drift(document, findings, "rows: rows beside the empty marker");
  const shown = rules.page === undefined ? String(input.page) : textFrom(document, rules.page, observedAt, findings.places);
  if (shown !== String(input.page)) return drift(document, findings, ANOTHER_PAGE);
  const rows = readRows(elements, rules, "", observedAt, findings);
  if (findings.missing.size > 0) return drift(document, findings);
  const more = isMarkedByAny(document, rules.next);
  // A pager under another name: taken for the last page, everything after it would be gone without a word.
  if (!more && (linksFurther(url, input) || leadsFurther(document))) return drift(document, findings, "next: a later page is linked under another name");
  return { kind: "rows", store, rows, more, fallbackUsed: [...findings.fallbackUsed] };
}

function scopeOf(document: Document, selectors: string[] | undefined): Element | null {
  if (selectors === undefined) return document.body;
  for (const selector of selectors) {
    const found = document.querySelectorAll(selector);
    if (found.length > 0) return found.length === 1 ? (found[0] ?? null) : null;
  }
  return null;
}

function readRecord(rules: RecordRules, input: PageInput, store: string, findings: Findings): Reading {
  const { document, observedAt } = input;
  const scope = scopeOf(document, rules.scope);
  if (scope === null) return drift(document, findings, "record: missing");
  const fields = readFields(scope, rules.fields, "", observedAt, findings);
  findings.judgeOptional("", rules.fields);
  const lists: Record<string, Row[]> = {};
  for (const [name, rowRules] of Object.entries(rules.lists)) {
    const elements = rowElements(scope, rowRules, findings, `${name}.`);
    if (elements === null || elements.length === 0) return drift(document, findings, `${name}: rows missing`);
    lists[name] = readRows(elements, rowRules, `${name}.`, observedAt, findings);
  }
  if (findings.missing.size > 0) return drift(document, findings);
  return { kind: "record", store, fields, lists, fallbackUsed: [...findings.fallbackUsed] };
}

/** What the site says of a file that was sent; null while it says nothing. */
function readAnswer(rules: FormRules, input: PageInput, findings: Findings): Reading | null {
  const { document, observedAt } = input;
  for (const { kind, markers } of rules.answers) {
    const [said] = markers.flatMap((marker) => markedIn(document, marker).filter((element) => visibleText(element) !== ""));
    if (said === undefined) continue; // an empty place for messages says nothing
    const refused = rules.refused === undefined ? [] : refusedRows(rules.refused, document, observedAt, findings);
    // Half of the reasons would leave items without an outcome that have one.
    if (refused === null) return { kind: "answer", answer: "unknown", message: visibleText(said), refused: [] };
    return { kind: "answer", answer: kind, message: visibleText(said), refused: [...refused, ...refusedLines(rules, document)] };
  }
  return null;
}

function refusedRows(
  rules: NonNullable<FormRules["refused"]>,
  document: Document,
  at: Date,
  findings: Findings,
): RefusedRow[] | null {
  const elements = rowElements(document, rules, findings, "refused.");
  if (elements === null) return null;
  const rows = readRows(elements, rules, "refused.", at, findings);
  if (findings.missing.size > 0) return null;
  return rows.map(({ line, column, reason }) => ({
    item: Number(line) - rules.first_line + 1,
    reason: [column, reason].filter((text) => text !== null && text !== "").join("："),
  }));
}

function refusedLines({ refused_lines: rules }: FormRules, document: Document): RefusedRow[] {
  if (rules === undefined) return [];
  const regex = new RegExp(rules.regex, "u");
  return markedIn(document, rules).flatMap((line) => {
    const [, item, reason] = regex.exec(visibleText(line)) ?? [];
    return item === undefined || reason === undefined ? [] : [{ item, reason }];
  });
}

function readForm(rules: FormRules, input: PageInput, store: string, findings: Findings): Reading {
  const { document } = input;
  const hasFile = rules.file === undefined || document.querySelectorAll(rules.file).length === 1;
  const hasTicks = rules.tick === undefined || document.querySelector(rules.tick) !== null;
  const hasFields = (rules.fill ?? []).every(({ selector }) => document.querySelectorAll(selector).length === 1);
  const isWhole = hasFile && hasTicks && hasFields && markedIn(document, rules.submit).length === 1;
  if (!isWhole) return drift(document, findings, "form: field or button missing");
  if (rules.about === undefined) return { kind: "form", store };
  return { kind: "form", store, about: textFrom(document, rules.about, input.observedAt, findings.places) };
}

/**
 * Read one page by its contract. Never reads half: a page that is not wholly understood is a drift, and
 * "no rows" counts only where the page itself says so.
 */
export function readPage(contract: PageContract, input: PageInput): Reading {
  const { document, finalUrl } = input;
  const findings = new Findings();
  const atLogin = contract.login.origins.includes(new URL(finalUrl).origin);
  if (atLogin || isMarkedByAny(document, contract.login.markers)) return { kind: "loginRequired" };
  if (isMarkedByAny(document, contract.loading ?? [])) return { kind: "loading" };
  if (isMarkedByAny(document, contract.trouble ?? [])) return { kind: "blocked", status: 503, retryAfterMs: null };
  const answer = contract.form === undefined ? null : readAnswer(contract.form, input, findings);
  if (answer !== null) return answer;
  const isThere = contract.pages.some((pattern) => isPage(pattern, finalUrl));
  const isIt = contract.identity.every((marker) => isMarked(document, marker));
  if (!isThere || !isIt) {
    if (isMarkedByAny(document, MAINTENANCE)) return { kind: "maintenance" };
    if (isMarkedByAny(document, LOGIN)) return { kind: "loginRequired" };
  }
  if (isMarkedByAny(document, contract.store?.personal ?? [])) return { kind: "notStore" };
  if (!isThere) return drift(document, findings, "url: another page answered");
  if (!isIt) return drift(document, findings, "identity: not the page that was asked for");
  const store = contract.store === undefined ? "" : textFrom(document, contract.store.sources, input.observedAt, findings.places);
  if (store === null) return drift(document, findings, "store: which store is logged in cannot be told");
  if (contract.list !== undefined) return readList(contract.url, contract.list, input, store, findings);
  if (contract.record !== undefined) return readRecord(contract.record, input, store, findings);
  if (contract.form !== undefined) return readForm(contract.form, input, store, findings);
  throw new Error(`${contract.id}: nothing to read`);
}
