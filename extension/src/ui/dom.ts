type Child = Node | string | null;

interface Attributes {
  class?: string;
  testid?: string;
  onclick?: () => void;
  [name: string]: string | number | boolean | (() => void) | undefined;
}

/** An element with its attributes and children. Texts become text nodes: nothing is ever parsed as HTML. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name === "testid") element.dataset["testid"] = String(value);
    else if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Shows other children only when they differ: what has not changed keeps its focus. */
export function show(element: HTMLElement, ...children: Child[]): void {
  const fresh = h("div", {}, ...children);
  const before = h("div", {}, ...[...element.childNodes].map((node) => node.cloneNode(true)));
  if (before.innerHTML === fresh.innerHTML) return;
  element.replaceChildren(...fresh.childNodes);
}

export interface Option {
  value: string;
  label: string;
}

/** Gives a pulldown its entries without closing it when nothing has changed. */
export function offer(select: HTMLSelectElement, options: Option[], chosen: string): void {
  const shown = [...select.options].map(({ value, label }) => `${value}\n${label}`).join("\n");
  if (shown !== options.map(({ value, label }) => `${value}\n${label}`).join("\n")) {
    select.replaceChildren(...options.map(({ value, label }) => h("option", { value }, label)));
  }
  if (select.value !== chosen) select.value = chosen;
}

/** A label above its control. */
export function labelled(text: string, control: HTMLElement, hint: string | null = null): HTMLElement {
  return h("label", { class: "field" }, h("span", {}, text), control, hint === null ? null : h("small", {}, hint));
}
