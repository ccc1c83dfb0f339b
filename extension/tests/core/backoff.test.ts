import { expect, it } from "vitest";
import { parseRetryAfter, retryDelayMs } from "../../src/core/backoff.ts";

it("doubles with jitter up to five minutes", () => {
  expect([0, 1, 2, 3, 20].map((failures) => retryDelayMs(failures, null, 0))).toEqual([500, 1_000, 2_000, 4_000, 150_000]);
  expect(retryDelayMs(2, null, 0.999)).toBe(3_998);
});

it("never comes before the server allows, and waits no longer than five minutes for it", () => {
  expect(retryDelayMs(0, 30_000, 0)).toBe(30_000);
  expect(retryDelayMs(0, 86_400_000, 0)).toBe(300_000);
});

it("reads Retry-After as seconds or as a date", () => {
  const now = Date.parse("2026-11-23T00:00:00Z");
  expect(parseRetryAfter("120", now)).toBe(120_000);
  expect(parseRetryAfter("Mon, 23 Nov 2026 00:00:30 GMT", now)).toBe(30_000);
  expect(parseRetryAfter("Mon, 23 Nov 2020 00:00:30 GMT", now)).toBe(0);
  expect(parseRetryAfter("soon", now)).toBeNull();
  expect(parseRetryAfter(null, now)).toBeNull();
});
