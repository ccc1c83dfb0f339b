// [data-preview="<id of a frame>"]: the button sends what is typed to the frame, which cleans and shows it; while the frame is
// open it follows the field [data-previewed="<id of the button>"].
const WAIT_MS = 600;

export function installPreview(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-preview]") : null;
    if (button) frameOf(button)?.removeAttribute("hidden");
  });
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  document.addEventListener("input", (event) => {
    const id = event.target instanceof HTMLTextAreaElement ? event.target.dataset["previewed"] : undefined;
    const button = id ? document.getElementById(id) : null;
    if (!id || !(button instanceof HTMLButtonElement) || frameOf(button)?.hidden !== false) return;
    clearTimeout(waiting.get(id));
    waiting.set(id, setTimeout(() => button.form?.requestSubmit(button), WAIT_MS));
  });
}

function frameOf(button: HTMLElement): HTMLElement | null {
  return document.getElementById(button.dataset["preview"] ?? "");
}
