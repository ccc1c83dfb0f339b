// A barcode reader types far faster than a hand and ends with Enter. On a page with form[data-scan-guard] what it types where
// no code belongs is taken back and its Enter does nothing, so that no price becomes a JAN and no half-filled form is sent.
// The code goes to the search ([data-scan-search]), unless somebody has begun to fill in the form: then a note says so.
import { halfWidth } from "./keyboard.ts";
import { toast } from "./toast.ts";

const SLOWEST_READER_MS = 50;
const SHORTEST_CODE = 6;

interface Burst {
  target: EventTarget | null;
  before: string;
  text: string;
  at: number;
  hadBegun: boolean;
}

let burst: Burst = { target: null, before: "", text: "", at: -Infinity, hadBegun: false };

export function installScanner(): void {
  const guarded = document.querySelector<HTMLFormElement>("form[data-scan-guard]");
  if (!guarded) return;
  guarded.addEventListener("input", (event) => event.isTrusted && (guarded.dataset["begun"] = ""));
  document.addEventListener("keydown", (event) => onKey(event, guarded), true);
}

function onKey(event: KeyboardEvent, guarded: HTMLFormElement): void {
  const goesOn = event.target === burst.target && event.timeStamp - burst.at <= SLOWEST_READER_MS;
  if (event.key === "Enter" && goesOn && burst.text.length >= SHORTEST_CODE && !takesCodes(event.target)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    takeBack(guarded);
  } else if (event.key.length === 1) {
    if (!goesOn) burst = { target: event.target, before: valueOf(event.target), text: "", at: 0, hadBegun: guarded.dataset["begun"] !== undefined };
    burst.text += event.key;
    burst.at = event.timeStamp;
  }
}

/** Fields for codes, searches, and texts that do not answer to Enter anyway. */
function takesCodes(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("[data-scan], [type=search], textarea");
}

function takeBack(guarded: HTMLFormElement): void {
  const code = halfWidth(burst.text);
  if (burst.target instanceof HTMLInputElement && !["radio", "checkbox"].includes(burst.target.type)) burst.target.value = burst.before;
  if (!burst.hadBegun) delete guarded.dataset["begun"];
  const search = document.querySelector<HTMLInputElement>("[data-scan-search]");
  if (search && !burst.hadBegun) {
    search.value = code;
    search.form?.requestSubmit();
  } else {
    toast(`バーコード「${code}」を読み取りました。いまの商品を「明細に追加」してから、もう一度読み取ってください。`, "warning");
  }
}

function valueOf(target: EventTarget | null): string {
  return target instanceof HTMLInputElement ? target.value : "";
}
