// A second click on a button that has already sent its form does nothing. Downloads leave the page where it is,
// so the form opens again after a while, and at once when the page comes back from the history.
const OPEN_AGAIN_MS = 4_000;

export function installSendOnce(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented || form.method !== "post") return;
    if (event.submitter?.getAttribute("formtarget")) return;
    if (form.dataset["sent"] !== undefined) {
      event.preventDefault();
      return;
    }
    form.dataset["sent"] = "";
    setTimeout(() => delete form.dataset["sent"], OPEN_AGAIN_MS);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset["sent"];
  });
}
