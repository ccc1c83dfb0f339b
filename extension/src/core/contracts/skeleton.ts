const MAX_LENGTH = 20_000;
const MAX_DEPTH = 24;
const SKIPPED = new Set(["SCRIPT", "STYLE", "SVG", "NOSCRIPT", "TEMPLATE"]);

/** Digits may be somebody's number. */
function classNames(element: Element): string {
  const names = (element.getAttribute("class") ?? "").split(/\s+/).filter((name) => /^[\w-]{1,40}$/.test(name));
  return names.map((name) => `.${name.replace(/\d+/g, "0")}`).join("");
}

function outline(element: Element, depth: number, lines: string[]): void {
  if (depth > MAX_DEPTH || SKIPPED.has(element.tagName.toUpperCase())) return;
  lines.push(`${" ".repeat(depth)}${element.tagName.toLowerCase()}${classNames(element)}`);
  for (const child of element.children) outline(child, depth + 1, lines);
}

/** The page's tags and classes, one a line, no text, no ids, no attributes: enough to mend a contract, nothing private. */
export function skeletonOf(document: Document): string {
  const lines: string[] = [];
  if (document.body !== null) outline(document.body, 0, lines);
  const short: string[] = [];
  let previous = "";
  for (const line of lines) {
    // A hundred equal cells in a row say no more than one.
    if (line !== previous) short.push(line);
    previous = line;
  }
  return short.join("\n").slice(0, MAX_LENGTH);
}
