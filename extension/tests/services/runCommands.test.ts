import { beforeEach, describe, expect, it } from "vitest";
import type { PageContract, Reading } from "../../src/core/contracts/contract.ts";
import type { Ports } from "../../src/services/ports.ts";
import { driveRuns, requestSync } from "../../src/services/runSync.ts";
import { account } from "../support/fakeBackOffice.ts";
import { endCommand, shipCommand } from "../support/fakeCommands.ts";
import { MarketPages } from "../support/marketPages.ts";
import { World } from "../support/world.ts";

const PROFILES = ["classic", "current"] as const;
let world: World;
let pages: MarketPages;

function begin(profile: (typeof PROFILES)[number] = "classic"): void {
  world = new World();
  world.backOffice.accounts = [account({ profile })];
  world.tool = pages = new MarketPages();
}

beforeEach(() => begin());

/** 【同期開始】, and what the worker then does. */
async function visit(ports: Ports): Promise<void> {
  await requestSync(ports, 1, "button");
  await driveRuns(ports);
}

const states = () => world.backOffice.commands.all.map(({ state }) => state);
const result = () => world.state.commandResults[1];
const drift: Reading = { kind: "drift", missing: ["form"], fallbackUsed: [], fillRate: {}, skeleton: "" };

describe.each(PROFILES)("R24, R27 commands with the %s tool", (profile) => {
  beforeEach(() => begin(profile));

  it("marks an order as shipped and ends an auction, each with one click, and the run follows", async () => {
    world.backOffice.commands.add(shipCommand({ id: 1 }));
    world.backOffice.commands.add(endCommand({ id: 2 }));
    await world.until(visit);
    expect(pages.clicks).toEqual(["x1", "a1"]);
    expect(states()).toEqual(["done", "done"]);
    expect(pages.typed).toEqual(profile === "classic" ? ["発送済み"] : ["1001", "1234"]);
    expect(result()).toMatchObject({ shipped: 1, ended: 1, refused: 0, error: null });
    expect([world.state.commands, world.backOffice.runs.length]).toEqual([null, 1]);
  });

  it.each(["ship", "end"] as const)("wherever the worker is killed, %s is clicked at most once and comes to an end", async (kind) => {
    let kills = 0;
    const lost: number[] = [];
    for (let calls = 1; ; calls += 1) {
      begin(profile);
      world.backOffice.commands.add(kind === "ship" ? shipCommand() : endCommand());
      await world.until((ports) => requestSync(ports, 1, "button"));
      world.callsLeft = calls;
      if ((await world.until(driveRuns)) === "ended") break;
      kills += 1;
      world.callsLeft = Number.POSITIVE_INFINITY;
      world.now += 45_000;
      await world.until(driveRuns);
      const about = `killed after call ${calls}`;
      expect(pages.clicks.length, about).toBeLessThanOrEqual(1);
      expect(world.state.commands, about).toBeNull();
      if (pages.clicks.length === 0) lost.push(calls);
      expect(states(), about).toEqual([pages.clicks.length === 1 ? "done" : "sending"]);
    }
    expect(kills).toBeGreaterThan(15);
    // Between "I click now" and the click nobody can tell: the pages decide, later.
    expect(lost).toHaveLength(1);
  });

  it.each(["lost", "not done"] as const)("after an answer that says nothing (%s) it looks, and does not click again", async (what) => {
    world.backOffice.commands.add(shipCommand());
    pages.onClick = () => what;
    await world.until(visit);
    expect([pages.clicks, states()]).toEqual([["x1"], [what === "lost" ? "done" : "sending"]]);
    await world.until(visit);
    expect(pages.clicks).toHaveLength(1);
  });

  it.each([
    ["発送済み", "done"],
    ["入金済み", "sending"],
  ])("reads back first what another visit sent, and touches nothing (%s)", async (status, ends) => {
    world.backOffice.commands.add(shipCommand({ state: "sending" }));
    pages.orders.set("x1", status);
    await world.until(visit);
    expect([pages.typed, pages.clicks, states()]).toEqual([[], [], [ends]]);
  });

  it("clicks nothing where the page shows it done already", async () => {
    world.backOffice.commands.add(shipCommand({ id: 1 }));
    world.backOffice.commands.add(endCommand({ id: 2 }));
    pages.orders.set("x1", "発送済み");
    pages.auctions.set("a1", { bids: 0, result: "取消" });
    await world.until(visit);
    expect([pages.clicks, states()]).toEqual([[], ["done", "done"]]);
  });

  it("does not ship what was cancelled there, nor end what was sold", async () => {
    world.backOffice.commands.add(shipCommand({ id: 1 }));
    world.backOffice.commands.add(endCommand({ id: 2 }));
    pages.orders.set("x1", "キャンセル");
    pages.auctions.set("a1", { bids: 1, result: "落札者あり" });
    await world.until(visit);
    expect([pages.clicks, states()]).toEqual([[], ["cancelled", "cancelled"]]);
  });

  it.each([1, 2])("never ends an auction with bids, also when the bid comes before look %i", async (look) => {
    world.backOffice.commands.add(endCommand());
    let looks = 0;
    pages.onPublicPage = (id) => {
      looks += 1;
      if (looks === look) pages.auctions.set(id, { bids: 1, result: null });
    };
    await world.until(visit);
    expect([pages.clicks, states()]).toEqual([[], ["cancelled"]]);
    expect(looks).toBe(look);
  });

  it("does not click when the last look cannot be taken", async () => {
    world.backOffice.commands.add(endCommand());
    let looks = 0;
    pages.instead = ({ phase }: PageContract) => (phase === "item" && (looks += 1) > 1 ? drift : null);
    await world.until(visit);
    expect([pages.clicks, states()]).toEqual([[], ["queued"]]);
    expect(world.backOffice.commands.outcomes).toMatchObject([{ kind: "not_taken", message: "PAGE_DRIFT", nonce: expect.any(String) as string }]);
  });

  it("keeps a refusal with the page's words", async () => {
    world.backOffice.commands.add(endCommand());
    pages.onClick = () => "refused";
    await world.until(visit);
    expect([states(), result()]).toMatchObject([["failed"], { refused: 1, ended: 0 }]);
  });

  it("opens a page anew that was too old", async () => {
    world.backOffice.commands.add(shipCommand());
    let stale = 1;
    pages.onClick = () => ((stale -= 1) >= 0 ? "stale" : "answer");
    await world.until(visit);
    expect([pages.clicks, states()]).toEqual([["x1", "x1"], ["done"]]);
  });

  it("opens the page anew when the button certainly cannot be clicked", async () => {
    world.backOffice.commands.add(shipCommand());
    pages.canClick = false;
    world.backOffice.refuse = (_method, path) => {
      if (path.endsWith("/outcome")) pages.canClick = true;
      return null;
    };
    await world.until(visit);
    expect([pages.clicks, states()]).toEqual([["x1"], ["done"]]);
  });

  it.each<[string, Reading | "other_store", string]>([
    ["an expired login", { kind: "loginRequired" }, "LOGIN_REQUIRED"],
    ["a personal account", { kind: "notStore" }, "NOT_STORE"],
    ["another store", "other_store", "WRONG_ACCOUNT"],
  ])("does nothing at all with %s, and goes on when that is mended", async (_name, shown, code) => {
    world.backOffice.commands.add(shipCommand({ id: 1 }));
    world.backOffice.commands.add(endCommand({ id: 2 }));
    if (shown === "other_store") pages.store = shown;
    else pages.instead = ({ phase }: PageContract) => (phase === "item" ? null : shown);
    await world.until(visit);
    expect([pages.clicks, states(), result()?.error?.code]).toEqual([[], ["queued", "queued"], code]);
    expect(world.backOffice.commands.givenBack, "the reason is told").toEqual([code]);
    Object.assign(pages, { instead: () => null, store: "mihon_store" });
    world.backOffice.commands.wait();
    await world.until(visit);
    expect([pages.clicks, states()]).toEqual([["x1", "a1"], ["done", "done"]]);
  });

  it("passes over one whose page has changed, and does the others", async () => {
    world.backOffice.commands.add(shipCommand({ id: 1 }));
    world.backOffice.commands.add(endCommand({ id: 2 }));
    pages.instead = ({ phase }: PageContract) => (phase === "ship" ? drift : null);
    await world.until(visit);
    expect([pages.clicks, states()]).toEqual([["a1"], ["queued", "done"]]);
    expect(result()).toMatchObject({ ended: 1, error: { code: "PAGE_DRIFT" } });
  });

  it("stops where the back office has switched a contract off", async () => {
    world.backOffice.disabledContracts = [`${profile}_ship@1`];
    world.backOffice.commands.add(shipCommand());
    await world.until(visit);
    expect([pages.clicks, states(), result()?.error?.code]).toEqual([[], ["queued"], "CONTRACT_DISABLED"]);
  });
});

describe("R24 commands and the rest", () => {
  it("asks for nothing where nothing waits", async () => {
    const asked: string[] = [];
    world.backOffice.refuse = (_method, path) => {
      asked.push(path);
      return null;
    };
    await world.until(visit);
    expect(asked.filter((path) => path.includes("commands"))).toEqual([]);
    expect(result()).toBeUndefined();
  });

  it("skips what was taken back meanwhile", async () => {
    world.backOffice.commands.add(shipCommand({ id: 1 }));
    world.backOffice.commands.add(shipCommand({ id: 2, key: "x2" }));
    pages.orders.set("x2", "入金済み");
    world.backOffice.refuse = (_method, path) => {
      if (path === "/commands/1/sending") world.backOffice.commands.takeBack(1);
      return null;
    };
    await world.until(visit);
    expect([pages.clicks, states()]).toEqual([["x2"], ["cancelled", "done"]]);
  });

  it("clicks nothing when it was forgotten meanwhile (接続を解除)", async () => {
    world.backOffice.commands.add(shipCommand());
    world.backOffice.refuse = (_method, path) => {
      if (path.endsWith("/sending")) world.state = { ...world.state, commands: null };
      return null;
    };
    await world.until(visit);
    expect(pages.clicks).toEqual([]);
  });

  it("of a stopped account is neither done nor kept", async () => {
    world.backOffice.commands.add(shipCommand());
    world.backOffice.accounts = [account({ enabled: false })];
    await world.until(visit);
    expect([pages.clicks, states(), world.state.commands]).toEqual([[], ["queued"], null]);
  });

  it("leaves the rest to a later visit when the back office is away, and the run tells why", async () => {
    world.backOffice.commands.add(shipCommand());
    world.backOffice.refuse = (_method, path) => (path.endsWith("/sending") ? "unreachable" : null);
    await world.until(visit);
    expect([pages.clicks, result()?.error?.code, world.state.commands]).toEqual([[], "BACKEND_DOWN", null]);
    expect(world.backOffice.runs).toHaveLength(1);
  });
});
