import type { Marker, PageContract, Reading } from "../../src/core/contracts/contract.ts";

const STORE = "mihon_store";

/** The pages of a store on which an order is marked as shipped and an auction ended, of either generation. */
export class MarketPages {
  /** Order → its status. */
  readonly orders = new Map([["x1", "入金済み"]]);
  readonly auctions = new Map<string, { bids: number; result: string | null }>([
    ["a0", { bids: 1, result: null }],
    ["a1", { bids: 0, result: null }],
  ]);
  /** What was typed, ticked and clicked, in order. */
  readonly typed: string[] = [];
  clicks: string[] = [];
  store = STORE;
  /** What a click says or does wrong; a test may replace it. */
  onClick: () => "answer" | "lost" | "not done" | "refused" | "stale" = () => "answer";
  /** Called whenever the public page of an auction is read. */
  onPublicPage: (id: string) => void = () => undefined;
  /** Replaces what a page shows. */
  instead: (contract: PageContract) => Reading | null = () => null;
  canClick: boolean | null = true;
  private shown = "";
  private ticked: string[] = [];
  private asksAbout: string | null = null;
  private says: Reading | null = null;

  open(url: string): void {
    Object.assign(this, { shown: keyOf(url), ticked: [], asksAbout: null, says: null });
  }

  fill(values: { selector: string; value: string }[]): boolean {
    this.typed.push(...values.map(({ value }) => value));
    return true;
  }

  tick(values: string[]): boolean {
    this.ticked = values;
    return true;
  }

  click({ text }: Marker): boolean | null {
    if (text === "出品を取り消す") {
      this.asksAbout = this.ticked[0] ?? null;
      return true;
    }
    if (this.canClick === false) return false;
    const key = this.asksAbout ?? this.shown;
    this.clicks.push(key);
    const what = this.onClick();
    if (what === "answer" || what === "lost") this.happen(key);
    this.says = what === "lost" || what === "not done" ? null : answer(what);
    if (this.says === null) this.shown = "";
    return this.canClick;
  }

  private happen(key: string): void {
    const auction = this.auctions.get(key);
    if (auction !== undefined) auction.result = "取消";
    else this.orders.set(key, "発送済み");
  }

  shows(contract: PageContract): Reading | null {
    const other = this.instead(contract);
    if (other !== null) return other;
    if (contract.phase === "detail" && this.shown !== "") return this.order(this.shown);
    if (this.says !== null) return this.says;
    if (this.shown === "" && contract.phase === "ship") return null;
    if (contract.phase === "ship" && this.orders.get(this.shown) === "発送済み") return answer("answer");
    if (contract.phase === "withdraw" && this.auctions.get(this.shown)?.result != null) return answer("refused");
    const about = contract.form?.tick === undefined ? this.shown : this.asksAbout;
    return { kind: "form", store: this.store, about };
  }

  page(contract: PageContract, url: string): Reading {
    if (contract.load === "tab") this.open(url);
    const other = this.instead(contract);
    if (other !== null) return other;
    const key = keyOf(url);
    if (contract.phase === "detail") return this.order(key);
    if (contract.phase === "item") {
      this.onPublicPage(key);
      const fields = { auction_id: key, bid_count: this.auctions.get(key)?.bids ?? 0, ends_at: "2026-11-25T12:00:00Z" };
      return { kind: "record", store: "", fields, lists: {}, fallbackUsed: [] };
    }
    const isClosed = contract.phase === "closed";
    const found = [...this.auctions].filter(([, { result }]) => (result !== null) === isClosed);
    if ((contract.phase !== "selling" && !isClosed) || found.length === 0) return { kind: "empty", store: this.store };
    const rows = found.map(([auction_id, { bids, result }]) => ({
      auction_id,
      management_number: `IT-${auction_id}`,
      title: "腕時計",
      current_price: 1_000,
      bid_count: bids,
      ends_at: "2026-11-25T12:00:00Z",
      result,
    }));
    return { kind: "rows", store: this.store, rows, more: false, fallbackUsed: [] };
  }

  private order(key: string): Reading {
    const item = { auction_id: key, management_number: null, title: "腕時計", quantity: 1, unit_price: 1_500 };
    const fields = { auction_id: key, status: this.orders.get(key) ?? null, status_options: ["入金済み", "発送済み"], total: null };
    return { kind: "record", store: this.store, fields, lists: { items: [item] }, fallbackUsed: [] };
  }
}

function keyOf(url: string): string {
  return /(?:aid=|\/auction\/|\/detail\/)([a-z0-9-]+)/.exec(url)?.[1] ?? "";
}

function answer(what: string): Reading {
  const kinds = { answer: "accepted", refused: "refused", stale: "not_taken" } as const;
  const words = { answer: "変更しました", refused: "入札があるため、取り消せません。", stale: "有効期限が切れました" } as const;
  const kind = what as keyof typeof kinds;
  return { kind: "answer", answer: kinds[kind], message: words[kind], refused: [] };
}
