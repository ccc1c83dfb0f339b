// Keys that work on every page while no field is typed into: `/` goes to the search, `?` shows what there is ([data-shortcuts]).
import { Modal } from "bootstrap";

export function installShortcuts(): void {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.target instanceof Element && event.target.closest("input, textarea, select, .modal")) return;
    if (event.key === "/") {
      const search = document.querySelector<HTMLInputElement>("main input[type=search]:not([data-category-search])");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "?") {
      const help = document.querySelector("[data-shortcuts]");
      if (help) Modal.getOrCreateInstance(help).show();
    }
  });
}
