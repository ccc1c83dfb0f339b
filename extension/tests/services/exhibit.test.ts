import { beforeEach, describe, expect, it } from "vitest";
import type { Reading } from "../../src/core/contracts/contract.ts";
import { finishDirectListing, runDirectListing, startDirectListing } from "../../src/services/directListing.ts";
import type { Ports } from "../../src/services/ports.ts";
import { driveRuns } from "../../src/services/runSync.ts";
import { account, batch } from "../support/fakeBackOffice.ts";
import { StoreTool } from "../support/storeTool.ts";
import { World } from "../support/world.ts";

let world: World;
let tool: StoreTool;

function begin(): void {
  world = new World();
  world.backOffice.accounts = [account({ profile: "current" })];
  world.backOffice.batches = [batch()];
  world.backOffice.numbers = ["IT1", "IT2"];
  world.tool = tool = new StoreTool(["IT1", "IT2"]);
}

beforeEach(begin);

async function round(ports: Ports): Promise<void> {
  await runDirectListing(ports);
  await driveRuns(ports);
  await finishDirectListing(ports);
}

async function press(ports: Ports): Promise<void> {
  await startDirectListing(ports, 1);
  await round(ports);
}

describe("R16, R19 出品 from the folders", () => {
  it("uploads once, waits for the history, and puts each item up for sale", async () => {
    await world.until(press);
    expect([tool.uploads, tool.listed, [...tool.saved]]).toEqual([1, ["IT1", "IT2"], []]);
    expect(world.backOffice.uploads.map(({ state }) => state)).toEqual(["accepted"]);
    expect(world.state.direct).toMatchObject({ state: "done", error: null });
  });

  it("wherever the worker is killed, nothing is listed twice and the job ends", async () => {
    let kills = 0;
    for (let calls = 1; ; calls += 1) {
      begin();
      await world.until((ports) => startDirectListing(ports, 1));
      world.callsLeft = calls;
      if ((await world.until(round)) === "ended") break;
      kills += 1;
      world.callsLeft = Number.POSITIVE_INFINITY;
      world.now += 45_000;
      await world.until(round);
      const about = `killed after call ${calls}`;
      expect(tool.uploads, about).toBeLessThanOrEqual(1);
      expect(new Set(tool.listed).size, about).toBe(tool.listed.length);
      expect(world.state.direct, about).toMatchObject({ state: "done", error: null });
    }
    expect(kills).toBeGreaterThan(40);
  }, 30_000);

  it("does not press again for items of which it does not know whether they were listed", async () => {
    tool.onConfirm = () => "lost";
    await world.until(press);
    expect(tool.listed).toEqual(["IT1", "IT2"]);
    expect(world.state.direct?.state).toBe("done");
  });

  it("presses once more for what still lies in its folder long after a press that nobody answered", async () => {
    let dropped = 1;
    tool.onConfirm = () => ((dropped -= 1) >= 0 ? "dropped" : "answer");
    const begun = world.now;
    await world.until(press);
    expect([tool.listed, [...tool.saved]]).toEqual([["IT1", "IT2"], []]);
    expect(world.now - begun).toBeGreaterThan(120_000);
    expect(world.state.direct).toMatchObject({ state: "done", leftInFolder: [] });
  });

  it("gives up in the end and says what was left in the folder", async () => {
    tool.onConfirm = () => "dropped";
    await world.until(press);
    expect(tool.listed).toEqual([]);
    expect(world.state.direct).toMatchObject({ state: "done", leftInFolder: ["IT1", "IT2"] });
  });

  it("names what never came into its folder within the wait, for only a person can look for it", async () => {
    const page = tool.page.bind(tool);
    tool.page = (contract, url) => {
      const reading = page(contract, url);
      if (contract.phase !== "folder" || reading.kind !== "rows") return reading;
      const shown = reading.rows.filter((row) => row["management_number"] !== "IT2");
      return shown.length > 0 ? { ...reading, rows: shown } : { kind: "empty", store: reading.store };
    };
    await world.until(press);
    expect(tool.listed).toEqual(["IT1"]);
    expect(world.state.direct).toMatchObject({ state: "done", leftInFolder: ["IT2"] });
  });

  it("goes on after a login that was lost just before the items were ticked", async () => {
    const shows = tool.shows.bind(tool);
    tool.shows = (contract) => (contract.phase === "exhibit" ? { kind: "loginRequired" } : shows(contract));
    await world.until(press);
    expect(world.state.direct).toMatchObject({ state: "failed", step: "exhibiting", error: { code: "LOGIN_REQUIRED" } });
    tool.shows = shows;
    await world.until(press);
    expect([tool.uploads, tool.listed, world.state.direct?.state]).toEqual([1, ["IT1", "IT2"], "done"]);
  });

  it("opens a page anew that was too old, and not for ever", async () => {
    let stale = 1;
    tool.onConfirm = () => ((stale -= 1) >= 0 ? "stale" : "answer");
    await world.until(press);
    expect(tool.listed).toEqual(["IT1", "IT2"]);
    begin();
    tool.onConfirm = () => "stale";
    await world.until(press);
    expect([tool.listed, world.state.direct?.state]).toEqual([[], "done"]);
  });

  it("tells what was refused, item by item, and that it still lies in its folder", async () => {
    tool.refused.set("IT2", "配送グループ");
    await world.until(press);
    expect(tool.listed).toEqual(["IT1"]);
    expect(world.backOffice.outcomes.at(-1)).toMatchObject({
      kind: "accepted",
      refused: [{ position: 2, reason: "配送グループ（競りナビのフォルダに残っています。フォルダから削除してから、直して出品し直してください）" }],
    });
  });

  it("never puts up for sale what was sold in the shop since it was uploaded, and says where it lies", async () => {
    world.backOffice.risks.set("IT2", "在庫がありません（ほかで売れました）。");
    await world.until(press);
    expect([tool.listed, [...tool.saved.values()]]).toEqual([["IT1"], ["IT2"]]);
    const reason = "在庫がありません（ほかで売れました）。（競りナビのフォルダに残っています。フォルダから削除してください）";
    expect(world.backOffice.outcomes.at(-1)).toMatchObject({ kind: "accepted", refused: [{ position: 2, reason }] });
    expect(world.state.direct?.state).toBe("done");
  });

  it("looks once more just before it presses", async () => {
    const tick = tool.tick.bind(tool);
    tool.tick = (values) => {
      world.backOffice.risks.set("IT1", "在庫がありません（ほかで売れました）。");
      return tick(values);
    };
    await world.until(press);
    expect(tool.listed).toEqual(["IT2"]);
  });

  it("does not call refused what it has put up for sale and what was sold after that", async () => {
    tool.onConfirm = () => {
      world.backOffice.risks.set("IT1", "在庫がありません（ほかで売れました）。");
      return "answer";
    };
    await world.until(press);
    expect(tool.listed).toEqual(["IT1", "IT2"]);
    expect(world.backOffice.outcomes.at(-1)).toMatchObject({ kind: "accepted", refused: [] });
  });

  it("tells what became 要確認 in its folder while nobody went on, and does not list it", async () => {
    const shows = tool.shows.bind(tool);
    tool.shows = (contract) => (contract.phase === "exhibit" ? { kind: "loginRequired" } : shows(contract));
    await world.until(press);
    tool.shows = shows;
    for (const item of world.backOffice.uploads[0]?.items ?? []) item.state = "needs_review";
    await world.until(press);
    expect(tool.listed).toEqual([]);
    expect(world.state.direct).toMatchObject({ state: "done", leftInFolder: ["IT1", "IT2"] });
  });

  it("of an account that was stopped meanwhile is left to the lists", async () => {
    const shows = tool.shows.bind(tool);
    tool.shows = (contract) => (contract.phase === "exhibit" ? { kind: "loginRequired" } : shows(contract));
    await world.until(press);
    world.backOffice.accounts = [account({ profile: "current", enabled: false })];
    if (world.state.context !== null) world.state.context.value.accounts = world.backOffice.accounts;
    await world.until(press);
    expect(world.state.direct).toMatchObject({ state: "failed", step: "exhibiting" });
    await world.until(press);
    expect([world.state.direct?.state, tool.listed]).toEqual(["done", []]);
  });

  it("takes no message for a refusal that the history knows better", async () => {
    const says: Reading = { kind: "answer", answer: "refused", message: "混み合っています。しばらくお待ちください", refused: [] };
    tool.onUpload = () => ({ says, isTaken: true });
    await world.until(press);
    expect([tool.uploads, tool.listed, world.backOffice.outcomes.at(-1)?.kind]).toEqual([1, ["IT1", "IT2"], "accepted"]);
    begin();
    tool.onUpload = () => ({ says, isTaken: false });
    await world.until(press);
    expect([tool.uploads, world.backOffice.outcomes.at(-1)?.kind, world.state.direct?.state]).toEqual([1, "refused", "done"]);
  });

  it("opens the form anew that could not be filled in, and sends nothing before", async () => {
    const shows = tool.shows.bind(tool);
    let broken = 2;
    tool.shows = (contract) =>
      contract.phase === "upload" && (broken -= 1) >= 0 ? { kind: "answer", answer: "unknown", message: "通信エラー", refused: [] } : shows(contract);
    await world.until(press);
    expect([tool.uploads, tool.listed, world.state.direct?.state]).toEqual([1, ["IT1", "IT2"], "done"]);
  });

  it("reads the pages of the folders no faster than the shop allows", async () => {
    const times: number[] = [];
    const page = tool.page.bind(tool);
    tool.page = (contract, url) => {
      if (contract.phase === "folders" || contract.phase === "folder") times.push(world.now);
      return page(contract, url);
    };
    await world.until(press);
    const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1_000);
  });

  it("lists one of two items that were saved under one number", async () => {
    world.tool = tool = new StoreTool(["IT1", "IT1", "IT2"]);
    await world.until(press);
    expect(tool.listed.toSorted()).toEqual(["IT1", "IT2"]);
  });

  it("takes no 管理番号 for another one that begins like it", async () => {
    world.backOffice.numbers = ["A#1", "A"];
    world.tool = tool = new StoreTool(["A#1", "A"]);
    const page = tool.page.bind(tool);
    // One page shows the one, the next look the other.
    tool.page = (contract, url) => {
      const reading = page(contract, url);
      return contract.phase === "folder" && reading.kind === "rows" ? { ...reading, rows: reading.rows.slice(0, 1) } : reading;
    };
    await world.until(press);
    expect(tool.listed).toEqual(["A#1", "A"]);
  });

  it("stops where the back office has switched a contract off", async () => {
    world.backOffice.disabledContracts = ["current_exhibit@1"];
    await world.until(press);
    expect([tool.listed, world.state.direct?.error?.code]).toEqual([[], "CONTRACT_DISABLED"]);
    await world.until(press);
    expect([tool.listed, world.state.direct?.state]).toEqual([[], "done"]);
  });
});
