import { beforeEach, describe, expect, it } from "vitest";
import { EMPTY } from "../../src/core/state.ts";
import { awaitPairing, disconnect, saveTenant } from "../../src/services/pair.ts";
import { ORIGIN, TOKEN } from "../support/fakeBackOffice.ts";
import { World } from "../support/world.ts";

const PAIRED = { status: "paired", device_token: TOKEN, device_id: 4, tenant_name: "リユース見本店" };
const PENDING = {
  status: "pending",
  device_code: "device-code-device-code",
  user_code: "BCDF-GHJK",
  verification_uri: `${ORIGIN}/settings/devices/pair`,
  interval: 5,
  expires_in: 600,
};

let world: World;

beforeEach(() => {
  world = new World();
  world.state = structuredClone(EMPTY);
});

describe("R13 保存する", () => {
  it("pairs at once where the browser is logged in to the tenant", async () => {
    await world.until((ports) => saveTenant(ports, ORIGIN, "レジ1"));
    expect(world.backOffice.pairings).toEqual([
      { device_name: "レジ1", extension_version: "0.1.0", browser: "Chrome 156 (Windows)" },
    ]);
    expect(world.state.tenant).toEqual({ origin: ORIGIN, name: "リユース見本店" });
    expect(world.state.device).toEqual({ id: 4, name: "レジ1", token: TOKEN });
    expect(world.state.context?.value.accounts).toHaveLength(1);
    expect(world.opened).toEqual([]);
  });

  it("else shows a code, opens the tenant's page for it and waits for the login", async () => {
    world.backOffice.pairingAnswer = PENDING;
    world.backOffice.pollAnswers = [{ status: "pending" }, { status: "pending" }, PAIRED];
    await world.until((ports) => saveTenant(ports, ORIGIN, "レジ1"));
    expect(world.state.pairing?.userCode).toBe("BCDF-GHJK");
    expect(world.opened).toEqual([PENDING.verification_uri]);
    const begun = world.now;
    await world.until(awaitPairing);
    expect(world.now - begun).toBe(15_000);
    expect(world.state.pairing).toBeNull();
    expect(world.state.device).toEqual({ id: 4, name: "レジ1", token: TOKEN });
  });

  it.each([
    ["denied", "PAIRING_DENIED"],
    ["expired", "PAIRING_EXPIRED"],
  ])("says so when the code is %s", async (status, code) => {
    world.backOffice.pairingAnswer = PENDING;
    world.backOffice.pollAnswers = [{ status }];
    await world.until((ports) => saveTenant(ports, ORIGIN, "レジ1"));
    await world.until(awaitPairing);
    expect(world.state).toMatchObject({ pairing: null, device: null, pairingError: { code } });
  });

  it("stops asking when the code's time is over", async () => {
    world.backOffice.pairingAnswer = PENDING;
    await world.until((ports) => saveTenant(ports, ORIGIN, "レジ1"));
    await world.until(awaitPairing);
    expect(world.state.pairingError?.code).toBe("PAIRING_EXPIRED");
  });

  it("survives a back office that is away for a while", async () => {
    world.backOffice.pairingAnswer = PENDING;
    world.backOffice.pollAnswers = [PAIRED];
    await world.until((ports) => saveTenant(ports, ORIGIN, "レジ1"));
    let refusals = 3;
    world.backOffice.refuse = (_method, path) => (path.endsWith("/poll") && (refusals -= 1) >= 0 ? "unreachable" : null);
    await world.until(awaitPairing);
    expect(world.state.device?.token).toBe(TOKEN);
  });

  it("changes nothing when the address does not answer", async () => {
    await world.until((ports) => saveTenant(ports, ORIGIN, "レジ1"));
    const before = world.state;
    world.backOffice.refuse = () => "unreachable";
    await expect(world.until((ports) => saveTenant(ports, ORIGIN, "レジ2"))).rejects.toMatchObject({
      code: "BACKEND_DOWN",
    });
    expect(world.state).toEqual(before);
  });

  it("does not start without the host's permission", async () => {
    world.granted = false;
    await expect(world.until((ports) => saveTenant(ports, ORIGIN, "レジ1"))).rejects.toMatchObject({
      code: "PERMISSION_MISSING",
      subject: ORIGIN,
    });
    expect(world.backOffice.pairings).toEqual([]);
  });
});

describe("R13 a pairing that something came between", () => {
  beforeEach(async () => {
    world.backOffice.pairingAnswer = PENDING;
    world.backOffice.pollAnswers = [PAIRED];
    await world.until((ports) => saveTenant(ports, ORIGIN, "レジ1"));
  });

  it.each(["unreachable", { status: 403, code: "SOMETHING" }] as const)("stays given up, whatever its last question is answered (%j)", async (answer) => {
    world.backOffice.refuse = (_method, path) => {
      if (path.endsWith("/poll")) world.state = { ...world.state, pairing: null };
      return path.endsWith("/poll") ? answer : null;
    };
    await world.until(awaitPairing);
    expect(world.state).toMatchObject({ pairing: null, device: null, pairingError: null });
  });

  it("leaves the one that was begun meanwhile alone", async () => {
    const newer = { ...(world.state.pairing ?? expect.fail()), deviceCode: "another-code-another-code" };
    world.backOffice.refuse = (_method, path) => {
      if (path.endsWith("/poll") && world.state.pairing?.deviceCode === PENDING.device_code) {
        world.state = { ...world.state, pairing: newer };
        return { status: 403, code: "SOMETHING" };
      }
      return null;
    };
    await world.until(awaitPairing);
    expect(world.state).toMatchObject({ pairing: null, pairingError: null, device: { token: TOKEN } });
  });

  it("is done although the first look at the shop fails", async () => {
    world.backOffice.refuse = (_method, path) => (path.endsWith("/context") ? "unreachable" : null);
    await world.until(awaitPairing);
    expect(world.state).toMatchObject({ pairing: null, pairingError: null, device: { token: TOKEN }, contextError: { code: "BACKEND_DOWN" } });
  });

  it("is not taken back by an answer that comes after 接続を解除", async () => {
    world.backOffice.refuse = (_method, path) => {
      if (path.endsWith("/context")) world.state = { ...world.state, device: null };
      return null;
    };
    await world.until(awaitPairing);
    expect(world.state).toMatchObject({ device: null, context: null, contextError: null });
  });
});

describe("R13 接続を解除", () => {
  it("kills the token on both sides and forgets all but the address", async () => {
    await world.until((ports) => saveTenant(ports, ORIGIN, "レジ1"));
    await world.until(disconnect);
    expect(world.backOffice.revoked).toBe(true);
    expect(world.state).toMatchObject({ device: null, context: null, run: null, plans: {}, tenant: { origin: ORIGIN } });
  });

  it("works without the back office, too", async () => {
    await world.until((ports) => saveTenant(ports, ORIGIN, "レジ1"));
    world.backOffice.refuse = () => "unreachable";
    await world.until(disconnect);
    expect(world.state.device).toBeNull();
  });
});
