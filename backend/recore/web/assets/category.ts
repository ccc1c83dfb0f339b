// Choosing one of the found categories: a button with data-value inside [data-fill="<id>"] fills that field.

export function installCategoryPicker(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-fill] [data-value]") : null;
    const list = button?.closest<HTMLElement>("[data-fill]");
    const field = document.getElementById(list?.dataset["fill"] ?? "");
    if (!button || !list || !(field instanceof HTMLInputElement)) return;
    field.value = button.dataset["value"] ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const chosen = document.createElement("p");
    chosen.className = "small mb-0 mt-1";
    chosen.textContent = `選択：${button.textContent?.trim() ?? ""}`;
    list.replaceChildren(chosen);
    field.focus();
  });
}
