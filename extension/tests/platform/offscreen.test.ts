import { afterEach, describe, expect, it, vi } from "vitest";
import { parse } from "../../src/platform/offscreen.ts";

afterEach(() => vi.unstubAllGlobals());

describe("R17 the document that parses", () => {
  it("may be taken away by Chrome under a page, which is then read again", async () => {
    const runtime = { getContexts: async () => [{}], sendMessage: async () => undefined };
    vi.stubGlobal("chrome", { runtime });
    const request = { contract: "classic_won@1", html: "", finalUrl: "https://example.com/", page: 1, observedAt: "2026-11-23T00:00:00Z" };
    await expect(parse(request)).rejects.toMatchObject({ code: "NETWORK", retryable: true });
  });
});
