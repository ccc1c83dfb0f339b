import { beforeEach, describe, expect, it } from "vitest";
import type { DownloadRequest } from "../../src/core/state.ts";
import { runDownload, startDownload } from "../../src/services/downloadListingFile.ts";
import type { Ports } from "../../src/services/ports.ts";
import { batch } from "../support/fakeBackOffice.ts";
import { World } from "../support/world.ts";

let world: World;

beforeEach(() => {
  world = new World();
});

function press(request: Partial<DownloadRequest> = {}) {
  const whole: DownloadRequest = { accountId: 1, kind: "queued", batchId: null, confirmWhole: false, ...request };
  return async (ports: Ports): Promise<void> => {
    await startDownload(ports, whole);
    await runDownload(ports);
  };
}

function building(id: number) {
  const size = { size_bytes: null, sha256: null };
  return batch({ id, file_name: `recore_${id}.zip`, state: "building", progress: { done: 0, total: 3 }, ...size });
}

describe("R14 R15 出品ファイルをダウンロード", () => {
  it("waits until each part is made and saves it under its own name", async () => {
    world.backOffice.batches = [building(7), building(8)];
    await world.until(press());
    expect(world.backOffice.madeBatches.map(({ body }) => body)).toEqual([{ source: "queued" }]);
    expect(world.saved).toEqual(["recore_7.zip", "recore_8.zip"]);
    expect(world.state.download).toMatchObject({ state: "done", saved: [7, 8] });
  });

  it("shows how far the file is", async () => {
    world.backOffice.batches = [building(7)];
    const seen: unknown[] = [];
    await world.until(async (ports) => {
      const sleep = ports.clock.sleep.bind(ports.clock);
      ports.clock.sleep = async (ms) => {
        seen.push(world.state.download?.batches[0]?.progress);
        await sleep(ms);
      };
      await press()(ports);
    });
    expect(seen).toEqual([
      { done: 0, total: 3 },
      { done: 1, total: 3 },
      { done: 2, total: 3 },
    ]);
  });

  it("saves an old file again as it is", async () => {
    world.backOffice.batches = [batch({ id: 5, file_name: "old.zip" })];
    await world.until(press({ kind: "whole", batchId: 5 }));
    expect(world.backOffice.madeBatches).toEqual([]);
    expect(world.backOffice.downloads).toEqual([{ batchId: 5, confirmWhole: false }]);
    expect(world.saved).toEqual(["old.zip"]);
  });

  it("saves a partly listed file only when that was confirmed", async () => {
    world.backOffice.batches = [batch({ whole_needs_confirm: true, listed_count: 1, rest_count: 2 })];
    await world.until(press({ kind: "whole", batchId: 7 }));
    expect(world.saved).toEqual([]);
    expect(world.state.download).toMatchObject({ state: "failed", error: { code: "PARTLY_LISTED" } });
    await world.until(press({ kind: "whole", batchId: 7, confirmWhole: true }));
    expect(world.backOffice.downloads).toEqual([{ batchId: 7, confirmWhole: true }]);
  });

  it("asks for a new file of the rest", async () => {
    world.backOffice.batches = [batch({ id: 9 })];
    await world.until(press({ kind: "rest", batchId: 7 }));
    expect(world.backOffice.madeBatches.map(({ body }) => body)).toEqual([{ source: "rest", batch_id: 7 }]);
    expect(world.saved).toEqual(["recore_7.zip"]);
  });

  it("says why there is nothing to put in", async () => {
    world.backOffice.refuse = (method, path) =>
      method === "POST" && path.endsWith("/batches") ? { status: 409, code: "NOTHING_TO_DO", detail: "待機中がありません" } : null;
    await world.until(press());
    expect(world.state.download?.error).toMatchObject({ code: "NOTHING_TO_DO", detail: "待機中がありません" });
  });

  it("says why a file could not be made", async () => {
    world.backOffice.batches = [batch({ state: "failed", error: "IT000001: 画像が壊れています" })];
    await world.until(press());
    expect(world.state.download?.error).toMatchObject({ code: "FILE_FAILED", detail: "IT000001: 画像が壊れています" });
    expect(world.saved).toEqual([]);
  });

  it("does not call off the next one when it fails after it was forgotten", async () => {
    world.backOffice.refuse = (_method, path) => {
      const { download } = world.state;
      if (download !== null && path.endsWith("/batches")) world.state = { ...world.state, download: { ...download, key: "the next one" } };
      return path.endsWith("/batches") ? "unreachable" : null;
    };
    await world.until(press());
    expect(world.state.download).toMatchObject({ key: "the next one", state: "working", error: null });
  });

  it("does not wait for ever", async () => {
    world.backOffice.batches = [{ ...building(7), progress: { done: 0, total: 100_000 } }];
    await world.until(press());
    expect(world.state.download).toMatchObject({ state: "failed", error: { code: "FILE_FAILED" } });
  });

  it("asks for the files once, wherever the worker is killed", async () => {
    let kills = 0;
    for (let calls = 1; ; calls += 1) {
      const other = new World();
      other.backOffice.batches = [building(7), building(8)];
      await other.until((ports) =>
        startDownload(ports, { accountId: 1, kind: "queued", batchId: null, confirmWhole: false }),
      );
      other.callsLeft = calls;
      if ((await other.until(runDownload)) === "ended") break;
      kills += 1;
      other.callsLeft = Number.POSITIVE_INFINITY;
      await other.until(runDownload);
      expect(other.state.download?.state, `killed after call ${calls}`).toBe("done");
      expect(other.backOffice.madeBatches, `killed after call ${calls}`).toHaveLength(1);
      // A kill between saving and noting it saves the same bytes once more; none is ever missing.
      expect(new Set(other.saved), `killed after call ${calls}`).toEqual(new Set(["recore_7.zip", "recore_8.zip"]));
    }
    expect(kills).toBeGreaterThan(5);
  });

  it("refuses a second press while the first is at work", async () => {
    world.backOffice.batches = [building(7)];
    await world.until((ports) => startDownload(ports, { accountId: 1, kind: "queued", batchId: null, confirmWhole: false }));
    await expect(world.until(press())).rejects.toMatchObject({ code: "ALREADY_RUNNING" });
  });
});
