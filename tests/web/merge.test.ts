// R8: two people on one form. What only one of them changed is merged; what both changed is a question.
import { describe, expect, test } from "vitest";
import { merge, type Agreed } from "../../backend/recore/web/assets/merge.ts";

const BOTH = { title: ["時計"], price: ["1000"], payment: ["A", "B"] };
const agreed: Agreed = { page: BOTH, server: BOTH };

describe("merge", () => {
  test("what only the other changed is taken, also what they emptied", () => {
    expect(merge(agreed, BOTH, { title: ["腕時計"], payment: ["A"] })).toEqual({ taken: ["title", "price", "payment"], conflicts: [] });
  });

  test("what only I changed stays mine", () => {
    expect(merge(agreed, { ...BOTH, title: ["腕時計"] }, BOTH)).toEqual({ taken: [], conflicts: [] });
  });

  test("what both changed differently is a conflict, also when one emptied it", () => {
    const mine = { title: ["私の"], payment: ["A", "B"] };
    expect(merge(agreed, mine, { ...BOTH, title: ["相手の"], price: ["2000"] })).toEqual({ taken: [], conflicts: ["title", "price"] });
  });

  test("what both changed alike is none", () => {
    expect(merge(agreed, { ...BOTH, title: ["同じ"] }, { ...BOTH, title: ["同じ"] })).toEqual({ taken: [], conflicts: [] });
  });

  test("how the server writes what was typed is no change of anybody's", () => {
    const typed = { ...BOTH, price: ["１，０００"] };
    expect(merge({ page: typed, server: BOTH }, typed, BOTH)).toEqual({ taken: [], conflicts: [] });
    expect(merge({ page: typed, server: BOTH }, typed, { ...BOTH, price: ["900"] })).toEqual({ taken: ["price"], conflicts: [] });
  });
});
