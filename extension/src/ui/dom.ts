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
    else if (typeof value === "function") listen(element, name.slice(2), value);
    else if (name === "open") unfold(element, true);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** What an element does now: one that stays gets the acts of the one it stands for. */
const acts = new WeakMap<Element, Map<string, () => void>>();

/** Lists that were drawn open; whether one is open now is for its reader to say. */
const unfolded = new WeakSet<Element>();

function unfold(element: Element, isOpen: boolean): void {
  if (isOpen) unfolded.add(element);
  else unfolded.delete(element);
  element.toggleAttribute("open", isOpen);
}

function listen(element: Element, event: string, act: () => void): void {
  let known = acts.get(element);
  if (known === undefined) acts.set(element, (known = new Map<string, () => void>()));
  if (!known.has(event)) element.addEventListener(event, () => acts.get(element)?.get(event)?.());
  known.set(event, act);
}

/**
 * Shows these children. What was there and is to be there stays the same node: it keeps its focus, and a click that began on
 * it before ends on it, whatever changed around it meanwhile.
 */
export function show(element: HTMLElement, ...children: Child[]): void {
  take(element, h("div", {}, ...children));
}

function take(shown: Element, fresh: Element): void {
  const before = [...shown.childNodes];
  let at = 0;
  for (const node of [...fresh.childNodes]) {
    const found = before.findIndex((each, index) => index >= at && standsFor(each, node));
    if (found < 0) {
      shown.insertBefore(node, before[at] ?? null);
      continue;
    }
    for (const gone of before.slice(at, found)) gone.remove();
    becomes(before[found] as ChildNode, node);
    at = found + 1;
  }
  for (const gone of before.slice(at)) gone.remove();
}

function isElement(node: Node): node is HTMLElement {
  return node.nodeType === 1;
}

/** A button with another text is another button: a click that began on the first is not meant for it. */
function standsFor(shown: Node, fresh: Node): boolean {
  if (!isElement(shown) || !isElement(fresh)) return shown.nodeType === fresh.nodeType;
  if (shown.tagName !== fresh.tagName || shown.dataset["testid"] !== fresh.dataset["testid"]) return false;
  return shown.tagName !== "BUTTON" || shown.textContent === fresh.textContent;
}

function becomes(shown: Node, fresh: Node): void {
  if (!isElement(shown) || !isElement(fresh)) {
    if (shown.nodeValue !== fresh.nodeValue) shown.nodeValue = fresh.nodeValue;
    return;
  }
  if (unfolded.has(shown) !== unfolded.has(fresh)) unfold(shown, unfolded.has(fresh));
  for (const { name, value } of [...fresh.attributes]) {
    if (name !== "open" && shown.getAttribute(name) !== value) shown.setAttribute(name, value);
  }
  for (const { name } of [...shown.attributes]) {
    if (name !== "open" && !fresh.hasAttribute(name)) shown.removeAttribute(name);
  }
  const known = acts.get(shown);
  for (const event of known?.keys() ?? []) known?.set(event, () => undefined);
  for (const [event, act] of acts.get(fresh) ?? []) listen(shown, event, act);
  take(shown, fresh);
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
