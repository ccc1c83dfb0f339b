// Selecting rows of a list: form[data-bulk] with [data-select] boxes, one [data-select-all], a [data-selected-count],
// and buttons with [data-needs-selection], or [data-needs-match] where only boxes with [data-matches] count. With Shift a
// click (or the space bar) takes every row from the last one on; the arrow keys move from box to box.

const last = new WeakMap<HTMLFormElement, HTMLInputElement>();

export function installBulk(): void {
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || !box.form || box.form.dataset["bulk"] === undefined) return;
    if (box.dataset["selectAll"] !== undefined) for (const each of boxes(box.form)) each.checked = box.checked;
    show(box.form);
  });
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.dataset["select"] === undefined || !box.form) return;
    const from = last.get(box.form);
    if (event.shiftKey && from?.isConnected) takeRange(box.form, from, box);
    last.set(box.form, box);
  });
  document.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.dataset["select"] === undefined || !box.form) return;
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const all = boxes(box.form);
    all[all.indexOf(box) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  });
  // A filter of a list asks at once.
  document.addEventListener("change", (event) => {
    if ((event.target instanceof HTMLSelectElement || event.target instanceof HTMLInputElement) && event.target.dataset["submits"] !== undefined) event.target.form?.requestSubmit();
  });
  // What was changed in form[data-holds="<id of a button>"] and not sent yet holds that button back; [data-held] says why.
  document.addEventListener("change", (event) => {
    const held = event.target instanceof Element ? event.target.closest<HTMLElement>("form[data-holds]")?.dataset["holds"] : undefined;
    const button = document.getElementById(held ?? "");
    if (!(button instanceof HTMLButtonElement)) return;
    button.disabled = true;
    for (const each of document.querySelectorAll<HTMLElement>(`[data-held="${held}"]`)) each.hidden = false;
  });
  // The browser brings ticks back after "back".
  window.addEventListener("pageshow", () => document.querySelectorAll<HTMLFormElement>("form[data-bulk]").forEach(show));
}

function takeRange(form: HTMLFormElement, from: HTMLInputElement, to: HTMLInputElement): void {
  const all = boxes(form);
  const [start, end] = [all.indexOf(from), all.indexOf(to)].toSorted((a, b) => a - b);
  for (const each of all.slice(start, (end ?? 0) + 1)) each.checked = to.checked;
  show(form);
}

function boxes(form: HTMLFormElement): HTMLInputElement[] {
  return [...form.querySelectorAll<HTMLInputElement>("input[data-select]:not(:disabled)")];
}

function show(form: HTMLFormElement): void {
  const all = boxes(form);
  const chosen = all.filter((each) => each.checked);
  const count = chosen.length;
  const matching = chosen.filter((each) => each.dataset["matches"] !== undefined).length;
  for (const each of form.querySelectorAll<HTMLElement>("[data-selected-count]")) each.textContent = `${count}件選択中`;
  for (const each of form.querySelectorAll<HTMLButtonElement>("[data-needs-selection]")) each.disabled = count === 0;
  for (const each of form.querySelectorAll<HTMLButtonElement>("[data-needs-match]")) {
    each.disabled = matching === 0;
    const note = count === 0 ? "" : matching === 0 ? "（該当する在庫なし）" : `（${count}件中${matching}件が該当）`;
    for (const text of each.querySelectorAll("[data-match-count]")) text.textContent = note;
  }
  for (const each of form.querySelectorAll<HTMLInputElement>("[data-select-all]")) {
    each.checked = count > 0 && count === all.length;
    each.indeterminate = count > 0 && count < all.length;
  }
  form.querySelector(".bulk-bar")?.classList.toggle("has-selection", count > 0);
}
