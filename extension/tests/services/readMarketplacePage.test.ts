import { describe, expect, it } from "vitest";
import { CONTRACTS } from "../../src/core/contracts/catalog.ts";
import type { PageContract, Reading } from "../../src/core/contracts/contract.ts";
import { decoded, readInTab, readMarketplacePage, type PagePorts, type TabPorts } from "../../src/services/readMarketplacePage.ts";

const REAL = "https://onavi.auctions.yahoo.co.jp";
const SANDBOX = "http://onavi.auctions.yahoo.localhost:8100";
const contract = CONTRACTS[0] as PageContract;
const EMPTY: Reading = { kind: "empty", store: "mihon_store" };

function ports(answer: () => Response | Promise<Response>, seen: unknown[] = []): PagePorts {
  return {
    fetch: (async (url: string, init: RequestInit) => {
      seen.push(url, init.credentials);
      return answer();
    }) as typeof fetch,
    now: () => 0,
    origins: { [REAL]: SANDBOX },
    hasHost: async () => true,
    parse: async (request) => {
      seen.push(request);
      return EMPTY;
    },
  };
}

describe("reading a page in the user's session", () => {
  it("fetches from the sandbox and tells the contract the marketplace's own address", async () => {
    const seen: unknown[] = [];
    const response = new Response("<p>あ</p>", { headers: { "Content-Type": "text/html; charset=utf-8" } });
    Object.defineProperty(response, "url", { value: `${SANDBOX}/list?page=1` });
    expect(await readMarketplacePage(ports(() => response, seen), contract, `${REAL}/list?page=1`, 1, 60_000)).toEqual(EMPTY);
    expect(seen).toEqual([
      `${SANDBOX}/list?page=1`,
      "include",
      expect.objectContaining({ html: "<p>あ</p>", finalUrl: `${REAL}/list?page=1`, page: 1, observedAt: "1970-01-01T00:01:00.000Z" }),
    ]);
  });

  it("reports a refusal with the wait that it asks for", async () => {
    const answer = () => new Response("", { status: 429, headers: { "Retry-After": "7" } });
    const reading = await readMarketplacePage(ports(answer), contract, `${REAL}/list`, 1);
    expect(reading).toEqual({ kind: "blocked", status: 429, retryAfterMs: 7_000 });
  });

  it("is NETWORK when nothing answers", async () => {
    const answer = () => Promise.reject(new TypeError("Failed to fetch"));
    await expect(readMarketplacePage(ports(answer), contract, REAL, 1)).rejects.toMatchObject({ code: "NETWORK" });
  });

  it("asks nothing of a host that is not granted", async () => {
    const seen: unknown[] = [];
    const withheld = { ...ports(() => new Response(""), seen), hasHost: async () => false };
    await expect(readMarketplacePage(withheld, contract, REAL, 1)).rejects.toMatchObject({ code: "PERMISSION_MISSING" });
    expect(seen).toEqual([]);
  });
});

describe("the charset of a page", () => {
  const eucJp = new Uint8Array([0xc6, 0xfc, 0xcb, 0xdc]); // 日本
  it("is the header's, else the page's own, else UTF-8", () => {
    expect(decoded(eucJp, "text/html; charset=EUC-JP")).toBe("日本");
    const meta = new TextEncoder().encode('<meta charset="euc-jp">');
    expect(decoded(new Uint8Array([...meta, ...eucJp]), "text/html")).toContain("日本");
    expect(decoded(new TextEncoder().encode("日本"), null)).toBe("日本");
    expect(decoded(new Uint8Array([0x93, 0xfa, 0x96, 0x7b]), "text/html; charset=cp932")).toBe("日本");
    expect(decoded(new TextEncoder().encode("日本"), "text/html; charset=none")).toBe("日本");
  });
});

describe("a page that its own script fills in", () => {
  async function readWhileItFills(shown: Reading[]): Promise<Reading> {
    let [now, looks] = [0, 0];
    const tab: TabPorts = {
      ...ports(() => new Response("")),
      now: () => now,
      sleep: async (ms) => void (now += ms),
      open: async () => undefined,
      page: async () => ({ html: "", url: `${SANDBOX}/list`, status: 200 }),
      parse: async () => shown[Math.min((looks += 1), shown.length) - 1] ?? EMPTY,
    };
    return readInTab(tab, contract, `${REAL}/list`, 1);
  }
  const rows = (count: number, more: boolean): Reading => ({
    kind: "rows", store: "mihon_store", rows: Array.from({ length: count }, (_, id) => ({ id })), more, fallbackUsed: [],
  });

  it("is not taken for empty, or at its end, while its list is still being filled", async () => {
    expect(await readWhileItFills([EMPTY, { kind: "loading" }, rows(2, false), rows(50, true)])).toEqual(rows(50, true));
    expect(await readWhileItFills([rows(1, false), rows(3, false)])).toEqual(rows(3, false));
    expect(await readWhileItFills([{ kind: "loading" }, EMPTY])).toEqual(EMPTY);
  });
});
