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

export function onAlarm(listener: () => void): void {
  chrome.alarms.onAlarm.addListener(({ name }) => {
    if (name === TICK || name === RESUME) listener();
  });
}
