import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { open } from "../../src/platform/siteTab.ts";

const gone = () => Promise.reject(new Error("No tab with id: 5."));

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function browser(tabs: Record<string, unknown>, siteTab?: number): void {
  const session = { get: async () => ({ siteTab }), set: async () => undefined };
  vi.stubGlobal("chrome", { tabs, storage: { session } });
}

async function opened(): Promise<unknown> {
  const outcome = open("https://auctions.yahoo.co.jp/").then(
    () => "open",
    (thrown: unknown) => thrown,
  );
  await vi.runAllTimersAsync();
  return outcome;
}

describe("R16 a tab that somebody closes", () => {
  it("while its page loads is tried again like a page that does not load", async () => {
    browser({ create: async () => ({ id: 5 }), get: gone });
    expect(await opened()).toMatchObject({ code: "NETWORK", retryable: true });
  });

  it("just before it is sent elsewhere, too", async () => {
    browser({ get: async () => ({ id: 5 }), update: gone }, 5);
    expect(await opened()).toMatchObject({ code: "NETWORK", retryable: true });
  });
});
