import { nextDue, type Interval } from "../core/schedule.ts";
import { isServed } from "../core/state.ts";
import type { Ports } from "./ports.ts";
import { requestSync } from "./runSync.ts";
import { tellPlan } from "./tellPlan.ts";

/** Chosen in the popup's pulldown: from now on, every so many minutes. */
export async function setInterval(ports: Ports, accountId: number, minutes: Interval): Promise<void> {
  const plan = { minutes, since: ports.clock.now() };
  await ports.store.update(({ plans }) => ({ plans: { ...plans, [accountId]: plan } }));
  await tellPlan(ports, accountId);
}

/** Asks for a pass of every account whose interval is over; of one that was stopped when it is served again. */
export async function requestDuePasses(ports: Ports): Promise<void> {
  const state = await ports.store.read();
  const { plans, results, failures, run, device } = state;
  if (device === null) return;
  for (const [id, plan] of Object.entries(plans)) {
    const due = nextDue(plan, results[id], failures[id] ?? 0, ports.clock.now());
    const isRunning = run?.accountId === Number(id);
    if (due !== null && due <= ports.clock.now() && !isRunning && isServed(state, Number(id))) await requestSync(ports, Number(id), "schedule");
  }
}
