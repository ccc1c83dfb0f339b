import { beforeEach, describe, expect, it } from "vitest";
import { refreshContext } from "../../src/services/paired.ts";
import { driveRuns } from "../../src/services/runSync.ts";
import { requestDuePasses, setInterval } from "../../src/services/schedule.ts";
import { account } from "../support/fakeBackOffice.ts";
import { World } from "../support/world.ts";

const MINUTE = 60_000;
let world: World;

beforeEach(async () => {
  world = new World();
  await world.until((ports) => setInterval(ports, 1, 15));
});

async function tick(): Promise<void> {
  await world.until(async (ports) => {
    await requestDuePasses(ports);
    await driveRuns(ports);
  });
}

describe("R17 every N minutes", () => {
  it("runs when the interval is over and not before", async () => {
    world.now += 15 * MINUTE - 1;
    await tick();
    expect(world.backOffice.runs).toEqual([]);
    world.now += 1;
    await tick();
    expect(world.backOffice.runs.map(({ body }) => body.trigger)).toEqual(["schedule"]);
    await tick();
    expect(world.backOffice.runs).toHaveLength(1);
  });

  it("goes on when this PC's clock is set back, at its interval and not at every tick", async () => {
    world.now += 15 * MINUTE;
    await tick();
    world.now -= 365 * 24 * 60 * MINUTE;
    await tick();
    expect(world.backOffice.runs).toHaveLength(2);
    world.now += MINUTE;
    await tick();
    expect(world.backOffice.runs).toHaveLength(2);
    world.now += 15 * MINUTE;
    await tick();
    expect(world.backOffice.runs).toHaveLength(3);
  });

  it("keeps its interval while another PC reads the account", async () => {
    world.backOffice.refuse = (_method, path) =>
      path.endsWith("/runs") ? { status: 409, code: "ALREADY_RUNNING", holder: "レジ2" } : null;
    for (let due = 0; due < 3; due += 1) {
      world.now += 15 * MINUTE;
      await tick();
    }
    world.backOffice.refuse = () => null;
    world.now += 15 * MINUTE;
    await tick();
    expect(world.backOffice.runs).toHaveLength(1);
  });

  it("rests while the account is stopped, and goes on when it is not", async () => {
    world.backOffice.accounts = [account({ enabled: false })];
    world.now += 15 * MINUTE;
    await tick();
    const { at } = world.state.results["1"] ?? {};
    world.now += 120 * MINUTE;
    await tick();
    expect(world.state.results["1"]?.at, "it is not asked again and again").toBe(at);
    world.backOffice.accounts = [account()];
    await world.until(async (ports) => void (await refreshContext(ports)));
    await tick();
    expect(world.backOffice.runs).toHaveLength(1);
  });

  it("tells the back office when the next one is due, and that there is none", async () => {
    const in15Minutes = (from: number) => new Date(from + 15 * MINUTE).toISOString();
    expect(world.backOffice.plans.get(1)).toBe(in15Minutes(world.now));
    world.now += 15 * MINUTE;
    await tick();
    expect(world.backOffice.plans.get(1)).toBe(in15Minutes(Date.parse(world.state.results["1"]?.at ?? "")));
    await world.until((ports) => setInterval(ports, 1, 0));
    expect(world.backOffice.plans.get(1)).toBeNull();
  });

  it("counts from the last run", async () => {
    world.now += 15 * MINUTE;
    await tick();
    const ended = Date.parse(world.state.results["1"]?.at ?? "");
    world.now = ended + 15 * MINUTE - 1;
    await tick();
    expect(world.backOffice.runs).toHaveLength(1);
    world.now = ended + 15 * MINUTE;
    await tick();
    expect(world.backOffice.runs).toHaveLength(2);
  });

  it("does not run by hand-only", async () => {
    await world.until((ports) => setInterval(ports, 1, 0));
    world.now += 24 * 60 * MINUTE;
    await tick();
    expect(world.backOffice.runs).toEqual([]);
  });

  it("does not hammer a login that has expired: the pauses grow to an hour", async () => {
    world.pages.selling = () => ({ kind: "loginRequired" });
    const pauses: number[] = [];
    for (let runs = 0; runs < 4; runs += 1) {
      const from = world.now;
      while (world.backOffice.runs.length === runs) {
        world.now += MINUTE;
        await tick();
      }
      pauses.push(Math.round((world.now - from) / MINUTE));
    }
    expect(pauses).toEqual([15, 30, 60, 60]);
  });
});
