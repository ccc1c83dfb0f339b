import type { PageContract, Phase, WorkPhase } from "./contract.ts";
import { partsOf } from "./records.ts";
import classicClosed from "../../../../shared_schemas/page_contracts/yahoo_auction/classic_closed.v1.json";
import classicOrder from "../../../../shared_schemas/page_contracts/yahoo_auction/classic_order.v1.json";
import classicSelling from "../../../../shared_schemas/page_contracts/yahoo_auction/classic_selling.v1.json";
import classicShip from "../../../../shared_schemas/page_contracts/yahoo_auction/classic_ship.v1.json";
import classicUpload from "../../../../shared_schemas/page_contracts/yahoo_auction/classic_upload.v1.json";
import classicWithdraw from "../../../../shared_schemas/page_contracts/yahoo_auction/classic_withdraw.v1.json";
import classicWon from "../../../../shared_schemas/page_contracts/yahoo_auction/classic_won.v1.json";
import currentClosed from "../../../../shared_schemas/page_contracts/yahoo_auction/current_closed.v1.json";
import currentExhibit from "../../../../shared_schemas/page_contracts/yahoo_auction/current_exhibit.v1.json";
import currentFolder from "../../../../shared_schemas/page_contracts/yahoo_auction/current_folder.v1.json";
import currentFolders from "../../../../shared_schemas/page_contracts/yahoo_auction/current_folders.v1.json";
import currentHistory from "../../../../shared_schemas/page_contracts/yahoo_auction/current_history.v1.json";
import currentNumbered from "../../../../shared_schemas/page_contracts/yahoo_auction/current_numbered.v1.json";
import currentOrder from "../../../../shared_schemas/page_contracts/yahoo_auction/current_order.v1.json";
import currentSelling from "../../../../shared_schemas/page_contracts/yahoo_auction/current_selling.v1.json";
import currentShip from "../../../../shared_schemas/page_contracts/yahoo_auction/current_ship.v1.json";
import currentUpload from "../../../../shared_schemas/page_contracts/yahoo_auction/current_upload.v1.json";
import currentWithdraw from "../../../../shared_schemas/page_contracts/yahoo_auction/current_withdraw.v1.json";
import currentWon from "../../../../shared_schemas/page_contracts/yahoo_auction/current_won.v1.json";
import publicItem from "../../../../shared_schemas/page_contracts/yahoo_auction/public_item.v1.json";

/** Every contract of this package. They are checked against their schema at build time. */
export const CONTRACTS: readonly PageContract[] = [
  classicSelling,
  classicClosed,
  classicWon,
  classicOrder,
  classicUpload,
  currentSelling,
  currentClosed,
  currentWon,
  currentNumbered,
  currentOrder,
  currentUpload,
  currentHistory,
  currentFolders,
  currentFolder,
  currentExhibit,
  classicShip,
  classicWithdraw,
  currentShip,
  currentWithdraw,
  publicItem,
] as unknown as PageContract[];

/** The contract that reads a phase's pages, or undefined where this version knows none. */
export function contractFor(profile: "classic" | "current", phase: Phase | WorkPhase): PageContract | undefined {
  return CONTRACTS.find((contract) => [profile, "any"].includes(contract.profile) && contract.phase === phase);
}

/** The contract for a store that has the page elsewhere on the same host; on another host nothing is ever read. */
export function contractAt(contract: PageContract, address: string | undefined): PageContract {
  if (address === undefined) return contract;
  const { origin, pathname } = new URL(address);
  if (origin !== new URL(contract.url).origin) return contract;
  const url = address.includes("{page}") ? address : `${address}${address.includes("?") ? "&" : "?"}page={page}`;
  return { ...contract, address, url, pages: [origin + pathname] };
}

/** The address of one of its pages. `key`: an auction id, 「auction/winner」, or an order number. */
export function pageUrl(contract: PageContract, storeId: string, page: number, key: string | null): string {
  const { id, winner } = partsOf(key ?? "");
  const url = winner === null ? contract.url : (contract.url_of_winner ?? contract.url);
  const values = { page: String(page), store: storeId, key: encodeURIComponent(id), winner: encodeURIComponent(winner ?? "") };
  return Object.entries(values).reduce((filled, [name, value]) => filled.replace(`{${name}}`, () => value), url);
}
