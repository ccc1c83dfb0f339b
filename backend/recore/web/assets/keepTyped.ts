// What was typed is not lost with the login: where sending a form ended at the login page or at an error page ([data-unsent]),
// it stands in the form again as soon as a page shows that form. Kept in this tab only; not for passwords, nor where a form
// says [data-no-keep].
import { toast } from "./toast.ts";

const KEY = "recore:unsent";
const KEPT_MS = 60 * 60_000;

/** `action`: the path the form is sent to; `refused`: it came to the login page or an error page. */
interface Unsent {
  action: string;
  fields: [string, string][];
  refused: boolean;
  at: number;
}

export function installKeepTyped(): void {
  document.addEventListener("submit", (event) => {
    if (event.target instanceof HTMLFormElement && !event.defaultPrevented) keep(event.target);
  });
  const unsent = read();
  if (!unsent) return;
  if (document.querySelector("[data-unsent]")) write({ ...unsent, refused: true });
  else if (!unsent.refused || Date.now() - unsent.at > KEPT_MS) forget();
  else putBack(unsent);
}

function keep(form: HTMLFormElement): void {
  if (form.method !== "post" || form.dataset["noKeep"] !== undefined || form.querySelector("input[type=password]")) return;
  const fields: [string, string][] = [];
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "csrf_token") fields.push([name, value]);
  write({ action: sentTo(form), fields, refused: false, at: Date.now() });
}

function putBack({ action, fields }: Unsent): void {
  const form = [...document.querySelectorAll<HTMLFormElement>("form[method=post]")].find((each) => sentTo(each) === action);
  if (!form) return;
  forget();
  const values = new Map<string, string[]>();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  const controls = [...form.elements].filter(isTypedInto);
  let isChanged = false;
  for (const box of controls.filter(isBox)) {
    const at = values.get(box.name)?.indexOf(box.value) ?? -1;
    if (at >= 0) values.get(box.name)?.splice(at, 1); // what is left is its text field's, as beside 「設定しない」
    isChanged ||= box.checked !== at >= 0;
    box.checked = at >= 0;
  }
  for (const field of controls.filter((each) => !isBox(each))) {
    const value = values.get(field.name)?.shift();
    if (value === undefined) continue;
    isChanged ||= field.value !== value && field.name !== "staff_code";
    field.value = value;
  }
  for (const each of controls) for (const name of ["input", "change"]) each.dispatchEvent(new Event(name, { bubbles: true }));
  if (isChanged) toast("まだ送られていません。入力した内容を戻しました。確かめて、もう一度押してください。", "danger");
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function isTypedInto(element: Element): element is Control {
  if (!(element instanceof HTMLInputElement || element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement)) return false;
  return element.name !== "" && !element.disabled && !["hidden", "file", "submit"].includes(element.type);
}

function isBox(control: Control): control is HTMLInputElement {
  return control instanceof HTMLInputElement && ["checkbox", "radio"].includes(control.type);
}

/** Not `form.action`: that may be a field of this name. */
function sentTo(form: HTMLFormElement): string {
  return new URL(form.getAttribute("action") || location.href, location.href).pathname;
}

function read(): Unsent | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Unsent | null;
  } catch {
    return null;
  }
}

function write(unsent: Unsent): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(unsent));
  } catch {
    // Full or switched off: as if there were none.
  }
}

function forget(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing is kept then.
  }
}
