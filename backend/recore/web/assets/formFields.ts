// The fields of a listing form by their names: where they stand, what they are called, and setting them from a script.
import { followNone } from "./none.ts";

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** The block of the field, with its label and its problem; null for a name that the form does not show. */
export function fieldOf(form: HTMLFormElement, name: string): HTMLElement | null {
  return form.querySelector<HTMLElement>(`[data-field="${CSS.escape(name)}"]`);
}

export function labelOf(form: HTMLFormElement, name: string): string {
  const block = fieldOf(form, name);
  return block?.dataset["label"] ?? name;
}

/** Show these values in the field's controls; the title counter and the lock beside 「設定しない」 follow. */
export function show(form: HTMLFormElement, name: string, values: string[]): void {
  for (const control of form.querySelectorAll<Control>(`[name="${CSS.escape(name)}"]`)) {
    if (control instanceof HTMLInputElement && control.type === "checkbox") {
      control.checked = values.includes(control.value);
      if (control.dataset["noneFor"]) followNone(control);
    } else {
      const isNone = control.dataset["orNone"] !== undefined && values[0] === "none";
      control.value = isNone ? "" : (values[0] ?? "");
    }
    document.dispatchEvent(new CustomEvent("recore:shown", { detail: control }));
  }
}

/** The values in words, as the field shows them. */
export function inWords(form: HTMLFormElement, name: string, values: string[]): string {
  if (values.length === 0) return "（空）";
  const words = values.map((value) => {
    for (const control of form.querySelectorAll<Control>(`[name="${CSS.escape(name)}"]`)) {
      if (control instanceof HTMLSelectElement) return [...control.options].find((each) => each.value === value)?.text ?? value;
      if (control instanceof HTMLInputElement && control.type === "checkbox" && control.value === value) return control.labels?.[0]?.textContent?.trim() ?? value;
    }
    return value;
  });
  return words.join("、");
}

export function textsIn(place: HTMLElement): string {
  return place.textContent?.trim() ?? "";
}
