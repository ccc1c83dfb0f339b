const TICK = "tick";
const RESUME = "resume";

/** One tick a minute. An equal alarm is left alone: creating it again would start its period anew. */
export async function ensureTick(): Promise<void> {
  const existing = await chrome.alarms.get(TICK);
  if (existing?.periodInMinutes !== 1) await chrome.alarms.create(TICK, { periodInMinutes: 1 });
}

/** Wakes the worker at a moment (ms). */
export async function resumeAt(when: number): Promise<void> {
  await chrome.alarms.create(RESUME, { when });
}

/** After the browser started, and after an installation or update, with which all alarms vanish. */
export function onStart(listener: () => void): void {
  chrome.runtime.onStartup.addListener(listener);
  chrome.runtime.onInstalled.addListener(listener);
}

export function onAlarm(listener: () => void): void {
  chrome.alarms.onAlarm.addListener(({ name }) => {
    if (name === TICK || name === RESUME) listener();
  });
}
