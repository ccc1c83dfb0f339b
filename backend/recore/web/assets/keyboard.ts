// Barcode readers type a code and press Enter. data-scan="submit" lets that Enter send the form, data-scan="next" moves on
// to the next field; a form with data-enter="next" does so for every field, so that a scan never sends it half filled.

export function installKeyboard(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    const field = event.target;
    const isChoice = field instanceof HTMLSelectElement || (field instanceof HTMLInputElement && field.type === "radio");
    if (isChoice && field.form?.dataset["enter"] === "next") {
      event.preventDefault();
      nextField(field)?.focus();
    }
    if (!(field instanceof HTMLInputElement) || !field.form || isButtonLike(field)) return;
    if (field.dataset["scan"] !== undefined) field.value = halfWidth(field.value);
    const stays = field.dataset["scan"] === "next" || (field.form.dataset["enter"] === "next" && field.dataset["scan"] !== "submit");
    if (!stays) return;
    event.preventDefault();
    nextField(field)?.focus();
  });
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field instanceof HTMLInputElement && field.dataset["scan"] !== undefined) field.value = halfWidth(field.value);
  });
}

/** With the Japanese input method on, a reader's codes arrive in full-width characters. */
export function halfWidth(code: string): string {
  return code.normalize("NFKC").trim();
}

function isButtonLike(field: HTMLInputElement): boolean {
  return ["submit", "button", "checkbox", "radio", "file", "search"].includes(field.type);
}

/** A group of radio buttons is one field: the chosen one of them has the focus. */
function nextField(field: HTMLInputElement | HTMLSelectElement): HTMLElement | undefined {
  const fields = [...(field.form?.elements ?? [])].filter(
    (each): each is HTMLElement =>
      each instanceof HTMLElement && !(each as HTMLInputElement).disabled && !["hidden", "fieldset"].includes((each as HTMLInputElement).type),
  );
  const next = fields.slice(fields.indexOf(field) + 1).find((each) => !isOfGroup(each, field));
  return fields.find((each) => next && isOfGroup(each, next) && (each as HTMLInputElement).checked) ?? next;
}

function isOfGroup(one: HTMLElement, other: HTMLElement): boolean {
  return one instanceof HTMLInputElement && one.type === "radio" && one.name === (other as HTMLInputElement).name;
}
