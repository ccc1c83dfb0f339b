import type { SyncResult } from "./sync/run.ts";

/** Minutes between runs that the popup offers; 0 is by hand only. */
export const INTERVALS = [0, 5, 15, 30, 60] as const;
export type Interval = (typeof INTERVALS)[number];

export interface Plan {
  minutes: Interval;
  /** When the plan was made (ms): the first run is one interval later. */
  since: number;
}

/**
 * When the next scheduled run is due (ms), or null. After a failure that a person must mend the pauses grow to an hour.
 * What was noted by a clock that was set back since counts for nothing.
 */
export function nextDue(
  plan: Plan | undefined,
  last: SyncResult | undefined,
  failuresInARow: number,
  now: number,
): number | null {
  if (plan === undefined || plan.minutes === 0) return null;
  const noted = [plan.since, last === undefined ? 0 : Date.parse(last.at)];
  const from = Math.max(0, ...noted.filter((moment) => moment <= now));
  const minutes = Math.min(Math.max(plan.minutes, 60), plan.minutes * 2 ** Math.min(failuresInARow, 6));
  return from + minutes * 60_000;
}
