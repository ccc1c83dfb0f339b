import type { Account, Batch } from "../../generated/api.ts";
import type { Stored } from "../../core/state.ts";

/** What the popup's parts are drawn from. */
export interface View {
  state: Stored;
  accounts: Account[];
  /** The account that the popup works on; null before there is any. */
  account: Account | null;
  /** The files of that account, newest first; null until they have arrived. */
  batches: Batch[] | null;
}

/** An account as staff recognise it at the marketplace's login. */
export function storeLabel({ name, store_id }: Account): string {
  return `${name}（${store_id}）`;
}

/** The account chosen here before, else the first one that is not disabled. */
export function chosenAccount(state: Stored): Account | null {
  const accounts = state.context?.value.accounts ?? [];
  const chosen = accounts.find(({ id }) => id === state.choice.accountId);
  return chosen ?? accounts.find(({ enabled }) => enabled) ?? accounts[0] ?? null;
}

/** The file chosen in the pulldown, or the newest. */
export function chosenBatch({ state, batches }: View): Batch | null {
  return batches?.find(({ id }) => id === state.choice.batchId) ?? batches?.[0] ?? null;
}
