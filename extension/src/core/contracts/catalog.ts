import type { PageContract, Phase, WorkPhase } from "./contract.ts";
import classicClosed from "../../../../shared_schemas/page_contracts/yahoo_auction/classic_closed.v1.json";
import classicOrder from "../../../../shared_schemas/page_contracts/yahoo_auction/classic_order.v1.json";
import classicSelling from "../../../../shared_schemas/page_contracts/yahoo_auction/classic_selling.v1.json";
import classicUpload from "../../../../shared_schemas/page_contracts/yahoo_auction/classic_upload.v1.json";
import classicWon from "../../../../shared_schemas/page_contracts/yahoo_auction/classic_won.v1.json";

/** Every contract of this package. They are checked against their schema at build time. */
export const CONTRACTS: readonly PageContract[] = [
  classicSelling,
  classicClosed,
  classicWon,
  classicOrder,
  classicUpload,
] as unknown as PageContract[];

/** The contract that reads a phase's pages, or undefined where this version knows none. */
export function contractFor(profile: PageContract["profile"], phase: Phase | WorkPhase): PageContract | undefined {
  return CONTRACTS.find((contract) => contract.profile === profile && contract.phase === phase);
}

/** The address of one of its pages. */
export function pageUrl(contract: PageContract, page: number, auctionId: string | null): string {
  return contract.url.replace("{page}", String(page)).replace("{auction_id}", encodeURIComponent(auctionId ?? ""));
}
