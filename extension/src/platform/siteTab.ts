import { AppError } from "../core/errors.ts";
import type { Marker } from "../core/contracts/contract.ts";

/** A page as the site tab shows it. */
export interface TabPage {
  html: string;
  url: string;
  /** HTTP status of the page itself, 0 where the browser does not say. */
  status: number;
}

const KEY = "siteTab";
const PAGE = "handover.html";
const LOOK_EVERY_MS = 250;
const LOADED_WITHIN_MS = 30_000;
/** Longer than the longest function that runs in the page. */
const ANSWERED_WITHIN_MS = 20_000;
const HANDED_WITHIN_MS = 180_000;
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));

async function knownTab(): Promise<chrome.tabs.Tab | null> {
  const { [KEY]: id } = await chrome.storage.session.get(KEY);
  if (typeof id !== "number") return null;
  return chrome.tabs.get(id).catch(() => null);
}

/** Shows an address in the extension's own tab in the background; a tab that somebody closed is opened again. */
export async function open(url: string): Promise<void> {
  let tab = await knownTab();
  if (tab === null) {
    tab = await chrome.tabs.create({ url, active: false });
    await chrome.storage.session.set({ [KEY]: tab.id });
  } else if (tab.id !== undefined) {
    await unlessClosed(chrome.tabs.update(tab.id, { url }));
  }
  const id = tab.id;
  if (id === undefined) throw new AppError("INTERNAL", "the tab has no id");
  // A navigation that begins is not yet the end of the one before.
  for (let waited = 0; waited < LOADED_WITHIN_MS; waited += LOOK_EVERY_MS) {
    await pause();
    const { status, pendingUrl } = await unlessClosed(chrome.tabs.get(id));
    if (status === "complete" && (pendingUrl ?? "") === "") return;
  }
  // What it shows now may be the page of before.
  throw new AppError("NETWORK", "the page does not load");
}

/** Somebody may close the tab at any moment: like a page that does not load, and the next try opens another one. */
async function unlessClosed<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((thrown: unknown) => {
    throw new AppError("NETWORK", String(thrown));
  });
}

/** Closes the tab when the work is done. */
export async function close(): Promise<void> {
  const tab = await knownTab();
  await chrome.storage.session.remove(KEY);
  if (tab?.id !== undefined) await chrome.tabs.remove(tab.id).catch(() => undefined);
}

/** Runs a function in the page; null when the tab is gone, is between two pages, or is not a page of ours. */
async function inPage<Arguments extends unknown[], Answer>(
  func: (...args: Arguments) => Answer,
  ...args: Arguments
): Promise<Awaited<Answer> | null> {
  const tab = await knownTab();
  if (tab?.id === undefined) return null;
  // At once: a page whose answer broke off would never be done loading.
  const injection = { target: { tabId: tab.id }, func, args, injectImmediately: true };
  const answer = chrome.scripting.executeScript(injection).then(
    ([result]) => (result?.result as Awaited<Answer> | undefined) ?? null,
    () => null,
  );
  return Promise.race([answer, new Promise<null>((resolve) => setTimeout(() => resolve(null), ANSWERED_WITHIN_MS))]);
}

export async function page(): Promise<TabPage | null> {
  return inPage(() => {
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    return { html: document.documentElement.outerHTML, url: location.href, status: navigation?.responseStatus ?? 0 };
  });
}

/** Clicks the one element that a marker means, once it can be clicked. False: certainly nothing was clicked. */
export async function click(marker: Marker): Promise<boolean | null> {
  return inPage(async ({ selector, text, contains }: Marker) => {
    const tidy = (element: Element) => (element.textContent ?? "").replace(/\s+/g, " ").trim();
    for (let tries = 0; tries < 40; tries += 1) {
      const found = [...document.querySelectorAll<HTMLElement>(selector)].filter(
        (element) => (text === undefined || tidy(element) === text) && tidy(element).includes(contains ?? ""),
      );
      const [only] = found;
      if (found.length === 1 && only !== undefined && !only.hasAttribute("disabled")) {
        only.click();
        return true;
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    return false;
  }, marker);
}

/** Ticks exactly these of the page's checkboxes. False: not all of them are there. */
export async function tick(selector: string, values: string[]): Promise<boolean | null> {
  return inPage(
    (boxes: string, wanted: string[]) => {
      const found = [...document.querySelectorAll<HTMLInputElement>(boxes)];
      if (!wanted.every((value) => found.some((box) => box.value === value))) return false;
      for (const box of found) if (box.checked !== wanted.includes(box.value)) box.click();
      return found.every((box) => box.checked === wanted.includes(box.value));
    },
    selector,
    values,
  );
}

/** Types a value into each field, or chooses it, as a person would. False: not all of them took it. */
export async function fill(values: { selector: string; value: string }[]): Promise<boolean | null> {
  return inPage((wanted: { selector: string; value: string }[]) => {
    for (const { selector, value } of wanted) {
      const field = document.querySelector<HTMLInputElement | HTMLSelectElement>(selector);
      if (field === null) return false;
      // The prototype's own setter: a page's script may have put another one over it.
      const owner = field instanceof HTMLSelectElement ? HTMLSelectElement.prototype : HTMLInputElement.prototype;
      Object.getOwnPropertyDescriptor(owner, "value")?.set?.call(field, value);
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    return wanted.every(({ selector, value }) => document.querySelector<HTMLInputElement>(selector)?.value === value);
  }, values);
}

type HandOver = { state: "working" } | { state: "done"; bytes: number } | { state: "failed"; why: string };

declare global {
  interface Window {
    /** Set in the isolated world of the site tab only. */
    recoreHandOver?: HandOver;
  }
}

/** Begins to take the file from our page in a hidden frame, and puts it into the form's own field. Runs in the site tab. */
function receiveFile(frameUrl: string, field: string): boolean {
  window.recoreHandOver = { state: "working" };
  const frame = document.createElement("iframe");
  frame.style.display = "none";
  const end = (state: HandOver) => {
    window.removeEventListener("message", receive);
    frame.remove();
    window.recoreHandOver = state;
  };
  const receive = ({ source, origin, data }: MessageEvent<{ file?: unknown; error?: unknown }>) => {
    if (source !== frame.contentWindow || origin !== new URL(frameUrl).origin) return;
    const input = document.querySelector<HTMLInputElement>(field);
    if (!(data.file instanceof File)) return end({ state: "failed", why: String(data.error) });
    if (input === null) return end({ state: "failed", why: `${field} is gone` });
    const files = new DataTransfer();
    files.items.add(data.file);
    input.files = files.files;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    end({ state: "done", bytes: data.file.size });
  };
  window.addEventListener("message", receive);
  frame.src = frameUrl;
  document.documentElement.append(frame);
  return true;
}

/** Puts the file that `ticket` stands for into the form's field. Throws FILE_NOT_HANDED. */
export async function handOver(ticket: string, field: string): Promise<void> {
  const url = `${chrome.runtime.getURL(PAGE)}?ticket=${encodeURIComponent(ticket)}`;
  if ((await inPage(receiveFile, url, field)) === null) throw new AppError("FILE_NOT_HANDED", "the tab is gone");
  for (let waited = 0; waited < HANDED_WITHIN_MS; waited += LOOK_EVERY_MS) {
    await pause();
    const state = await inPage(() => window.recoreHandOver ?? { state: "failed" as const, why: "another page came" });
    if (state === null || state.state === "failed") throw new AppError("FILE_NOT_HANDED", state?.why ?? "the tab is gone");
    if (state.state === "done") return;
  }
  throw new AppError("FILE_NOT_HANDED", "it takes too long");
}
