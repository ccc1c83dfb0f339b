import { AppError, asAppError } from "../core/errors.ts";
import { UNPAIRED, type PendingPairing, type Stored } from "../core/state.ts";
import type { Paired, PairingPending } from "../generated/api.ts";
import { refreshContext } from "./paired.ts";
import type { Ports } from "./ports.ts";

const SLOWER_AFTER_FAILURE = 2;

/**
 * 【保存する】: remembers the tenant and pairs with it, at once where this browser is logged in to it; otherwise the
 * code to enter is stored and the tenant's own page for it opens. The host permission was granted in the same click.
 */
export async function saveTenant(ports: Ports, origin: string, deviceName: string): Promise<void> {
  if (!(await ports.hasHost(origin))) throw new AppError("PERMISSION_MISSING", "", { subject: origin });
  const before = await ports.store.read();
  const answer = await ports.backend(origin, null).pair({
    device_name: deviceName,
    extension_version: ports.device.version,
    browser: await ports.device.browser(),
  });
  // The old pairing goes only now: an address that does not answer changes nothing.
  await forgetOldDevice(ports, before);
  await ports.store.update(() => ({ ...UNPAIRED, tenant: { origin, name: "" }, pairing: null, pairingError: null }));
  if (answer.status === "paired") return paired(ports, origin, answer, deviceName);
  await ports.store.update(() => ({ pairing: pending(origin, answer, ports.clock.now()) }));
  await ports.openTab(answer.verification_uri);
}

function pending(origin: string, answer: PairingPending, now: number): PendingPairing {
  return {
    origin,
    deviceCode: answer.device_code,
    userCode: answer.user_code,
    verificationUri: answer.verification_uri,
    intervalMs: answer.interval * 1_000,
    expiresAt: now + answer.expires_in * 1_000,
  };
}

async function paired(ports: Ports, origin: string, answer: Paired, name: string): Promise<void> {
  await ports.store.update(() => ({
    tenant: { origin, name: answer.tenant_name },
    device: { id: answer.device_id, name, token: answer.device_token },
    pairing: null,
    pairingError: null,
  }));
  const context = await refreshContext(ports);
  await ports.store.update(({ device }) =>
    device?.token === answer.device_token ? { device: { ...context.device, token: answer.device_token } } : {},
  );
}

/** Asks until somebody has entered the code, refused it, or let it expire. Goes on after a killed worker. */
export async function awaitPairing(ports: Ports): Promise<void> {
  for (;;) {
    const { pairing } = await ports.store.read();
    if (pairing === null) return;
    if (ports.clock.now() >= pairing.expiresAt) {
      await endPairing(ports, pairing, new AppError("PAIRING_EXPIRED"));
      continue;
    }
    await ports.clock.sleep(pairing.intervalMs);
    await pollOnce(ports, pairing);
  }
}

async function pollOnce(ports: Ports, pairing: PendingPairing): Promise<void> {
  try {
    const answer = await ports.backend(pairing.origin, null).pollPairing(pairing.deviceCode);
    const { pairing: now } = await ports.store.read();
    // 接続を解除 or another 保存する came between.
    if (now?.deviceCode !== pairing.deviceCode) return;
    if (answer.status === "paired") return await paired(ports, pairing.origin, answer, "");
    if (answer.status === "denied") await endPairing(ports, pairing, new AppError("PAIRING_DENIED"));
    if (answer.status === "expired") await endPairing(ports, pairing, new AppError("PAIRING_EXPIRED"));
  } catch (thrown) {
    const error = asAppError(thrown);
    const intervalMs = Math.min(60_000, pairing.intervalMs * SLOWER_AFTER_FAILURE);
    await endPairing(ports, pairing, error, error.retryable ? { ...pairing, intervalMs } : null);
  }
}

/** Only this pairing: it may be done by now, given up, or another one may wait. */
async function endPairing(ports: Ports, { deviceCode }: PendingPairing, error: AppError, next: PendingPairing | null = null): Promise<void> {
  await ports.store.update(({ pairing }) =>
    pairing?.deviceCode === deviceCode ? { pairing: next, pairingError: error.report } : {},
  );
}

/** 接続を解除: the token is dead on both sides. A back office that cannot be reached does not keep us. */
export async function disconnect(ports: Ports): Promise<void> {
  const before = await ports.store.read();
  await forgetOldDevice(ports, before);
  await ports.store.update(() => ({ ...UNPAIRED, pairing: null, pairingError: null }));
}

async function forgetOldDevice(ports: Ports, { tenant, device, run }: Stored): Promise<void> {
  if (run?.server) await ports.queue.drop(run.server.runId);
  if (tenant === null || device === null) return;
  try {
    await ports.backend(tenant.origin, device.token).forgetDevice();
  } catch (thrown) {
    const { code, report } = asAppError(thrown);
    // The back office lists the device until someone revokes it there; staff are told so.
    if (code !== "NOT_PAIRED") await ports.store.update(() => ({ contextError: report }));
  }
}
