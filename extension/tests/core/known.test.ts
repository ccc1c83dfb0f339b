import { describe, expect, it } from "vitest";
import { digestOf, runLengths } from "../../src/core/sync/known.ts";

describe("B7 what is known", () => {
  it("has the digest that the back office computes (tests/unit/test_known.py)", async () => {
    const listing = { auction_id: "x1", management_number: null, title: "時計 \"𠮷\" \\", current_price: 1_200, bid_count: 0 };
    expect(await digestOf({ ...listing, ends_at: "2026-11-25T12:00:00Z", result: null })).toBe("9f01792f1f87e98d");
    const order = { auction_id: "x1", management_number: "IT1", title: "時計", amount: 1, won_at: "2026-11-25T12:00:00Z" };
    expect(await digestOf({ ...order, winner: "buyer", status: "入金済み" })).toBe("c18dc483e3130c93");
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
