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
  for (const cell of row.children) {
    if (cell.tagName !== "TD" && cell.tagName !== "TH") continue;
    if (cell.hasAttribute("rowspan") && (cell as HTMLTableCellElement).rowSpan !== 1) return null;
    const width = cell.hasAttribute("colspan") ? (cell as HTMLTableCellElement).colSpan : 1;
    for (let count = 0; count < width; count += 1) cells.push(cell);
  }
  return cells;
}

/** A row's `cells`; the collection of that name is made anew for every row, which takes longer. */
function cellsOf(row: Element): Element[] {
  const cells: Element[] = [];
  for (let child = row.firstElementChild; child !== null; child = child.nextElementSibling) {
    if (child.tagName === "TD" || child.tagName === "TH") cells.push(child);
  }
  return cells;
}

function isHeaderRow(row: Element): boolean {
  if (row.firstElementChild?.tagName !== "TH") return false; // nearly all rows: no list is made of their cells
  const cells = [...row.children];
  return cells.length > 1 && cells.every((cell) => cell.tagName === "TH");
}

/** Header texts by column, and the columns that a source's headings mean; null without a header row to go by. */
type Headings = { texts: string[]; columns: Map<string[], number[]>; hasSpans: boolean } | "ambiguous" | null;

function headingsOf(table: Element): Headings {
  const headerRows = [...table.querySelectorAll("tr")].filter(
    (candidate) => isHeaderRow(candidate) && candidate.closest("table") === table,
  );
  const [headerRow] = headerRows;
  if (headerRow === undefined) return null;
  if (headerRows.length > 1) return "ambiguous";
  const cells = cellsByColumn(headerRow);
  if (cells === null) return null;
  return {
    texts: cells.map(labelText),
    columns: new Map(),
    hasSpans: table.querySelector("[colspan], [rowspan]") !== null,
  };
}

function columnsOf({ texts, columns }: Exclude<Headings, "ambiguous" | null>, wanted: string[]): number[] {
  let found = columns.get(wanted);
  if (found === undefined) {
    found = texts.flatMap((text, column) => (wanted.includes(text) ? [column] : []));
    columns.set(wanted, found);
  }
  return found;
}

/**
 * What was found out about the page that is being read: every field of a row asks for the same. A document must not be
 * changed while one of these is in use.
 */
export class Places {
  private readonly headings = new Map<Element, Headings>();
  /** Where the row before stood: nearly always the next one stands there, too. */
  private table: { of: Element | null; is: Element | null } = { of: null, is: null };
  private row: { of: Element; headings: Headings; cells: Element[] | null } | null = null;
  private scope: { of: Element; labelled: Map<string, Element[]> } | null = null;

  /** The one element of `scope` that a source names. */
  of(scope: Element, source: Source): Place {
    if (source.column !== undefined) return narrowed(this.inColumn(scope, source.column), source.selector);
    if (source.label !== undefined) return narrowed(this.atLabel(scope, source.label), source.selector);
    return only(selected(scope, source));
  }

  /** All elements that a source names, such as the options of a select. */
  all(scope: Element, source: Source): Element[] {
    if (source.column === undefined && source.label === undefined) return selected(scope, source);
    const { selector, ...outer } = source;
    const place = this.of(scope, outer);
    if (typeof place === "string") return [];
    return selector === undefined ? [place.at] : [...place.at.querySelectorAll(selector)];
  }

  private inColumn(row: Element, headers: string[]): Place {
    if (this.row?.of !== row) this.row = this.entered(row);
    const { headings, cells } = this.row;
    if (headings === "ambiguous") return "ambiguous";
    if (headings === null || cells === null) return "absent";
    const columns = columnsOf(headings, headers);
    const [first] = columns;
    const cell = first === undefined ? undefined : cells[first];
    if (cell === undefined) return "absent";
    return columns.length === 1 ? { at: cell } : "ambiguous";
  }

  private entered(row: Element): { of: Element; headings: Headings; cells: Element[] | null } {
    const parent = row.parentElement;
    if (parent === null || this.table.of !== parent) this.table = { of: parent, is: row.closest("table") };
    const table = this.table.is;
    if (table === null) return { of: row, headings: null, cells: null };
    let headings = this.headings.get(table);
    if (headings === undefined) this.headings.set(table, (headings = headingsOf(table)));
    const isPlain = headings !== null && headings !== "ambiguous" && !headings.hasSpans && row.tagName === "TR";
    const cells = isPlain ? cellsOf(row) : cellsByColumn(row);
    const isFitting = headings === "ambiguous" || headings?.texts.length === cells?.length;
    return { of: row, headings, cells: isFitting ? cells : null };
  }

  private atLabel(scope: Element, labels: string[]): Place {
    if (this.scope?.of !== scope) this.scope = { of: scope, labelled: innermostByText(scope) };
    const { labelled } = this.scope;
    const named = labels.flatMap((label) => labelled.get(label) ?? []);
    const place = only(named.flatMap((label) => besideLabel(label) ?? []));
    // Several values under one label: the first one alone would be half of it.
    return typeof place !== "string" && place.at.tagName === "DD" && place.at.nextElementSibling?.tagName === "DD" ? "ambiguous" : place;
  }
}

const LONGEST_LABEL = 200;

/** Elements by their label text, the innermost of those that hold nothing else. */
function innermostByText(scope: Element): Map<string, Element[]> {
  const found = new Map<string, Element[]>();
  for (const element of scope.querySelectorAll("*")) {
    // Longer than any label: what is in it is looked at by itself.
    if ((element.textContent ?? "").length > LONGEST_LABEL) continue;
    const text = labelText(element);
    const inner = element.children;
    let isInnermost = text !== "";
    for (let index = 0; isInnermost && index < inner.length; index += 1) {
      const child = inner[index];
      if (child !== undefined && labelText(child) === text) isInnermost = false;
    }
    if (!isInnermost) continue;
    const others = found.get(text);
    if (others === undefined) found.set(text, [element]);
    else others.push(element);
  }
  return found;
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
