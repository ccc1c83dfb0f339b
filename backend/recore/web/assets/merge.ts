// Three ways to look at a form: what was there when this page and the server last agreed, what stands in this page, and what
// somebody else has saved since. A field that only one of them changed is no question; one that both changed is a conflict.

/** Field name → the values of its controls; an empty field is left out. */
export type Values = Record<string, string[]>;

/** What page and server agreed on: as the page held it, and as the server wrote it down (`１，０００` is `1000` there). */
export interface Agreed {
  page: Values;
  server: Values;
}

export interface Merged {
  /** Fields to show as the other one has them. */
  taken: string[];
  conflicts: string[];
}

export function merge(agreed: Agreed, mine: Values, theirs: Values): Merged {
  const merged: Merged = { taken: [], conflicts: [] };
  for (const name of new Set([...Object.keys(mine), ...Object.keys(theirs), ...Object.keys(agreed.server)])) {
    if (same(theirs[name], agreed.server[name]) || same(theirs[name], mine[name])) continue;
    if (same(mine[name], agreed.page[name])) merged.taken.push(name);
    else merged.conflicts.push(name);
  }
  return merged;
}

export function same(one: string[] | undefined, other: string[] | undefined): boolean {
  return JSON.stringify(one ?? []) === JSON.stringify(other ?? []);
}

/** What a form would send, by field. */
export function valuesOf(data: FormData): Values {
  const values: Values = {};
  for (const [name, value] of data) {
    if (typeof value === "string" && value.trim() !== "") (values[name] ??= []).push(value);
  }
  return values;
}
