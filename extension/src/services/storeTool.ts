import { contractFor } from "../core/contracts/catalog.ts";
import { contractName, type PageContract, type Reading, type WorkPhase } from "../core/contracts/contract.ts";
import { AppError } from "../core/errors.ts";
import type { DirectJob } from "../core/state.ts";
import type { Account } from "../generated/api.ts";
import type { Ports } from "./ports.ts";

/** The account whose store tool is worked in, and which contracts the back office has switched off. */
export interface Tool {
  account: Account;
  disabled: string[];
}

/** As the last context says. Throws BACKEND_REJECTED when the account is gone or stopped. */
export async function toolOf(ports: Ports, { accountId }: DirectJob): Promise<Tool> {
  const { context } = await ports.store.read();
  const account = context?.value.accounts.find(({ id }) => id === accountId);
  if (account === undefined || !account.enabled) throw new AppError("BACKEND_REJECTED", "", { subject: "account" });
  return { account, disabled: context?.value.disabled_contracts ?? [] };
}

export function contractOf({ account, disabled }: Tool, phase: WorkPhase): PageContract {
  const contract = contractFor(account.profile, phase);
  if (contract === undefined || disabled.includes(contractName(contract))) throw new AppError("CONTRACT_DISABLED", phase);
  return contract;
}

/** The page is one of these kinds and this store's own; throws what staff must know otherwise. */
export function assertKind(reading: Reading, kinds: Reading["kind"][], contract: PageContract, account: Account): void {
  switch (reading.kind) {
    case "loginRequired":
      throw new AppError("LOGIN_REQUIRED");
    case "notStore":
      throw new AppError("NOT_STORE");
    case "blocked":
    case "loading":
      throw new AppError("NETWORK", reading.kind);
    case "drift":
      throw new AppError("PAGE_DRIFT", reading.missing.join(", "), { subject: contractName(contract) });
    case "answer":
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
