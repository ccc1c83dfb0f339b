import { describe, expect, it } from "vitest";
import { LAYOUT, migrated, MIGRATIONS } from "../../src/core/migrations.ts";
import { newRun } from "../../src/core/sync/run.ts";
import { badgeOf, EMPTY, type Stored } from "../../src/core/state.ts";
import ja from "../../public/_locales/ja/messages.json";
import en from "../../public/_locales/en/messages.json";
import { codes as KNOWN_CODES } from "../../../shared_schemas/extension_errors.json";
import { actionFor, ERROR_CODES } from "../../src/core/errors.ts";

const ABOUT = {
  accountId: 1,
  accountName: "",
  storeId: "",
  profile: "classic",
  trigger: "button",
  paceMs: 0,
  disabledContracts: [], pageAddresses: {},
} as const;
const FAILED = { code: "LOGIN_REQUIRED", detail: "", remedy: null, subject: null } as const;

function withResult(error: Stored["contextError"]): Stored {
  const result = { accountId: 1, at: "", trigger: "button", error, summary: null, notices: [], phases: [] } as const;
  return { ...EMPTY, results: { 1: { ...result, notices: [], phases: [] } } };
}

describe("R14 the mark in the toolbar", () => {
  it("says … while something runs, whatever else there is", () => {
    const run = newRun({ ...ABOUT, disabledContracts: [] }, "key", 0);
    expect(badgeOf({ ...withResult(FAILED), run }).text).toBe("…");
    expect(badgeOf({ ...EMPTY, passes: [{ accountId: 1, trigger: "button" }] }).text).toBe("…");
  });

  it("says ! when somebody must look", () => {
    expect(badgeOf(withResult(FAILED)).text).toBe("!");
    expect(badgeOf({ ...EMPTY, contextError: { ...FAILED, code: "NOT_PAIRED" } }).text).toBe("!");
  });

  it("says nothing of an account that another PC is reading, or that was stopped", () => {
    expect(badgeOf(withResult({ ...FAILED, code: "ALREADY_RUNNING" })).text).toBe("");
    const accounts = [{ id: 1, enabled: false }];
    const context = { at: 0, value: { orders_waiting: 0, accounts } } as unknown as Stored["context"];
    expect(badgeOf({ ...withResult(FAILED), context }).text).toBe("");
  });

  it("else counts the orders that wait", () => {
    const context = (orders_waiting: number) => ({ ...EMPTY, context: { at: 0, value: { orders_waiting } } }) as Stored;
    expect([0, 1, 999, 1_000].map((count) => badgeOf(context(count)).text)).toEqual(["", "1", "999", "999+"]);
    expect(badgeOf(withResult(null)).text).toBe("");
  });
});

describe("stored values", () => {
  it("come to today's layout from every earlier one, once", () => {
    expect(MIGRATIONS).toHaveLength(LAYOUT);
    expect(migrated({ tenant: null }, 0)).toEqual({ tenant: null });
    expect(migrated({ tenant: null }, LAYOUT)).toEqual({ tenant: null });
  });

  it("of a newer extension are not touched", () => {
    expect(() => migrated({}, LAYOUT + 1)).toThrow();
  });
});

describe("what staff read", () => {
  it("exists in both languages under the same keys, with the same parts", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(ja).sort());
    const parts = (text: string): string[] => [...new Set(text.match(/\$\d/g) ?? [])].sort();
    for (const key of Object.keys(ja) as (keyof typeof ja)[]) {
      expect(parts(en[key].message), key).toEqual(parts(ja[key].message));
      expect(ja[key].message, key).not.toBe("");
    }
  });

  it("R28 tells the back office only errors that it knows", () => {
    expect([...ERROR_CODES].sort()).toEqual([...KNOWN_CODES].sort());
  });

  it("names every error and every remedy's button", () => {
    for (const code of ERROR_CODES) {
      expect(ja, code).toHaveProperty(`error_${code}`);
      const action = actionFor(code);
      if (action !== "none") expect(ja, code).toHaveProperty(`action_${action}`);
    }
  });
});
