import { contractAt, contractFor } from "../core/contracts/catalog.ts";
import { contractName, type PageContract, type Phase, type Reading, type WorkPhase } from "../core/contracts/contract.ts";
import { AppError } from "../core/errors.ts";
import type { Account } from "../generated/api.ts";
import type { Ports } from "./ports.ts";

/** The account whose store tool is worked in, and which contracts the back office has switched off. */
export interface Tool {
  account: Account;
  disabled: string[];
  /** Between two pages that are read. */
  paceMs: number;
}

/** As the last context says. Throws BACKEND_REJECTED when the account is gone or stopped. */
export async function toolOf(ports: Ports, { accountId }: { accountId: number }): Promise<Tool> {
  const { context } = await ports.store.read();
  const account = context?.value.accounts.find(({ id }) => id === accountId);
  if (account === undefined || !account.enabled) throw new AppError("BACKEND_REJECTED", "", { subject: "account" });
  const { disabled_contracts: disabled = [], pacing } = context?.value ?? {};
  return { account, disabled, paceMs: pacing?.min_interval_ms ?? 1_000 };
}

export function contractOf({ account, disabled }: Tool, phase: Phase | WorkPhase): PageContract {
  const contract = contractFor(account.profile, phase);
  if (contract === undefined || disabled.includes(contractName(contract))) throw new AppError("CONTRACT_DISABLED", phase);
  return contractAt(contract, addressOf(account.page_addresses, phase));
}

/** Where this store has a page, if the shop said so. */
export function addressOf(addresses: Account["page_addresses"], phase: string): string | undefined {
  return phase === "selling" || phase === "closed" ? addresses?.[phase] : undefined;
}

const LOOK_EVERY_MS = 500;
/** A form that has not appeared by then will not. */
const FORM_WITHIN_MS = 30_000;

/** What the tab shows once it is settled: a form, or whatever it is when its time is over. Throws NETWORK. */
export async function settledTab(ports: Ports, contract: PageContract): Promise<Reading> {
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const reading = await ports.readTab(contract);
    const isSettled = reading !== null && reading.kind !== "loading" && reading.kind !== "drift";
    if (reading !== null && (isSettled || waited >= FORM_WITHIN_MS)) return reading;
    if (waited >= FORM_WITHIN_MS) throw new AppError("NETWORK", "the page does not load");
    await ports.clock.sleep(LOOK_EVERY_MS);
  }
}

/**
 * What the site says of what was clicked just now. Null: nothing within `withinMs`, or a tab that for `strangeForMs` shows
 * nothing, or nothing that we know, and will not say more. That is an answer too: only the site's lists can tell then.
 */
export async function siteAnswer(
  ports: Ports,
  contract: PageContract,
  { withinMs, strangeForMs }: { withinMs: number; strangeForMs: number },
): Promise<Extract<Reading, { kind: "answer" }> | null> {
  const { clock } = ports;
  const deadline = clock.now() + withinMs;
  let strangeSince: number | null = null;
  while (clock.now() < Math.min(deadline, (strangeSince ?? deadline) + strangeForMs)) {
    const reading = await ports.readTab(contract);
    if (reading?.kind === "answer") return reading;
    if (reading?.kind === "loginRequired" || reading?.kind === "blocked") return null;
    const isWaiting = reading?.kind === "form" || reading?.kind === "loading";
    strangeSince = isWaiting ? null : (strangeSince ?? clock.now());
    await clock.sleep(LOOK_EVERY_MS);
  }
  return null;
}

/** The page is one of these kinds and this store's own; throws what staff must know otherwise. */
export function assertKind(reading: Reading, kinds: Reading["kind"][], contract: PageContract, account: Account): void {
  switch (reading.kind) {
    case "loginRequired":
      throw new AppError("LOGIN_REQUIRED");
    case "notStore":
      throw new AppError("NOT_STORE");
    case "maintenance":
      throw new AppError("MAINTENANCE");
    case "blocked":
    case "loading":
      throw new AppError("NETWORK", reading.kind);
    case "drift":
      throw new AppError("PAGE_DRIFT", reading.missing.join(", "), { subject: contractName(contract) });
    case "answer":
      // 「通信エラー」 before anything was sent: the page could not be filled in.
      if (reading.answer === "unknown") throw new AppError("NETWORK", reading.message.slice(0, 200));
      throw new AppError("PAGE_DRIFT", "an answer to nothing", { subject: contractName(contract) });
    case "form":
    case "rows":
    case "empty":
    case "record":
      if (!kinds.includes(reading.kind)) throw new AppError("PAGE_DRIFT", reading.kind, { subject: contractName(contract) });
      if (reading.store === account.store_id) return;
      throw new AppError("WRONG_ACCOUNT", `${reading.store} ≠ ${account.store_id}`, { subject: reading.store });
  }
}
