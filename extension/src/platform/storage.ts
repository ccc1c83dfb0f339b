import { LAYOUT, migrated } from "../core/migrations.ts";
import { EMPTY, type Stored } from "../core/state.ts";

const LAYOUT_KEY = "layout";
let ready: Promise<void> | null = null;

async function migrate(): Promise<void> {
  await chrome.storage.local.setAccessLevel({ accessLevel: "TRUSTED_CONTEXTS" });
  const values = await chrome.storage.local.get(null);
  const version = typeof values[LAYOUT_KEY] === "number" ? values[LAYOUT_KEY] : 0;
  if (version === LAYOUT) return;
  await chrome.storage.local.set({ ...migrated(values, version), [LAYOUT_KEY]: LAYOUT });
}

/** Resolves when the stored values have today's layout. Every part of the extension may be the first to ask. */
function atToday(): Promise<void> {
  ready ??= migrate().catch((error: unknown) => {
    ready = null;
    throw error;
  });
  return ready;
}

export async function readAll(): Promise<Stored> {
  await atToday();
  return (await chrome.storage.local.get({ ...EMPTY })) as Stored;
}

let lastUpdate: Promise<void> = Promise.resolve();

async function updateNow(change: (state: Stored) => Partial<Stored>): Promise<void> {
  const values = change(await readAll());
  if (Object.keys(values).length > 0) await chrome.storage.local.set(values);
}

/** Changes stored values; updates of one context (the worker's, in practice) follow one another. */
export function update(change: (state: Stored) => Partial<Stored>): Promise<void> {
  const mine = lastUpdate.then(() => updateNow(change));
  lastUpdate = mine.catch(() => undefined);
  return mine;
}

/** Calls back after every change of a stored value. */
export function onChange(listener: () => void): void {
  chrome.storage.onChanged.addListener((_changes, area) => {
    if (area === "local") listener();
  });
}
