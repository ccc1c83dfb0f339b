import { describe, expect, it } from "vitest";
import { CONTRACTS, pageUrl } from "../../src/core/contracts/catalog.ts";
import type { Reading } from "../../src/core/contracts/contract.ts";
import { apiRows, isAbout } from "../../src/core/contracts/records.ts";

const contract = CONTRACTS.find(({ id }) => id === "classic_order") ?? expect.fail();
const url = (key: string) => new URL(pageUrl(contract, "s", 1, key));

function page(winner: string): Extract<Reading, { kind: "record" }> {
  const items = [{ auction_id: "x1", management_number: null, title: "時計", quantity: 1, unit_price: 100 }];
  return { kind: "record", store: "s", fields: { auction_id: "x1", winner, status: "未処理" }, lists: { items }, fallbackUsed: [] };
}

describe("R26 an auction with several winners", () => {
  it("has a page for each of them, whatever their id is made of", () => {
    expect([...url("x1").searchParams]).toEqual([["aid", "x1"]]);
    expect([...url("x1/b*{key}&$1").searchParams]).toEqual([["aid", "x1"], ["winner", "b*{key}&$1"]]);
  });

  it("is not read from another winner's page", () => {
    expect([isAbout(page("anna"), "x1/anna"), isAbout(page("ben"), "x1/anna")]).toEqual([true, false]);
    expect([isAbout(page("ben"), "x1"), isAbout(page("ben"), "x2/ben")]).toEqual([true, false]);
  });

  it("says whose page it was only where that was asked", () => {
    expect(apiRows("detail", page("anna"), "x1/anna").details[0]).toHaveProperty("winner", "anna");
    expect(apiRows("detail", page("anna"), "x1").details[0]).not.toHaveProperty("winner");
  });
});
