// Yahoo counts titles in full-width characters, half-width ones as a half. [data-width-limit="130"] (in half-width units)
// shows "全角12.5 / 65文字" in [data-width-of="<id of the field>"].

// The half-width characters of Unicode (East Asian Width Na and H), as `half_widths` in text_ja.py counts them.
const HALF = /[\u0020-\u007e\u00a2\u00a3\u00a5\u00a6\u00ac\u00af\u20a9\u27e6-\u27ed\u2985\u2986\uff61-\uffdc\uffe8-\uffee]/;

export function halfWidths(text: string): number {
  let units = 0;
  for (const char of text) units += HALF.test(char) ? 1 : 2;
  return units;
}

export function installWidth(): void {
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLElement) show(event.target);
  });
  document.addEventListener("recore:shown", (event) => show((event as CustomEvent<HTMLElement>).detail));
  document.querySelectorAll<HTMLElement>("[data-width-limit]").forEach(show);
}

function show(field: HTMLElement): void {
  const limit = Number(field.dataset["widthLimit"]);
  if (!limit || !("value" in field) || typeof field.value !== "string") return;
  const used = halfWidths(field.value.trim());
  const output = document.querySelector(`[data-width-of="${CSS.escape(field.id)}"]`);
  if (!output) return;
  output.textContent = `全角 ${used / 2} / ${limit / 2} 文字${used > limit ? `（${(used - limit) / 2}文字多い）` : ""}`;
  output.classList.toggle("is-over-limit", used > limit);
}
