// Choosing a category with the mouse, or by keyboard alone: in [data-category-search] the arrow keys move through the
// options that the server sent into [data-fill="<id of the number's field>"], Enter takes one, Escape closes the list.

export function installCategoryPicker(): void {
  document.addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.matches("[data-category-search]")) onKey(event, event.target);
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || field.dataset["categoryNumber"] === undefined) return;
    (event as CustomEvent<{ parameters: Record<string, unknown> }>).detail.parameters = { category: field.value };
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target instanceof HTMLElement && event.target.dataset["fill"]) prepare(event.target);
  });
  // The field keeps the focus while an option is clicked, and leaving it closes the list.
  document.addEventListener("mousedown", (event) => optionAt(event) && event.preventDefault());
  document.addEventListener("click", (event) => choose(optionAt(event)));
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
    event.preventDefault(); // nor does it send the form
    choose(options[at < 0 && search.value.trim() !== "" ? 0 : at]);
  } else if (event.key === "Escape") {
    close(search);
  }
}

function mark(search: HTMLInputElement, options: HTMLElement[], wanted: number): void {
  for (const [at, option] of options.entries()) {
    option.ariaSelected = String(at === wanted);
    option.classList.toggle("active", at === wanted);
  }
  const option = options[wanted];
  if (!option) return;
  search.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

/** The list has come: name it and its options for the screen reader. Came it too late, it goes again. */
function prepare(list: HTMLElement): void {
  const search = searchOf(list);
  if (!search) return;
  if (document.activeElement !== search) {
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
  return document.querySelector<HTMLInputElement>(`[data-category-search][aria-controls="${list.id}"]`);
}

function optionsOf(search: HTMLInputElement): HTMLElement[] {
  const list = document.getElementById(search.getAttribute("aria-controls") ?? "");
  return [...(list?.querySelectorAll<HTMLElement>('[role="option"]') ?? [])];
}

function optionAt(event: Event): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>('[data-fill] [role="option"]') : null;
}
