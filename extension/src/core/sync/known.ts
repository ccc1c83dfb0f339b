import type { KnownRow, Listing, NumberRow, OrderRow, Page } from "../../generated/api.ts";

/** The rows of one list that the back office knows, by auction id; an auction may have several winners. */
export type KnownRows = ReadonlyMap<string, readonly KnownRow[]>;

type ListRows = Pick<Page, "listings" | "orders" | "numbers">;
type AnyRow = Listing | OrderRow | NumberRow;

/** Everything of a row that the back office would take over; it computes the same digest (sync/known.py). */
function content(row: AnyRow): (string | number | null)[] {
  if ("order_number" in row) return [row.order_number, row.status];
  if ("winner" in row) return [row.auction_id, row.winner, row.status];
  const ends = row.ends_at === null ? null : Math.trunc(Date.parse(row.ends_at) / 1_000);
  return [row.auction_id, row.management_number, row.title, row.current_price, row.bid_count, ends, row.result];
}

/** 16 hex digits. */
export async function digestOf(row: AnyRow): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(content(row)));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The rows of a page that say something new, and the numbers of those that are as the back office knows them. */
export async function withoutKnown(
  rows: ListRows,
  known: KnownRows,
): Promise<ListRows & { unchanged: number[] }> {
  const numbers: number[] = [];
  async function news<T extends AnyRow>(shown: T[]): Promise<T[]> {
    const found: T[] = [];
    for (const row of shown) {
      const before = known.get("order_number" in row ? row.order_number : row.auction_id) ?? [];
      const digest = before.length > 0 ? await digestOf(row) : null;
      const same = before.find((each) => each.digest === digest);
      if (same === undefined) found.push(row);
      else numbers.push(same.id);
    }
    return found;
  }
  const [listings, orders, numbered] = [await news(rows.listings), await news(rows.orders), await news(rows.numbers)];
  return { listings, orders, numbers: numbered, unchanged: runLengths(numbers) };
}

/** So many numbers passed over, so many meant, and so on, from 1: [3, 4, 5, 10] → [2, 3, 4, 1]. */
export function runLengths(numbers: number[]): number[] {
  const lengths: number[] = [];
  let next = 1;
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const last = lengths.length - 1;
    if (number === next && last > 0) lengths[last] = (lengths[last] ?? 0) + 1;
    else lengths.push(number - next, 1);
    next = number + 1;
  }
  return lengths;
}

/** Whether the ended list need not be read beyond this page: newest first, and not one row of it is news. */
export function reachesKnown(shown: Listing[], news: Listing[]): boolean {
  const ends = shown.map(({ ends_at }) => (ends_at === null ? NaN : Date.parse(ends_at)));
  const isNewestFirst = ends.every((end, index) => index === 0 || end <= (ends[index - 1] ?? NaN));
  return shown.length > 0 && news.length === 0 && isNewestFirst;
}
