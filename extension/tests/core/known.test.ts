import { describe, expect, it } from "vitest";
import { digestOf, runLengths, withoutKnown } from "../../src/core/sync/known.ts";

describe("B7 what is known", () => {
  it("has the digest that the back office computes (tests/unit/test_known.py)", async () => {
    const listing = { auction_id: "x1", management_number: null, title: "時計 \"𠮷\" \\", current_price: 1_200, bid_count: 0 };
    expect(await digestOf({ ...listing, ends_at: "2026-11-25T12:00:00Z", result: null })).toBe("9f01792f1f87e98d");
    const order = { auction_id: "x1", management_number: "IT1", title: "時計", amount: 1, won_at: "2026-11-25T12:00:00Z" };
    expect(await digestOf({ ...order, winner: "buyer", status: "入金済み" })).toBe("c18dc483e3130c93");
  });

  it("R26 knows each winner's row of an auction that has several", async () => {
    const order = { auction_id: "x1", management_number: "IT1", title: "時計", amount: 1, won_at: "2026-11-25T12:00:00Z", status: "未処理" };
    const [anna, ben] = [{ ...order, winner: "anna" }, { ...order, winner: "ben" }];
    const known = new Map([["x1", [{ id: 7, auction_id: "x1", digest: await digestOf(anna) }, { id: 8, auction_id: "x1", digest: await digestOf(ben) }]]]);
    const news = { ...ben, status: "入金済み" };
    const shown = (orders: (typeof order & { winner: string })[]) => withoutKnown({ listings: [], numbers: [], orders }, known);
    expect(await shown([anna, ben])).toMatchObject({ orders: [], unchanged: [6, 2] });
    expect(await shown([anna, news])).toMatchObject({ orders: [news], unchanged: [6, 1] });
  });

  it.each([
    [[], []],
    [[1], [0, 1]],
    [[5, 3, 4, 10], [2, 3, 4, 1]],
    [[2, 2, 1], [0, 2]],
  ])("names the rows %j as %j", (numbers, lengths) => {
    expect(runLengths(numbers)).toEqual(lengths);
  });
});
