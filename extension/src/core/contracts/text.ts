import type { Marker } from "./contract.ts";

const UNSEEN_TAGS = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE"]);

/** Whether it waits for its turn. */
export function isHidden(element: Element): boolean {
  return element.hasAttribute("hidden") || (element.hasAttribute("style") && /display:\s*none/.test(element.getAttribute("style") ?? ""));
}

/** What stands in a page and nobody sees. */
function isUnseen(element: Element): boolean {
  return isHidden(element) || UNSEEN_TAGS.has(element.tagName);
}

/** Whether neither it nor what it stands in is hidden. */
export function isSeen(element: Element): boolean {
  for (let outer: Element | null = element; outer !== null; outer = outer.parentElement) if (isUnseen(outer)) return false;
  return true;
}

/** What stands on lines of its own. */
const BLOCKS = new Set(
  "ADDRESS ARTICLE ASIDE BR CAPTION DD DIV DL DT FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN NAV OL P PRE SECTION TABLE TBODY TD TFOOT TH THEAD TR UL".split(
    " ",
  ),
);

/** The texts that one sees at an element, in their order; "\n" where a line ends. */
export function seenPieces(element: Element): string[] {
  const pieces: string[] = [];
  let goesOn = false;
  function walk(parent: Node): void {
    for (let child = parent.firstChild; child !== null; child = child.nextSibling) {
      if (child.nodeType === 3) {
        const text = child.nodeValue ?? "";
        // Next to each other but for a comment: a script wrote them as one.
        if (goesOn) pieces.push(`${pieces.pop() ?? ""}${text}`);
        else pieces.push(text);
        goesOn = true;
      } else if (child.nodeType === 1) enter(child as Element);
    }
  }
  function enter(inner: Element): void {
    if (inner.tagName === "WBR") return;
    goesOn = false;
    if (isUnseen(inner)) return;
    const isBlock = BLOCKS.has(inner.tagName);
    if (isBlock) pieces.push("\n");
    walk(inner);
    if (isBlock) pieces.push("\n");
    goesOn = false;
  }
  walk(element);
  return pieces;
}

/** The element that holds nothing but a text, where each only wraps the next; null where more than that is in there. */
export function leafOf(element: Element): Element | null {
  const inner = element.firstElementChild;
  if (inner === null) return element;
  return element.firstChild === element.lastChild && !isUnseen(inner) ? leafOf(inner) : null;
}

function seenText(element: Element): string {
  // Nearly all cells hold nothing but a text.
  return element.firstElementChild === null ? (element.textContent ?? "") : seenPieces(element).join("");
}

/** Text as one sees it: runs of ASCII white space are one space. Full-width spaces are the seller's own. */
export function visibleText(element: Element): string {
  return tidy(seenText(element));
}

export function tidy(text: string): string {
  if (!/ {2}|[\t\r\n\f\u00a0\u200b\u2060\ufeff\ud800-\udfff]/.test(text)) return text.trim();
  return text
    .replace(/[\u200b\u2060\ufeff]/g, "")
    .replace(/[ \t\r\n\f\u00a0]+/g, " ")
    .trim()
    .toWellFormed();
}

/** The same, keeping line breaks that the page shows. */
export function visibleLines(element: Element): string {
  return seenText(element).split("\n").map(tidy).filter((line) => line !== "").join("\n");
}

/** A header or a label without what sorting, forms and the width of its column add to it. */
export function labelText(element: Element): string {
  const text = visibleText(element);
  if (!/[ ▲▼△▽↑↓:：]/.test(text)) return text;
  return text.replace(/[ ▲▼△▽↑↓]/g, "").replace(/[:：]$/, "");
}

/** The elements that a marker means; one that nobody sees marks nothing. */
export function markedIn(scope: ParentNode, { selector, text, contains }: Marker): Element[] {
  const [first = ""] = text ?? contains ?? "";
  return [...scope.querySelectorAll(selector)].filter((element) => {
    // Most of what a selector finds is something else.
    if (first !== "" && !(element.textContent ?? "").includes(first)) return false;
    const seen = first === "" ? "" : visibleText(element);
    return (text === undefined || seen === text) && (contains === undefined || seen.includes(contains)) && isSeen(element);
  });
}

export function isMarked(scope: ParentNode, marker: Marker): boolean {
  return markedIn(scope, marker).length > 0;
}

export function isMarkedByAny(scope: ParentNode, markers: Marker[]): boolean {
  return markers.some((marker) => isMarked(scope, marker));
}
