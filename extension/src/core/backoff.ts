const FIRST_MS = 1_000;
export const LONGEST_MS = 5 * 60_000;

/**
 * How long to wait before the next attempt: doubling with full jitter, but never less than the server asked for.
 * `random` is in [0, 1).
 */
export function retryDelayMs(failures: number, retryAfterMs: number | null, random: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
  const delay = Math.max(250, Math.round(ceiling * (0.5 + random / 2)));
  return Math.max(delay, Math.min(retryAfterMs ?? 0, LONGEST_MS));
}

/** Milliseconds of a Retry-After header: seconds or a date. */
export function parseRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d{1,6}$/.test(header.trim())) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
