import { beforeEach, describe, expect, it } from "vitest";
import type { Reading } from "../../src/core/contracts/contract.ts";
import type { OriginTable } from "../../src/core/origins.ts";
import {
  cancelDirectListing,
  clearDirectListing,
  finishDirectListing,
  runDirectListing,
  startDirectListing,
} from "../../src/services/directListing.ts";
import type { Ports } from "../../src/services/ports.ts";
import { driveRuns } from "../../src/services/runSync.ts";
import { ticketedFile } from "../../src/services/ticketedFile.ts";
import { batch } from "../support/fakeBackOffice.ts";
import { World } from "../support/world.ts";

let world: World;

beforeEach(() => {
  world = newWorld();
});

function newWorld(): World {
  const made = new World();
  made.backOffice.batches = [batch()];
  return made;
}

/** As the worker does it in one round. */
async function round(ports: Ports): Promise<void> {
  await runDirectListing(ports);
  await driveRuns(ports);
  await finishDirectListing(ports);
}

async function press(ports: Ports): Promise<void> {
  await startDirectListing(ports, 1);
  await round(ports);
}

const uploads = () => world.backOffice.uploads.map(({ state }) => state);

describe("R16 direct listing", () => {
  it("claims, hands over, clicks once, reports the answer, and reads the lists back", async () => {
    await world.until(press);
    expect([world.arrived, uploads()]).toEqual([[1], ["accepted"]]);
    expect(world.backOffice.runs).toHaveLength(1);
    expect(world.state.direct).toMatchObject({ state: "done", step: "reading_back", error: null });
    expect(world.state.direct?.uploads[0]?.items).toHaveLength(1);
  });

  it("sends every file of a large set, each once", async () => {
    world.backOffice.batches = [batch({ id: 7 }), batch({ id: 8 })];
    await world.until(press);
    expect(world.arrived).toEqual([1, 2]);
    expect(world.backOffice.uploads.map(({ batch_id }) => batch_id)).toEqual([7, 8]);
  });

  it("is one job however often the button is pressed", async () => {
    await world.until(async (ports) => {
      await startDirectListing(ports, 1);
      await expect(startDirectListing(ports, 1)).rejects.toMatchObject({ code: "ALREADY_RUNNING" });
      await round(ports);
    });
    expect(world.arrived).toEqual([1]);
  });

  it("wherever the worker is killed, the file arrives at most once and the job ends", async () => {
    let kills = 0;
    const lost: number[] = [];
    for (let calls = 1; ; calls += 1) {
      world = newWorld();
      await world.until((ports) => startDirectListing(ports, 1));
      world.callsLeft = calls;
      if ((await world.until(round)) === "ended") break;
      kills += 1;
      world.callsLeft = Number.POSITIVE_INFINITY;
      world.now += 45_000;
      await world.until(round);
      expect(world.arrived.length, `killed after call ${calls}`).toBeLessThanOrEqual(1);
      expect(world.state.direct, `killed after call ${calls}`).toMatchObject({ state: "done", error: null });
      if (world.arrived.length === 0) lost.push(calls);
      expect(uploads(), `killed after call ${calls}`).toEqual([world.arrived.length === 1 ? expect.anything() : "unknown"]);
    }
    expect(kills).toBeGreaterThan(20);
    // Between "I click now" and the click nobody can tell: the lists decide, the file is not sent again.
    expect(lost).toHaveLength(1);
  }, 30_000);

  it.each<[string, Reading | null, string]>([
    ["「通信エラー」", { kind: "answer", answer: "unknown", message: "通信エラー", refused: [] }, "unknown"],
    ["a lost answer", null, "unknown"],
    ["a login page", { kind: "loginRequired" }, "unknown"],
    ["a page that says nothing we know", { kind: "drift", missing: [], fallbackUsed: [], fillRate: {}, skeleton: "" }, "unknown"],
    ["a refusal", { kind: "answer", answer: "refused", message: "大きすぎます", refused: [] }, "refused"],
  ])("never sends again after %s", async (_name, answer, state) => {
    world.answer = () => answer;
    await world.until(press);
    expect([world.arrived, uploads()]).toEqual([[1], [state]]);
    expect(world.backOffice.runs, "the lists are read back").toHaveLength(1);
    expect(world.state.direct?.state).toBe("done");
  });

  it("waits for the answer of a page that goes away under the click", async () => {
    world.clickSays = null;
    await world.until(press);
    expect([world.arrived, uploads()]).toEqual([[1], ["accepted"]]);
  });

  it("sends again what the page certainly did not take, and not for ever", async () => {
    world.answer = () => ({ kind: "answer", answer: "not_taken", message: "有効期限", refused: [] });
    await world.until(press);
    expect(uploads()).toEqual(["not_taken", "not_taken", "not_taken"]);
    expect(world.state.direct).toMatchObject({ state: "failed", error: { code: "FILE_NOT_HANDED" } });
  });

  it("goes on, or is given up, after a page that never took the file", async () => {
    const taken = world.answer;
    world.answer = () => ({ kind: "answer", answer: "not_taken", message: "有効期限", refused: [] });
    await world.until(press);
    expect(world.state.direct?.step, "nothing is with the marketplace").toBe("claiming");
    const stopped = structuredClone(world.state);
    await world.until(cancelDirectListing);
    expect([world.state.direct, world.backOffice.givenBack]).toEqual([null, [7]]);
    world.state = stopped;
    world.answer = taken;
    await world.until(press);
    expect([uploads().at(-1), world.state.direct?.state]).toEqual(["accepted", "done"]);
  });

  it("whose click was begun long ago and never came is not taken for sent", async () => {
    let isLost = true;
    world.backOffice.refuse = (_method, path) => {
      if (!isLost || !path.endsWith("/sending")) return null;
      const [upload] = world.backOffice.uploads;
      if (upload?.state === "claimed") upload.state = "sending";
      return upload?.state === "sending" ? { status: 409, code: "ALREADY_SENT" } : ((isLost = false), null);
    };
    await world.until(press);
    expect([world.arrived.length, uploads(), world.state.direct?.state]).toEqual([1, ["not_taken", "accepted"], "done"]);
  });

  it("takes up files that were long in the making, however late it is asked", async () => {
    world.backOffice.batches = [batch({ state: "building", progress: { done: 1, total: 3 } })];
    world.backOffice.refuse = (_method, path) => (path === "/batches/7" ? { status: 401, code: "NOT_PAIRED" } : null);
    await world.until(press);
    world.backOffice.refuse = () => null;
    world.now += 3_600_000;
    world.backOffice.batches = [batch()];
    await world.until(press);
    expect([world.arrived, world.state.direct?.state]).toEqual([[1], "done"]);
  });

  it("asks anew after there was nothing to do", async () => {
    world.backOffice.refuse = (method, path) =>
      method === "POST" && path === "/accounts/1/batches" ? { status: 409, code: "NOTHING_TO_DO" } : null;
    await world.until(press);
    const { key } = world.state.direct ?? {};
    world.backOffice.refuse = () => null;
    world.now += 1;
    await world.until(press);
    expect(world.state.direct?.state).toBe("done");
    expect(world.backOffice.madeBatches.map((made) => made.key)).not.toContain(key);
  });

  it("begins once when two presses come at the same moment", async () => {
    await world.until(async (ports) => {
      const presses = await Promise.allSettled([startDirectListing(ports, 1), startDirectListing(ports, 1)]);
      expect(presses.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
      const { key } = world.state.direct ?? {};
      await round(ports);
      expect(world.backOffice.madeBatches.map((made) => made.key)).toEqual([key]);
    });
  });

  it("is not forgotten by the 閉じる of an old popup while it works", async () => {
    await world.until(async (ports) => {
      await startDirectListing(ports, 1);
      await clearDirectListing(ports);
    });
    expect(world.state.direct?.state).toBe("working");
  });

  it("tries another page when the button cannot be clicked", async () => {
    world.clickSays = false;
    await world.until(press);
    expect([world.arrived, uploads()]).toEqual([[], ["not_taken", "not_taken", "not_taken"]]);
  });

  it.each<[string, Reading, string]>([
    ["an expired login", { kind: "loginRequired" }, "LOGIN_REQUIRED"],
    ["another store", { kind: "form", store: "other_store" }, "WRONG_ACCOUNT"],
    ["a personal account", { kind: "notStore" }, "NOT_STORE"],
    ["a changed page", { kind: "drift", missing: ["form"], fallbackUsed: [], fillRate: {}, skeleton: "" }, "PAGE_DRIFT"],
    ["a page that never ends loading", { kind: "loading" }, "NETWORK"],
  ])("sends nothing with %s, and goes on when that is mended", async (_name, form, code) => {
    world.form = () => form;
    await world.until(press);
    expect([world.arrived, world.state.direct?.error?.code, uploads()]).toEqual([[], code, ["claimed"]]);
    world.form = () => ({ kind: "form", store: "mihon_store" });
    await world.until(press);
    expect([world.arrived, uploads(), world.state.direct?.state]).toEqual([[1], ["accepted"], "done"]);
    expect(world.backOffice.madeBatches).toHaveLength(1);
  });

  it("given up before it was sent, the items wait again", async () => {
    world.backOffice.batches = [batch({ id: 7 }), batch({ id: 8 })];
    world.form = () => ({ kind: "loginRequired" });
    await world.until(press);
    await world.until(cancelDirectListing);
    expect([world.state.direct, uploads(), world.backOffice.givenBack]).toEqual([null, ["abandoned"], [7, 8]]);
  });

  it("given up after a lost answer, the files that were made for it are given back too", async () => {
    let isLost = true;
    const { fetch } = world.backOffice;
    Object.assign(world.backOffice, {
      fetch: async (input: string, init?: RequestInit) => {
        const answer = await fetch(input, init);
        if (isLost && init?.method === "POST" && input.endsWith("/accounts/1/batches")) throw new TypeError("lost");
        return answer;
      },
    });
    await world.until(press);
    expect(world.state.direct).toMatchObject({ state: "failed", batches: null, error: { code: "BACKEND_DOWN" } });
    isLost = false;
    await world.until(cancelDirectListing);
    expect([world.state.direct, world.backOffice.givenBack, world.backOffice.madeBatches.length]).toEqual([null, [7], 1]);
  });

  it("claims anew what another PC had taken over in between", async () => {
    world.form = () => ({ kind: "loginRequired" });
    await world.until(press);
    for (const upload of world.backOffice.uploads) upload.state = "abandoned";
    world.form = () => ({ kind: "form", store: "mihon_store" });
    await world.until(press);
    expect([world.arrived, uploads()]).toEqual([[2], ["abandoned", "accepted"]]);
  });

  it("skips a file that went another way meanwhile, says so, and sends the others", async () => {
    world.backOffice.batches = [batch({ id: 7 }), batch({ id: 8, file_name: "recore_8.zip" }), batch({ id: 9 })];
    world.backOffice.refuse = (_method, path) =>
      path === "/batches/8/uploads" ? { status: 409, code: "ALREADY_SENT", detail: "もうダウンロードされています。" } : null;
    await world.until(press);
    expect(world.backOffice.uploads.map(({ batch_id, state }) => [batch_id, state])).toEqual([
      [7, "accepted"],
      [9, "accepted"],
    ]);
    expect(world.state.direct).toMatchObject({ state: "done", leftOut: [{ management_number: "recore_8.zip" }] });
  });

  it("can be given up although one of its files went another way", async () => {
    world.backOffice.batches = [batch({ id: 7 }), batch({ id: 8 })];
    world.form = () => ({ kind: "loginRequired" });
    await world.until(press);
    world.backOffice.refuse = (_method, path) => (path === "/batches/7/give-back" ? { status: 409, code: "ALREADY_SENT" } : null);
    await world.until(cancelDirectListing);
    expect([world.state.direct, world.backOffice.givenBack]).toEqual([null, [8]]);
  });

  it("of another account does not push an unfinished one aside", async () => {
    world.form = () => ({ kind: "loginRequired" });
    await world.until(press);
    const unfinished = world.state.direct;
    await world.until(async (ports) => {
      await expect(startDirectListing(ports, 2)).rejects.toMatchObject({ code: "DIRECT_UNFINISHED" });
    });
    expect(world.state.direct).toEqual(unfinished);
  });

  it("reports the answer once the back office is there again", async () => {
    let refusals = 0;
    world.backOffice.refuse = (_method, path) => (path.endsWith("/outcome") && (refusals += 1) < 9 ? "unreachable" : null);
    await world.until(press);
    expect([world.arrived, uploads(), world.state.direct?.state]).toEqual([[1], ["accepted"], "done"]);
  });

  it("clicks nothing when it was forgotten meanwhile (接続を解除)", async () => {
    world.backOffice.refuse = (_method, path) => {
      if (path.endsWith("/sending")) world.state = { ...world.state, direct: null };
      return null;
    };
    await world.until(press);
    expect(world.arrived).toEqual([]);
  });

  it("stops while the contract is disabled", async () => {
    world.backOffice.disabledContracts = ["classic_upload@1"];
    await world.until(press);
    expect([world.arrived, world.state.direct?.error?.code]).toEqual([[], "CONTRACT_DISABLED"]);
  });
});

describe("R16 the ticket of a file", () => {
  const none: OriginTable = {};

  it("opens the one file that is being handed over, for the store's own site", async () => {
    let found: unknown;
    await world.until(async (ports) => {
      const tab = { ...ports.tab, handOver: async (ticket: string) => void (found = await ticketedFile(ports, none, ticket)) };
      await press({ ...ports, tab });
    });
    expect(found).toMatchObject({ name: "recore_7.zip", origin: "https://auctions.yahoo.co.jp" });
  });

  it.each(["", "guessed"])("is not %j", async (ticket) => {
    world.form = () => ({ kind: "loginRequired" });
    await world.until(press);
    await world.until(async (ports) => {
      await expect(ticketedFile(ports, none, ticket)).rejects.toMatchObject({ code: "FILE_NOT_HANDED" });
    });
  });
});
