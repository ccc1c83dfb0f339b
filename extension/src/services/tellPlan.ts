import { AppError } from "../core/errors.ts";
import { nextDue } from "../core/schedule.ts";
import { pairedBackend } from "./paired.ts";
import type { Ports } from "./ports.ts";

/** Tells the back office when this PC reads the account next. Only shown there: what fails is told after the next run. */
export async function tellPlan(ports: Ports, accountId: number): Promise<void> {
  const { plans, results, failures } = await ports.store.read();
  const due = nextDue(plans[accountId], results[accountId], failures[accountId] ?? 0, ports.clock.now());
  try {
    await (await pairedBackend(ports)).tellPlan(accountId, due === null ? null : new Date(due).toISOString());
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
  }
}
