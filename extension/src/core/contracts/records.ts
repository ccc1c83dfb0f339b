import type { Buyer, Listing, NumberRow, OrderDetail, OrderItem, OrderRow, Page } from "../../generated/api.ts";
import type { Reading, Row } from "./contract.ts";

function text(row: Row, name: string): string {
  const value = row[name];
  if (typeof value !== "string") throw new Error(`${name}: a contract must give a text`);
  return value;
}

function textOrNull(row: Row, name: string): string | null {
  return row[name] === undefined || row[name] === null ? null : text(row, name);
}

function number(row: Row, name: string): number {
  const value = row[name];
  if (typeof value !== "number") throw new Error(`${name}: a contract must give a number`);
  return value;
}

function numberOrNull(row: Row, name: string): number | null {
  return row[name] === undefined || row[name] === null ? null : number(row, name);
}

function listing(row: Row): Listing {
  return {
    auction_id: text(row, "auction_id"),
    management_number: textOrNull(row, "management_number"),
    title: text(row, "title"),
    current_price: number(row, "current_price"),
    bid_count: number(row, "bid_count"),
    ends_at: textOrNull(row, "ends_at"),
    result: textOrNull(row, "result"),
  };
}

/** A sale that has an order number by now is told by that order; null. */
function order(row: Row): OrderRow | null {
  const shown = textOrNull(row, "order");
  if (shown !== null && isOrderNumber(shown)) return null;
  return {
    auction_id: text(row, "auction_id"),
    management_number: textOrNull(row, "management_number"),
    title: text(row, "title"),
    winner: textOrNull(row, "winner") ?? "",
    amount: number(row, "amount"),
    won_at: text(row, "won_at"),
    status: shown ?? text(row, "status"),
  };
}

function isOrderNumber(shown: string): boolean {
  return /^[A-Za-z0-9_-]+-[0-9]{6,}$/.test(shown);
}

function numbered(row: Row): NumberRow {
  return { order_number: text(row, "order_number"), status: text(row, "status") };
}

function item(row: Row): OrderItem {
  return {
    auction_id: text(row, "auction_id"),
    management_number: textOrNull(row, "management_number"),
    title: text(row, "title"),
    quantity: number(row, "quantity"),
    unit_price: number(row, "unit_price"),
  };
}

/** Null while the winner has entered nothing at all. */
function buyer(row: Row): Buyer | null {
  const found: Buyer = {
    name: textOrNull(row, "buyer_name"),
    kana: textOrNull(row, "buyer_kana"),
    postal_code: textOrNull(row, "buyer_postal_code"),
    address: textOrNull(row, "buyer_address"),
    phone: textOrNull(row, "buyer_phone"),
  };
  return Object.values(found).every((value) => value === null) ? null : found;
}

function detail(row: Row, items: Row[]): OrderDetail {
  const options = row["status_options"];
  return {
    auction_id: textOrNull(row, "auction_id") ?? text(items[0] ?? row, "auction_id"),
    order_number: textOrNull(row, "order_number"),
    status: text(row, "status"),
    status_options: Array.isArray(options) ? options : [],
    ordered_at: textOrNull(row, "ordered_at"),
    items: items.map(item),
    buyer: buyer(row),
    shipping_method: textOrNull(row, "shipping_method"),
    payment_method: textOrNull(row, "payment_method"),
    shipping_fee: numberOrNull(row, "shipping_fee"),
    total: numberOrNull(row, "total"),
    message: textOrNull(row, "message"),
  };
}

type PageRows = Pick<Page, "listings" | "orders" | "numbers" | "details">;

/** What was read, as the back office's API takes it; `key`: what an order's page was asked for by. */
export function apiRows(phase: Page["phase"], reading: Reading, key: string | null = null): PageRows {
  const none: PageRows = { listings: [], orders: [], numbers: [], details: [] };
  if (reading.kind === "record") {
    // Told where it was asked for: an older back office does not know the field.
    const { winner } = partsOf(key ?? "");
    const of = winner === null ? {} : { winner };
    return { ...none, details: [{ ...detail(reading.fields, reading.lists["items"] ?? []), ...of }] };
  }
  if (reading.kind !== "rows") return none;
  switch (phase) {
    case "won":
      return { ...none, orders: reading.rows.map(order).filter((row) => row !== null) };
    case "numbered":
      return { ...none, numbers: reading.rows.map(numbered) };
    case "selling":
    case "closed":
    case "detail":
      return { ...none, listings: reading.rows.map(listing) };
  }
}

/** What an order's page is asked for by: an auction id or order number, and who won where an auction has several winners. */
export function partsOf(key: string): { id: string; winner: string | null } {
  const [id = "", winner = null] = key.split("/", 2);
  return { id, winner };
}

/** Whether an order's page is that of `key`; a bundled order may be shown under another of its auctions. */
export function isAbout({ fields, lists }: Extract<Reading, { kind: "record" }>, key: string | null): boolean {
  const { id, winner } = partsOf(key ?? "");
  if (winner !== null && fields["winner"] !== winner) return false;
  const items = lists["items"] ?? [];
  return fields["order_number"] === id || [fields, ...items].some((row) => row["auction_id"] === id);
}
