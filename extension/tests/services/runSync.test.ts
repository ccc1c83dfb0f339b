import { beforeEach, describe, expect, it } from "vitest";
import type { Row } from "../../src/core/contracts/contract.ts";
import { apiRows } from "../../src/core/contracts/records.ts";
import { AppError } from "../../src/core/errors.ts";
import { digestOf } from "../../src/core/sync/known.ts";
import { disconnect } from "../../src/services/pair.ts";
import type { Ports } from "../../src/services/ports.ts";
import { driveRuns, requestSync } from "../../src/services/runSync.ts";
import { account } from "../support/fakeBackOffice.ts";
import { detailReading, listingRow, orderRow, rows, START, World } from "../support/world.ts";

let world: World;

beforeEach(() => {
  world = new World();
  world.backOffice.wanted = ["w1", "w2"];
});

async function press(ports: Ports): Promise<void> {
  await requestSync(ports, 1, "button");
  await driveRuns(ports);
}

function result() {
  return world.state.results["1"];
}

describe("R17 a run", () => {
  it("reads selling, closed, won and the wanted details, and posts each page once, in order", async () => {
    await world.until(press);
    const posted = world.backOffice.posted();
    expect(posted.map(({ seq, phase, page, last_page }) => [seq, phase, page, last_page])).toEqual([
      [1, "selling", 1, false],
      [2, "selling", 2, true],
      [3, "closed", 1, true],
      [4, "won", 1, true],
      [5, "detail", 1, false],
      [6, "detail", 2, true],
    ]);
    expect(posted[0]?.listings.map(({ auction_id }) => auction_id)).toEqual(["s11", "s12"]);
    expect(posted[5]?.details[0]?.auction_id).toBe("w2");
    expect(world.backOffice.finishes).toEqual([
      {
        outcome: "complete",
        error: null,
        phases: [
          { phase: "selling", pages: 2, rows: 4, complete: true },
          { phase: "closed", pages: 1, rows: 0, complete: true },
          { phase: "won", pages: 1, rows: 2, complete: true },
          { phase: "detail", pages: 2, rows: 2, complete: true },
        ],
      },
    ]);
    expect(result()?.error).toBeNull();
    expect(result()?.summary?.orders_new).toBe(1);
    expect(world.state.run).toBeNull();
    expect(world.queued.size).toBe(0);
  });

  it("keeps the pace that the back office sets", async () => {
    world.backOffice.paceMs = 2_500;
    await world.until(press);
    const gaps = world.reads.slice(1).map(({ at }, index) => at - (world.reads[index]?.at ?? 0));
    expect(gaps).toEqual([2_500, 2_500, 2_500, 2_500, 2_500]);
  });

  it("ends after the lists when no detail is wanted", async () => {
    world.backOffice.wanted = [];
    await world.until(press);
    expect(world.reads.map(({ phase }) => phase)).toEqual(["selling", "selling", "closed", "won"]);
    expect(world.backOffice.finishes[0]?.outcome).toBe("complete");
  });

  it("R14 makes one more pass when 同期開始 was pressed meanwhile, however often", async () => {
    world.pages.closed = () => {
      void world.until((ports) => requestSync(ports, 1, "button"));
      return { kind: "empty", store: "mihon_store" };
    };
    world.backOffice.refuse = () => {
      if (world.backOffice.finishes.length === 1) world.pages.closed = () => ({ kind: "empty", store: "mihon_store" });
      return null;
    };
    await world.until(press);
    expect(world.backOffice.runs).toHaveLength(2);
  });

  it("corrects this PC's clock by the server's", async () => {
    const ahead = 3_600_000;
    const { fetch } = world.backOffice;
    Object.assign(world.backOffice, {
      fetch: async (input: string, init?: RequestInit) => {
        world.now += ahead;
        const response = await fetch(input, init);
        world.now -= ahead;
        return response;
      },
    });
    await world.until(press);
    const read = world.reads[0]?.at ?? 0;
    expect(world.backOffice.posted()[0]?.observed_at).toBe(new Date(read + ahead).toISOString());
    // The year of dates that name none comes from it, too.
    expect(world.reads.map(({ clockOffsetMs }) => clockOffsetMs)).toEqual(world.reads.map(() => ahead));
  });
});

describe("R17 a killed worker", () => {
  it("goes on from every point as if nothing had happened", async () => {
    await world.until(press);
    const undisturbed = world.backOffice.posted().map(({ seq, phase, page }) => [seq, phase, page]);
    let kills = 0;
    for (let calls = 1; ; calls += 1) {
      const other = new World();
      other.backOffice.wanted = ["w1", "w2"];
      await other.until((ports) => requestSync(ports, 1, "button"));
      other.callsLeft = calls;
      if ((await other.until(driveRuns)) === "ended") break;
      kills += 1;
      other.callsLeft = Number.POSITIVE_INFINITY;
      other.now += 45_000;
      expect(await other.until(driveRuns), `killed after call ${calls}`).toBe("ended");
      const seen = other.backOffice.posted().map(({ seq, phase, page }) => [seq, phase, page]);
      expect(seen, `killed after call ${calls}`).toEqual(undisturbed);
      expect(other.backOffice.runs, `killed after call ${calls}`).toHaveLength(1);
      expect(other.state.results["1"]?.error, `killed after call ${calls}`).toBeNull();
      expect(other.queued.size, `killed after call ${calls}`).toBe(0);
    }
    expect(kills).toBeGreaterThan(30);
  });
});

describe("B7 an incremental run", () => {
  const known = async (row: Row, id: number, phase: "selling" | "won") => {
    const reading = rows([row]);
    const { listings, orders } = apiRows(phase, reading);
    const digest = await digestOf((phase === "won" ? orders : listings)[0] ?? expect.fail());
    return { id, auction_id: String(row["auction_id"]), digest };
  };

  it("sends what changed, and of the rest only which it is", async () => {
    const [same, dearer] = [listingRow("s11"), listingRow("s12")];
    world.pages.selling = () => rows([same, { ...dearer, current_price: 9_900 }, listingRow("new")]);
    world.backOffice.known = {
      selling: [await known(same, 41, "selling"), await known(dearer, 42, "selling")],
      won: [await known(orderRow("w1"), 7, "won"), await known(orderRow("w2"), 8, "won")],
    };
    await world.until(press);
    const [selling, , won] = world.backOffice.posted();
    expect(selling?.listings.map(({ auction_id }) => auction_id)).toEqual(["s12", "new"]);
    expect([selling?.unchanged, won?.orders, won?.unchanged]).toEqual([[40, 1], [], [6, 2]]);
    expect(world.backOffice.finishes[0]?.phases.map(({ phase, rows: count }) => [phase, count])).toEqual([
      ["selling", 3],
      ["closed", 0],
      ["won", 2],
      ["detail", 2],
    ]);
  });

  it.each([
    ["newest first and all known: no further", ["2026-11-22", "2026-11-21"], [0, 1], 1],
    ["one row is news: further", ["2026-11-22", "2026-11-21"], [0], 3],
    ["not newest first: to the end", ["2026-11-21", "2026-11-22"], [0, 1], 3],
  ])("reads the ended list back to what is known; %s", async (_name, ends, knownRows, pages) => {
    const shown = ends.map((day, index) => listingRow(`c${index}`, { ends_at: `${day}T12:00:00Z`, result: "落札者なし" }));
    world.pages.closed = (page) => rows(shown, page < 3);
    world.backOffice.known = {
      closed: await Promise.all(knownRows.map((index) => known(shown[index] ?? expect.fail(), index + 1, "selling"))),
    };
    await world.until(press);
    expect(world.reads.filter(({ phase }) => phase === "closed")).toHaveLength(pages);
    expect(world.backOffice.finishes[0]?.outcome).toBe("complete");
  });

  it("asks a back office that is down until it is there, and reads nothing meanwhile", async () => {
    world.backOffice.refuse = (_method, path) => (path.includes("/known/") && world.now < START + 3_600_000 ? "unreachable" : null);
    await world.until(press);
    while (world.state.run !== null) {
      world.now = Math.max(world.now, ...world.wakes);
      await world.until(driveRuns);
    }
    expect(world.reads[0]?.at).toBeGreaterThan(START + 3_600_000);
    expect(result()?.error).toBeNull();
  });
});

describe("R3 the right store", () => {
  it.each([
    ["an expired login", { kind: "loginRequired" } as const, "LOGIN_REQUIRED"],
    ["a personal account", { kind: "notStore" } as const, "NOT_STORE"],
    ["another store", rows([listingRow("x1")], false, "other_store"), "WRONG_ACCOUNT"],
    ["another store without rows", { kind: "empty", store: "other_store" } as const, "WRONG_ACCOUNT"],
  ])("takes over nothing with %s", async (_name, reading, code) => {
    world.pages.selling = () => reading;
    await world.until(press);
    expect(world.backOffice.posted()).toEqual([]);
    expect(world.backOffice.finishes[0]).toMatchObject({
      outcome: "failed",
      phases: [],
      error: { code, phase: "selling", contract: "classic_selling@1" },
    });
    expect(result()?.error?.code).toBe(code);
    expect(world.reads).toHaveLength(1);
  });

  it("notices a login as another store between two pages", async () => {
    world.pages.selling = (page) => rows([listingRow(`s${page}`)], true, page === 1 ? "mihon_store" : "other_store");
    await world.until(press);
    expect(world.backOffice.posted().map(({ page }) => page)).toEqual([1]);
    expect(world.backOffice.finishes[0]?.phases).toEqual([{ phase: "selling", pages: 1, rows: 1, complete: false }]);
    expect(result()?.error).toMatchObject({ code: "WRONG_ACCOUNT", subject: "other_store" });
  });
});

describe("R17 a page that is not understood", () => {
  const another = { kind: "drift" as const, missing: ["page: another one is shown"], fallbackUsed: [], fillRate: {}, skeleton: "body" };

  it("of a list that grew shorter while it was read is no changed layout: the list is read again, once", async () => {
    let isShorter = false;
    world.pages.selling = (page) => {
      if (page === 2) isShorter = true;
      return page === 2 ? another : rows([listingRow("s1")], !isShorter);
    };
    await world.until(press);
    expect(world.reads.slice(0, 4).map(({ phase, page }) => [phase, page])).toEqual([["selling", 1], ["selling", 2], ["selling", 1], ["closed", 1]]);
    expect(world.backOffice.finishes[0]).toMatchObject({ outcome: "complete" });
    world = new World();
    world.pages.selling = (page) => (page === 2 ? another : rows([listingRow("s1")], true));
    await world.until(press);
    expect(world.backOffice.finishes[0]?.error).toMatchObject({ code: "PAGE_DRIFT", missing: another.missing });
    expect(world.reads.map(({ page }) => page)).toEqual([1, 2, 1, 2]);
  });

  it("ends the run with what is missing and a skeleton, and invents nothing", async () => {
    const drift = { kind: "drift" as const, missing: ["price: missing"], fallbackUsed: [], fillRate: {}, skeleton: "body" };
    world.pages.won = () => drift;
    await world.until(press);
    expect(world.backOffice.posted().map(({ phase }) => phase)).toEqual(["selling", "selling", "closed"]);
    expect(world.backOffice.finishes[0]?.error).toEqual({
      code: "PAGE_DRIFT",
      phase: "won",
      detail: "price: missing",
      contract: "classic_won@1",
      missing: ["price: missing"],
      skeleton: "body",
    });
  });

  it("refuses the detail page of another order", async () => {
    world.pages.detail = () => detailReading("other");
    await world.until(press);
    expect(result()?.error?.code).toBe("PAGE_DRIFT");
    expect(world.backOffice.posted().filter(({ phase }) => phase === "detail")).toEqual([]);
  });

  it("does not read with a contract that the back office has disabled", async () => {
    world.backOffice.disabledContracts = ["classic_won@1"];
    await world.until(press);
    expect(result()?.error?.code).toBe("CONTRACT_DISABLED");
    expect(world.reads.map(({ phase }) => phase)).toEqual(["selling", "selling", "closed"]);
  });

  it("stops at a pager that never ends", async () => {
    world.pages.selling = () => rows([listingRow("s1")], true);
    await world.until(press);
    expect(result()?.error?.code).toBe("PAGE_DRIFT");
    expect(world.reads).toHaveLength(1_000);
  });
});

describe("R17 trouble on the way", () => {
  it("waits as long as the marketplace asks and then goes on", async () => {
    let refusals = 1;
    world.pages.closed = () => {
      if (refusals === 0) return { kind: "empty", store: "mihon_store" };
      refusals -= 1;
      return { kind: "blocked", status: 429, retryAfterMs: 15_000 };
    };
    await world.until(press);
    const closed = world.reads.filter(({ phase }) => phase === "closed");
    expect(closed.map(({ at }) => at - (closed[0]?.at ?? 0))).toEqual([0, 15_000]);
    expect(result()?.error).toBeNull();
  });

  it("lets the worker sleep through a long wait", async () => {
    world.pages.selling = () => ({ kind: "blocked", status: 503, retryAfterMs: 120_000 });
    await world.until(press);
    expect(world.wakes).toEqual([(world.reads[0]?.at ?? 0) + 120_000]);
    expect(world.state.runTrouble?.code).toBe("RATE_LIMITED");
    expect(world.state.run).not.toBeNull();
  });

  it("does not wait for the hour of a clock that was set back", async () => {
    world.pages.selling = () => ({ kind: "blocked", status: 503, retryAfterMs: 120_000 });
    await world.until(press);
    world.now -= 24 * 3_600_000;
    world.pages.selling = () => rows([listingRow("s1")]);
    await world.until(driveRuns);
    expect([world.state.run, result()?.error]).toEqual([null, null]);
  });

  it("gives up after six failures and says so", async () => {
    world.pages.selling = () => new AppError("NETWORK", "offline");
    await world.until(press);
    // 16 s and more are left to the alarm.
    while (world.state.run !== null) {
      world.now = world.wakes.at(-1) ?? world.now;
      await world.until(driveRuns);
    }
    expect(world.reads).toHaveLength(6);
    expect(world.backOffice.finishes[0]?.error?.code).toBe("NETWORK");
  });

  it("keeps a page that the back office could not take, and sends the same later", async () => {
    let isDown = true;
    world.backOffice.refuse = (_method, path) => (isDown && path.endsWith("/pages") ? "unreachable" : null);
    await world.until(press);
    for (let alarms = 0; alarms < 12; alarms += 1) {
      world.now = world.wakes.at(-1) ?? world.now;
      await world.until(driveRuns);
    }
    expect(world.queued.size).toBe(1);
    expect(world.state.runTrouble?.code).toBe("BACKEND_DOWN");
    expect(world.reads).toHaveLength(1);
    isDown = false;
    world.now = world.wakes.at(-1) ?? world.now;
    await world.until(driveRuns);
    expect(result()?.error).toBeNull();
    expect(world.backOffice.posted()).toHaveLength(6);
  });

  it("tries at once when somebody presses 同期開始 while it waits", async () => {
    let isDown = true;
    world.backOffice.refuse = (_method, path) => (isDown && path.endsWith("/pages") ? "unreachable" : null);
    await world.until(press);
    for (let alarms = 0; alarms < 12; alarms += 1) {
      world.now = world.wakes.at(-1) ?? world.now;
      await world.until(driveRuns);
    }
    isDown = false;
    await world.until(press);
    expect(world.backOffice.runs).toHaveLength(2);
    expect(world.backOffice.finishes.map(({ outcome }) => outcome)).toEqual(["complete", "complete"]);
  });

  it("is told apart: an answer lost after the page was stored is repeated word for word", async () => {
    let lose = true;
    const { fetch } = world.backOffice;
    Object.assign(world.backOffice, {
      fetch: async (input: string, init?: RequestInit) => {
        const response = await fetch(input, init);
        if (lose && String(input).endsWith("/pages")) {
          lose = false;
          throw new TypeError("network changed");
        }
        return response;
      },
    });
    await world.until(press);
    expect(world.backOffice.repeats).toBe(1);
    expect(result()?.error).toBeNull();
  });

  it("drops a run that another PC has taken over", async () => {
    world.backOffice.refuse = (_method, path) =>
      path.endsWith("/pages") ? { status: 409, code: "RUN_OVER", detail: "引き継がれました" } : null;
    await world.until(press);
    expect(result()?.error?.code).toBe("RUN_OVER");
    expect(world.state.run).toBeNull();
    expect(world.queued.size).toBe(0);
  });

  it("names who is syncing", async () => {
    world.backOffice.refuse = (_method, path) =>
      path.endsWith("/runs") ? { status: 409, code: "ALREADY_RUNNING", holder: "レジ2" } : null;
    await world.until(press);
    expect(result()?.error).toMatchObject({ code: "ALREADY_RUNNING", subject: "レジ2" });
    expect(world.reads).toEqual([]);
  });

  it("tells the back office when it refuses a page, instead of leaving the run open", async () => {
    world.backOffice.refuse = (_method, path) =>
      path.endsWith("/pages") ? { status: 422, code: "INVALID", detail: "題名が長すぎます" } : null;
    await world.until(press);
    expect(world.backOffice.finishes[0]).toMatchObject({ outcome: "failed", error: { code: "BACKEND_REJECTED" } });
    expect(result()?.error?.detail).toBe("題名が長すぎます");
  });

  it("stops when the device was revoked", async () => {
    world.pages.closed = () => {
      world.backOffice.revoked = true;
      return { kind: "empty", store: "mihon_store" };
    };
    await world.until(press);
    expect(result()?.error?.code).toBe("NOT_PAIRED");
    expect(world.state.run).toBeNull();
  });

  it("does not come back to life after 接続を解除", async () => {
    let leaving: Promise<unknown> = Promise.resolve();
    world.pages.closed = () => {
      leaving = world.until(disconnect);
      return { kind: "empty", store: "mihon_store" };
    };
    await world.until(press);
    await leaving;
    expect(world.state.run).toBeNull();
    expect(world.state.device).toBeNull();
    expect(world.backOffice.posted().map(({ phase }) => phase)).toEqual(["selling", "selling"]);
  });

  it("says nothing of a run that was given up at its very end", async () => {
    world.backOffice.refuse = (_method, path) => {
      if (path.endsWith("/finish")) world.state = { ...world.state, run: null };
      return null;
    };
    await world.until(press);
    expect([world.state.results, world.state.failures, world.state.doubts]).toEqual([{}, {}, {}]);
  });

  it("counts a failure once, wherever the worker is killed", async () => {
    for (let calls = 1; ; calls += 1) {
      world = new World();
      world.pages.closed = () => ({ kind: "loginRequired" });
      await world.until((ports) => requestSync(ports, 1, "button"));
      world.callsLeft = calls;
      if ((await world.until(driveRuns)) === "ended") break;
      world.callsLeft = Number.POSITIVE_INFINITY;
      world.now += 45_000;
      await world.until(driveRuns);
      expect(world.state.failures, `killed after call ${calls}`).toEqual({ 1: 1 });
    }
  });

  it("asks for the host's permission instead of failing silently", async () => {
    world.granted = false;
    await world.until(press);
    expect(result()?.error?.code).toBe("PERMISSION_MISSING");
  });

  it("does nothing for an account that was disabled", async () => {
    world.backOffice.accounts = [account({ enabled: false })];
    await world.until(press);
    expect(result()?.error).toMatchObject({ code: "BACKEND_REJECTED", subject: "account" });
    expect(world.backOffice.runs).toEqual([]);
  });
});

it("R17 reads a detail once however often it is asked for", async () => {
  world.backOffice.wanted = ["w1", "w1"];
  world.pages.won = (page) => rows([orderRow(`w${page}`)], page < 2);
  await world.until(press);
  expect(world.reads.filter(({ phase }) => phase === "detail")).toHaveLength(1);
});
