import "fake-indexeddb/auto";
import { beforeEach, expect, it } from "vitest";
import type { Page } from "../../src/generated/api.ts";
import * as queue from "../../src/platform/queue.ts";

function page(seq: number): Page {
  const rows = { listings: [], orders: [], details: [], unchanged: [], numbers: [] };
  const about = { phase: "selling", page: seq, contract: "classic_selling@1", last_page: false } as const;
  return { seq, ...about, observed_at: "2026-11-23T00:00:00Z", ...rows };
}

beforeEach(async () => {
  for (const runId of [1, 2]) await queue.drop(runId);
});

it("keeps a page until it is removed", async () => {
  await queue.put(1, page(3));
  expect(await queue.get(1, 3)).toEqual(page(3));
  expect(await queue.get(1, 4)).toBeNull();
  await queue.remove(1, 3);
  expect(await queue.get(1, 3)).toBeNull();
});

it("drops everything of one run and nothing of another", async () => {
  await queue.put(1, page(1));
  await queue.put(1, page(2));
  await queue.put(2, page(1));
  await queue.drop(1);
  expect([await queue.get(1, 1), await queue.get(1, 2), await queue.get(2, 1)]).toEqual([null, null, page(1)]);
});

it("is bounded: the oldest go first", async () => {
  for (let seq = 1; seq <= queue.MAX_QUEUED + 2; seq += 1) await queue.put(1, page(seq));
  expect([await queue.get(1, 1), await queue.get(1, 2)]).toEqual([null, null]);
  expect(await queue.get(1, 3)).toEqual(page(3));
  expect(await queue.get(1, queue.MAX_QUEUED + 2)).not.toBeNull();
});
