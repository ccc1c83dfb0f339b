import type { Backend } from "../api/backend.ts";
import { AppError, asAppError } from "../core/errors.ts";
import type { Stored } from "../core/state.ts";
import type { Context } from "../generated/api.ts";
import type { Ports } from "./ports.ts";

/** The client of the tenant that this PC is paired with. Throws NOT_CONFIGURED, NOT_PAIRED, PERMISSION_MISSING. */
export async function pairedBackend(ports: Ports): Promise<Backend> {
  const { tenant, device } = await ports.store.read();
  if (tenant === null) throw new AppError("NOT_CONFIGURED");
  if (device === null) throw new AppError("NOT_PAIRED");
  if (!(await ports.hasHost(tenant.origin))) throw new AppError("PERMISSION_MISSING", "", { subject: tenant.origin });
  return ports.backend(tenant.origin, device.token);
}

/** Asks the back office how things stand, and keeps the answer for the popup. */
export async function refreshContext(ports: Ports): Promise<Context> {
  const { device: asked } = await ports.store.read();
  /** What was learnt of one pairing says nothing about the next. */
  const keep = (learnt: Partial<Stored>): Promise<void> =>
    ports.store.update(({ device }) => (device?.token === asked?.token ? learnt : {}));
  try {
    const value = await (await pairedBackend(ports)).context();
    await keep({ context: { at: ports.clock.now(), value }, contextError: null });
    return value;
  } catch (thrown) {
    const error = asAppError(thrown);
    await keep({ contextError: error.report });
    throw error;
  }
}
