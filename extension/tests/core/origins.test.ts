import { describe, expect, it } from "vitest";
import { actualUrl, canonicalUrl, hostPattern, tenantOrigin } from "../../src/core/origins.ts";

const TABLE = { "https://onavi.auctions.yahoo.co.jp": "http://onavi.auctions.yahoo.localhost:8100" };

describe("R13 the tenant's address", () => {
  it.each([
    ["https://shop.example.com", "https://shop.example.com"],
    ["  shop.example.com/login?next=/ ", "https://shop.example.com"],
    ["https://shop.example.com:8443/stock", "https://shop.example.com:8443"],
    ["HTTPS://Shop.Example.com", "https://shop.example.com"],
    ["http://localhost:8000/", "http://localhost:8000"],
    ["http://shop.localhost:8000", "http://shop.localhost:8000"],
  ])("%s becomes %s", (typed, origin) => {
    expect(tenantOrigin(typed)).toBe(origin);
  });

  it.each(["", "   ", "http://shop.example.com", "ftp://shop.example.com", "javascript:alert(1)", "shop", "https://",
    "https://user:secret@shop.example.com", "http://localhost.example.com"])("%s is refused", (typed) => {
    expect(() => tenantOrigin(typed)).toThrow(expect.objectContaining({ code: "NOT_CONFIGURED" }));
  });

  it("is granted by host; a pattern names no port", () => {
    expect(hostPattern("http://shop.localhost:8000")).toBe("http://shop.localhost/*");
  });
});

describe("the sandbox's table", () => {
  it("swaps whole origins there and back", () => {
    const real = "https://onavi.auctions.yahoo.co.jp/onavi/show/storelist?page=1";
    const sandbox = "http://onavi.auctions.yahoo.localhost:8100/onavi/show/storelist?page=1";
    expect(actualUrl(real, TABLE)).toBe(sandbox);
    expect(canonicalUrl(sandbox, TABLE)).toBe(real);
  });

  it("leaves every other address alone", () => {
    const other = "https://onavi.auctions.yahoo.co.jp.evil.example/";
    expect(actualUrl(other, TABLE)).toBe(other);
    expect(actualUrl("https://onavi.auctions.yahoo.co.jp/", {})).toBe("https://onavi.auctions.yahoo.co.jp/");
  });
});
