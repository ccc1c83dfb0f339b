import type { Source } from "./contract.ts";
import { labelText, visibleText } from "./text.ts";

/** Where a value stands; `ambiguous` when there is more than one candidate. */
export type Place = { at: Element } | "absent" | "ambiguous";

function only(candidates: Element[]): Place {
  const [first] = candidates;
  if (first === undefined) return "absent";
  return candidates.length === 1 ? { at: first } : "ambiguous";
}

/** Cells of a table row by column number, wide cells counted as often as they are wide; null under row spans. */
function cellsByColumn(row: Element): Element[] | null {
  const cells: Element[] = [];
  for (const cell of row.querySelectorAll(":scope > td, :scope > th")) {
    const { colSpan, rowSpan } = cell as HTMLTableCellElement;
    if (rowSpan !== 1) return null;
    for (let count = 0; count < colSpan; count += 1) cells.push(cell);
  }
  return cells;
}

function isHeaderRow(row: Element): boolean {
  const cells = [...row.children];
  return cells.length > 1 && cells.every((cell) => cell.tagName === "TH");
}

function placeInColumn(row: Element, headers: string[]): Place {
  const table = row.closest("table");
  if (table === null) return "absent";
  const headerRows = [...table.querySelectorAll("tr")].filter(
    (candidate) => candidate.closest("table") === table && isHeaderRow(candidate),
  );
  const [headerRow] = headerRows;
  if (headerRow === undefined) return "absent";
  if (headerRows.length > 1) return "ambiguous";
  const headerCells = cellsByColumn(headerRow);
  const cells = cellsByColumn(row);
  if (headerCells === null || cells === null || headerCells.length !== cells.length) return "absent";
  const found = headerCells.flatMap((cell, column) => (headers.includes(labelText(cell)) ? [column] : []));
  return only(found.flatMap((column) => cells[column] ?? []));
}

/** What lies beside one of these belongs to another label. */
const WHOLE_ENTRIES = ["TR", "LI", "DL", "TBODY", "TABLE", "UL"];

/** The element beside a label: its next neighbour, or that of the element which holds nothing but the label. */
function besideLabel(label: Element): Element | null {
  let element = label;
  while (element.nextElementSibling === null) {
    const parent = element.parentElement;
    if (parent === null || WHOLE_ENTRIES.includes(parent.tagName) || labelText(parent) !== labelText(label)) return null;
    element = parent;
  }
  const beside = element.nextElementSibling;
  return beside.tagName === "TH" || beside.tagName === "DT" ? null : beside;
}

function placeAtLabel(scope: Element, labels: string[]): Place {
  const named = [...scope.querySelectorAll("*")].filter(
    (element) =>
      labels.includes(labelText(element)) && ![...element.children].some((child) => labels.includes(labelText(child))),
  );
  return only(named.flatMap((label) => besideLabel(label) ?? []));
}

function narrowed(place: Place, selector: string | undefined): Place {
  if (selector === undefined || typeof place === "string") return place;
  return only([...place.at.querySelectorAll(selector)]);
}

function selected(scope: Element, { selector, starts_with, sibling }: Source): Element[] {
  const found = [...scope.querySelectorAll(selector ?? "")].filter(
    (element) => starts_with === undefined || visibleText(element).startsWith(starts_with),
  );
  return sibling === undefined ? found : found.flatMap((element) => element.previousElementSibling ?? []);
}

/** The one element of `scope` that a source names. */
export function placeOf(scope: Element, source: Source): Place {
  if (source.column !== undefined) return narrowed(placeInColumn(scope, source.column), source.selector);
  if (source.label !== undefined) return narrowed(placeAtLabel(scope, source.label), source.selector);
  return only(selected(scope, source));
}

/** All elements that a source of several texts names, such as the options of a select. */
export function placesOf(scope: Element, source: Source): Element[] {
  const holder = source.column ?? source.label;
  if (holder === undefined) return selected(scope, source);
  const { selector, ...outer } = source;
  const place = placeOf(scope, outer);
  if (typeof place === "string") return [];
  return selector === undefined ? [place.at] : [...place.at.querySelectorAll(selector)];
}
