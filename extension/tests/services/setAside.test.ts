import { beforeEach, describe, expect, it } from "vitest";
import type { Reading } from "../../src/core/contracts/contract.ts";
import type { Ports } from "../../src/services/ports.ts";
import { driveRuns, requestSync } from "../../src/services/runSync.ts";
import { detailReading, World } from "../support/world.ts";

const drift: Reading = { kind: "drift", missing: ["total: missing"], fallbackUsed: [], fillRate: {}, skeleton: "body" };
const status = (code: number): Reading => ({ kind: "blocked", status: code, retryAfterMs: null });
let world: World;
let bad: Map<string, Reading>;

function begin(): World {
  const made = new World();
  made.backOffice.wanted = ["w1", "w2", "w3"];
  made.pages.detail = (_page, url) => {
    const key = /aid=(\w+)/.exec(url)?.[1] ?? "?";
    return bad.get(key) ?? detailReading(key);
  };
  return made;
}

beforeEach(() => {
  bad = new Map();
  world = begin();
});

async function press(ports: Ports): Promise<void> {
  await requestSync(ports, 1, "button");
  await driveRuns(ports);
}

/** A run over these orders; how it ended, and what it set aside. */
async function run(...wanted: string[]): Promise<[string | undefined, string[]]> {
  world.backOffice.wanted = wanted;
  await world.until(press);
  const { outcome, error, set_aside: aside } = world.backOffice.finishes.at(-1) ?? expect.fail();
  return [error?.code ?? outcome, (aside ?? []).map(({ key }) => key)];
}

describe("R17 one order whose page cannot be read", () => {
  it.each([
    ["is gone", status(404), "not_found"],
    ["is an error page", status(500), "error"],
    ["is built otherwise", drift, "unreadable"],
    ["shows another order", detailReading("other"), "unreadable"],
  ])("is set aside when it %s, and the run is complete for the others", async (_name, reading, reason) => {
    bad.set("w2", reading);
    await world.until(press);
    expect(world.backOffice.posted().flatMap(({ details }) => details.map(({ auction_id }) => auction_id))).toEqual(["w1", "w3"]);
    expect(world.backOffice.finishes).toMatchObject([{ outcome: "complete", error: null, set_aside: [{ key: "w2", reason }] }]);
    expect(world.state.results["1"]?.error).toBeNull();
  });

  it.each([["w1"], ["w3"]])("may stand first or last (%s)", async (key) => {
    bad.set(key, status(404));
    expect(await run("w1", "w2", "w3")).toEqual(["complete", [key]]);
    expect(world.backOffice.finishes[0]?.phases.at(-1)).toEqual({ phase: "detail", pages: 2, rows: 2, complete: true });
  });

  it("does not stop the account when it is the only one, run after run", async () => {
    bad.set("w1", status(404));
    for (let times = 0; times < 4; times += 1) expect(await run("w1")).toEqual(["complete", ["w1"]]);
    bad.clear();
    expect(await run("w1")).toEqual(["complete", []]);
    expect(world.backOffice.finishes.at(-1)).not.toHaveProperty("set_aside");
    expect(world.state.doubts["1"]).toEqual({ excused: [], suspects: [] });
  });

  it("ends the same wherever the worker is killed", async () => {
    bad.set("w2", drift);
    let kills = 0;
    for (let calls = 1; ; calls += 1) {
      world = begin();
      await world.until((ports) => requestSync(ports, 1, "button"));
      world.callsLeft = calls;
      if ((await world.until(driveRuns)) === "ended") break;
      kills += 1;
      world.callsLeft = Number.POSITIVE_INFINITY;
      world.now += 45_000;
      await world.until(driveRuns);
      const about = `killed after call ${calls}`;
      const told = world.backOffice.finishes.map(({ outcome, set_aside: aside }) => `${outcome} ${JSON.stringify(aside)}`);
      expect([...new Set(told)], about).toEqual(['complete [{"key":"w2","reason":"unreadable"}]']);
      expect(world.state.doubts["1"], about).toEqual({ excused: ["w2"], suspects: [] });
    }
    expect(kills).toBeGreaterThan(30);
  });
});

describe("R17 a changed layout is never taken for single bad orders", () => {
  it("stops at the third in a row, with its skeleton, and sets nothing aside", async () => {
    for (const key of ["w2", "w3", "w4"]) bad.set(key, drift);
    expect(await run("w1", "w2", "w3", "w4", "w5")).toEqual(["PAGE_DRIFT", []]);
    expect(world.backOffice.finishes[0]?.error).toMatchObject({ phase: "detail", contract: "classic_order@1", skeleton: "body" });
    expect(world.reads.filter(({ phase }) => phase === "detail")).toHaveLength(4);
  });

  it("stops when not one of several can be read", async () => {
    for (const key of ["w1", "w2"]) bad.set(key, drift);
    expect(await run("w1", "w2")).toEqual(["PAGE_DRIFT", []]);
  });

  it("notices it also where orders come one at a time", async () => {
    bad.set("w1", drift);
    expect(await run("w1")).toEqual(["complete", ["w1"]]);
    bad.set("w2", drift);
    expect(await run("w1", "w2")).toEqual(["PAGE_DRIFT", []]);
  });

  it("is cleared by a good page, which is read before those in doubt", async () => {
    for (const key of ["w1", "w2", "w3"]) bad.set(key, status(404));
    expect(await run("w1", "w2", "w3")).toEqual(["PAGE_DRIFT", []]);
    expect(await run("w1", "w2", "w3", "w4")).toEqual(["complete", ["w1", "w2", "w3"]]);
    expect(await run("w1", "w2", "w3")).toEqual(["complete", ["w1", "w2", "w3"]]);
  });
});

describe("R28 odd orders in a quiet shop do not blind it for ever", () => {
  beforeEach(() => {
    world.backOffice.proofPages = ["p1", "p2"];
  });

  it("sets them aside when an order that was read before can be read still, on any PC", async () => {
    for (const key of ["w1", "w2"]) bad.set(key, drift);
    for (let times = 0; times < 3; times += 1) {
      world.state.doubts = {};
      expect(await run("w1", "w2")).toEqual(["complete", ["w1", "w2"]]);
      expect(world.backOffice.finishes.at(-1)?.phases.at(-1)).toMatchObject({ phase: "detail", pages: 1, complete: true });
    }
    bad.clear();
    expect(await run("w1", "w2")).toEqual(["complete", []]);
  });

  it("goes on to the other orders after the third in a row", async () => {
    for (const key of ["w1", "w2", "w3"]) bad.set(key, drift);
    expect(await run("w1", "w2", "w3", "w4")).toEqual(["complete", ["w1", "w2", "w3"]]);
    expect(world.backOffice.posted().flatMap(({ details }) => details.map(({ auction_id }) => auction_id))).toEqual(["p1", "w4"]);
  });

  it("asks the next one where that page is gone, and says nothing about it", async () => {
    for (const key of ["w1", "w2"]) bad.set(key, drift);
    bad.set("p1", status(404));
    expect(await run("w1", "w2")).toEqual(["complete", ["w1", "w2"]]);
  });

  it("stops when none of them can be read either: the layout changed", async () => {
    for (const key of ["w1", "w2", "p1", "p2"]) bad.set(key, drift);
    for (let times = 0; times < 2; times += 1) expect(await run("w1", "w2")).toEqual(["PAGE_DRIFT", []]);
    expect(world.backOffice.posted().filter(({ phase }) => phase === "detail")).toEqual([]);
  });

  it("reads no such page while all is well", async () => {
    bad.set("w2", drift);
    expect(await run("w1", "w2", "w3")).toEqual(["complete", ["w2"]]);
    expect(world.reads.filter(({ phase }) => phase === "detail")).toHaveLength(3);
  });

  it("ends the same wherever the worker is killed", async () => {
    for (const key of ["w1", "w2"]) bad.set(key, drift);
    for (let calls = 1; ; calls += 1) {
      world = begin();
      world.backOffice.wanted = ["w1", "w2"];
      world.backOffice.proofPages = ["p1"];
      await world.until((ports) => requestSync(ports, 1, "button"));
      world.callsLeft = calls;
      if ((await world.until(driveRuns)) === "ended") break;
      world.callsLeft = Number.POSITIVE_INFINITY;
      world.now += 45_000;
      await world.until(driveRuns);
      const told = world.backOffice.finishes.map(({ outcome, set_aside: aside }) => [outcome, (aside ?? []).map(({ key }) => key)]);
      expect(told[0], `killed after call ${calls}`).toEqual(["complete", ["w1", "w2"]]);
    }
  });
});

describe("R17 what concerns all orders stops as before", () => {
  it.each([
    ["an expired login", { kind: "loginRequired" } as const, "LOGIN_REQUIRED"],
    ["a personal account", { kind: "notStore" } as const, "NOT_STORE"],
    ["another store", detailReading("w1", "other_store"), "WRONG_ACCOUNT"],
    ["a maintenance", { kind: "maintenance" } as const, "MAINTENANCE"],
    ["too many requests", status(429), "RATE_LIMITED"],
    ["an overloaded site", status(503), "RATE_LIMITED"],
    ["a bad gateway", status(502), "NETWORK"],
    ["a refusal", status(403), "PAGE_DRIFT"],
  ])("%s", async (_name, reading, code) => {
    bad.set("w1", reading);
    await world.until(press);
    for (let woken = 0; world.state.run !== null && woken < 20; woken += 1) {
      world.now = Math.max(world.now, world.wakes.at(-1) ?? 0);
      await world.until(driveRuns);
    }
    expect(world.backOffice.finishes).toMatchObject([{ outcome: "failed", error: { code } }]);
    expect(world.backOffice.posted().filter(({ phase }) => phase === "detail")).toEqual([]);
  });
});
