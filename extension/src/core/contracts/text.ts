import type { Marker } from "./contract.ts";

/** Text as one sees it: runs of ASCII white space are one space. Full-width spaces are the seller's own. */
export function visibleText(element: Element): string {
  return tidy(element.textContent ?? "");
}

export function tidy(text: string): string {
  if (!/ {2}|[\t\r\n\f\u00a0\ud800-\udfff]/.test(text)) return text.trim();
  return text.replace(/[ \t\r\n\f\u00a0]+/g, " ").trim().toWellFormed();
}

/** The same, keeping line breaks that the page shows. */
export function visibleLines(element: Element): string {
  const copy = element.cloneNode(true) as Element;
  for (const line of copy.querySelectorAll("br")) line.replaceWith("\n");
  const lines = (copy.textContent ?? "").split("\n").map((line) => line.replace(/[ \t\r\f\u00a0]+/g, " ").trim());
  return lines.filter((line) => line !== "").join("\n").toWellFormed();
}

/** A header or a label without what sorting and forms add to it. */
export function labelText(element: Element): string {
  const text = visibleText(element);
  if (!/[▲▼△▽↑↓:：]/.test(text)) return text;
  return text
    .replace(/[▲▼△▽↑↓]/g, "")
    .replace(/[:：]$/, "")
    .trim();
}

/** The elements that a marker means. */
export function markedIn(scope: ParentNode, { selector, text, contains }: Marker): Element[] {
  const found = [...scope.querySelectorAll(selector)];
  if (text === undefined && contains === undefined) return found;
  return found.filter((element) => {
    const seen = visibleText(element);
    return (text === undefined || seen === text) && (contains === undefined || seen.includes(contains));
  });
}

export function isMarked(scope: ParentNode, marker: Marker): boolean {
  return markedIn(scope, marker).length > 0;
}

export function isMarkedByAny(scope: ParentNode, markers: Marker[]): boolean {
  return markers.some((marker) => isMarked(scope, marker));
}
