// Choosing one of the options that the server sent, with the mouse or by keyboard alone: the arrow keys of the search field
// move through them, Enter takes one, Escape closes the list. Two kinds of searches:
// [data-category-search] with [data-fill="<id of the number's field>"]: the option's value goes into that field;
// [data-option-search] with [data-options]: options are links, and Enter without a chosen one searches, as a barcode reader does.
// A search that is asked by a button beside it ([data-asks]) keeps the focus meanwhile; Enter without a chosen option asks.

const SEARCHES = "[data-category-search], [data-option-search]";

export function installOptions(): void {
  document.addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.matches(SEARCHES)) onKey(event, event.target);
  });
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.matches("[data-option-search]")) mark(event.target, optionsOf(event.target), -1);
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || field.dataset["categoryNumber"] === undefined) return;
    (event as CustomEvent<{ parameters: Record<string, unknown> }>).detail.parameters = { category: field.value };
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target instanceof HTMLElement && event.target.matches("[data-fill], [data-options]")) prepare(event.target);
  });
  // The field keeps the focus while an option is clicked, and leaving it closes the list.
  document.addEventListener("mousedown", (event) => optionAt(event) && event.preventDefault());
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element) event.target.closest("[data-asks]")?.parentElement?.querySelector<HTMLElement>(SEARCHES)?.focus();
    choose(optionAt(event));
  });
  document.addEventListener("focusout", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.matches("[data-category-search]")) close(event.target);
  });
}

function onKey(event: KeyboardEvent, search: HTMLInputElement): void {
  if (event.isComposing) return; // the input method is still choosing characters
  const options = optionsOf(search);
  const at = options.findIndex((each) => each.ariaSelected === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (options.length === 0) return;
    const step = event.key === "ArrowDown" ? 1 : -1;
    mark(search, options, at < 0 && step < 0 ? options.length - 1 : (at + step + options.length) % options.length);
  } else if (event.key === "Enter") {
    const option = options[at];
    if (search.matches("[data-option-search]") && !option) return;
    event.preventDefault(); // nor does it send the form
    if (!option && ask(search)) return;
    if (option instanceof HTMLAnchorElement) option.click();
    else choose(options[at < 0 && search.value.trim() !== "" ? 0 : at]);
  } else if (event.key === "Escape") {
    close(search);
  }
}

/** Press the button beside the search; false where there is none. */
export function ask(search: HTMLInputElement): boolean {
  const button = search.parentElement?.querySelector<HTMLElement>("[data-asks]");
  button?.click();
  return button != null;
}

function mark(search: HTMLInputElement, options: HTMLElement[], wanted: number): void {
  for (const [at, option] of options.entries()) {
    option.ariaSelected = String(at === wanted);
    option.classList.toggle("active", at === wanted);
  }
  const option = options[wanted];
  if (!option) {
    search.removeAttribute("aria-activedescendant");
    return;
  }
  option.id ||= `${search.getAttribute("aria-controls")}-${wanted}`;
  search.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

/** The list has come: name it and its options for the screen reader. Came it too late, it goes again. */
function prepare(list: HTMLElement): void {
  const search = searchOf(list);
  if (!search) return;
  if (document.activeElement !== search && list.dataset["fill"]) {
    close(search);
    return;
  }
  const options = optionsOf(search);
  for (const [at, option] of options.entries()) option.id = `${list.id}-${at}`;
  search.ariaExpanded = String(options.length > 0);
  list.scrollIntoView({ block: "nearest" });
  search.removeAttribute("aria-activedescendant");
}

function choose(option: HTMLElement | null | undefined): void {
  const list = option?.closest<HTMLElement>("[data-fill]");
  const field = document.getElementById(list?.dataset["fill"] ?? "");
  if (!option || !list || !(field instanceof HTMLInputElement)) return;
  field.value = option.dataset["value"] ?? "";
  const search = searchOf(list);
  if (search) search.value = "";
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function close(search: HTMLInputElement): void {
  document.getElementById(search.getAttribute("aria-controls") ?? "")?.replaceChildren();
  search.ariaExpanded = "false";
  search.removeAttribute("aria-activedescendant");
}

function searchOf(list: HTMLElement): HTMLInputElement | null {
  return [...document.querySelectorAll<HTMLInputElement>(SEARCHES)].find((each) => each.getAttribute("aria-controls") === list.id) ?? null;
}

function optionsOf(search: HTMLInputElement): HTMLElement[] {
  const list = document.getElementById(search.getAttribute("aria-controls") ?? "");
  return [...(list?.querySelectorAll<HTMLElement>('[role="option"]') ?? [])];
}

function optionAt(event: Event): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>('[data-fill] [role="option"]') : null;
}
