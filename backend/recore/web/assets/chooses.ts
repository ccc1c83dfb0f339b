// Typing into a field that belongs to a radio button chooses it: input[data-chooses="id of the radio button"].

export function installChooses(): void {
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement)) return;
    const radio = document.getElementById(field.dataset["chooses"] ?? "");
    if (radio instanceof HTMLInputElement) radio.checked = true;
  });
}
