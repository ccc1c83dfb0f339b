// A barcode reader types a code within an instant and ends it with Enter. Such a burst is taken from any page, wherever the
// focus is, and a text field that had the focus is put back as it was. A name tag changes who works here. Any other code goes
// to the search or scan field that had the focus, to the page's own ([data-takes-codes], [data-scan-search]), or opens its item.
// While somebody has begun to fill in form[data-scan-guard] nothing else is searched for: a note says so. Slower typing is a
// person's and is left alone.
import { post } from "./csrf.ts";
import { halfWidth } from "./keyboard.ts";
import { ask } from "./options.ts";
import { toast } from "./toast.ts";

const MOST_BETWEEN_MS = 50;
const FEWEST = 3;

type Field = HTMLInputElement | HTMLTextAreaElement;

interface Burst {
  code: string;
  at: number;
  field: Field | null;
  before: string;
  hadBegun: boolean;
}

/** What the server says a code is. `url`: where it leads. */
interface Found {
  kind: "staff" | "item" | "unknown";
  url?: string;
  message: string;
}

let burst: Burst | null = null;

export function installScanner(): void {
  const form = guarded();
  form?.addEventListener("input", (event) => event.isTrusted && (form.dataset["begun"] = ""));
  document.addEventListener("keydown", onKey, true);
}

function guarded(): HTMLFormElement | null {
  return document.querySelector<HTMLFormElement>("form[data-scan-guard]");
}

function onKey(event: KeyboardEvent): void {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const field = isText(event.target) ? event.target : null;
  if (event.key === "Enter") {
    const done = burst;
    burst = null;
    if (!done || done.code.length < FEWEST || event.timeStamp - done.at > MOST_BETWEEN_MS || done.field !== field) return;
    if (field && isForCodes(field)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    putBack(done);
    void take(halfWidth(done.code), done);
    return;
  }
  if (event.key === "Shift") return;
  if (!/^[!-~]$/.test(event.key)) {
    burst = null;
  } else if (burst && event.timeStamp - burst.at <= MOST_BETWEEN_MS && burst.field === field) {
    burst.code += event.key;
    burst.at = event.timeStamp;
  } else {
    burst = { code: event.key, at: event.timeStamp, field, before: field?.value ?? "", hadBegun: guarded()?.dataset["begun"] !== undefined };
  }
}

/** Fields whose own Enter does the right thing with a code: a staff code, a password. */
function isForCodes(field: Field): boolean {
  return field.name === "staff_code" || (field instanceof HTMLInputElement && field.type === "password");
}

function isText(target: EventTarget | null): target is Field {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "file"].includes(target.type);
}

function putBack({ field, before, hadBegun }: Burst): void {
  if (field && field.value !== before) {
    field.value = before;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (!hadBegun) delete guarded()?.dataset["begun"];
}

async function take(code: string, { field, hadBegun }: Burst): Promise<void> {
  const { ok, text, problem } = await post("/scan", new URLSearchParams({ code, path: location.pathname }));
  if (!ok) {
    toast((problem?.message ?? "") + (problem?.remedy ?? ""), "danger");
    return;
  }
  const found = JSON.parse(text) as Found;
  const own = document.querySelector<HTMLInputElement>("[data-takes-codes], [data-scan-search]");
  if (found.kind === "staff") worksHere(code, found.message);
  else if (field instanceof HTMLInputElement && (field.type === "search" || field.dataset["scan"] !== undefined)) enter(field, code);
  else if (guarded() && hadBegun) toast(`バーコード「${code}」を読み取りました。いまの商品を「明細に追加」してから、もう一度読み取ってください。`, "warning");
  else if (own) enter(own, code);
  else if (found.url) location.assign(found.url);
  else toast(found.message, "warning");
}

/** The page stays as it is, with everything that was typed: only who works here is another. */
function worksHere(code: string, name: string): void {
  const menu = document.querySelector<HTMLElement>("[data-staff-menu]");
  if (menu) menu.dataset["staffCode"] = code;
  for (const each of document.querySelectorAll("[data-staff-name]")) each.textContent = name;
  for (const field of document.querySelectorAll<HTMLInputElement>("input[name=staff_code]")) if (!field.closest("[data-staff-menu]")) field.value = code;
  toast(`担当者を${name}さんに切り替えました。`, "success");
}

/** As if it had been typed there, with its Enter. */
function enter(field: HTMLInputElement, code: string): void {
  field.value = code;
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const stays = field.dataset["scan"] === "next" || field.dataset["categorySearch"] !== undefined;
  if (!stays) field.form?.requestSubmit();
  else ask(field);
}
