import { beforeEach, describe, expect, it } from "vitest";
import { Backend } from "../../src/api/backend.ts";
import { FakeBackOffice, ORIGIN, TOKEN } from "../support/fakeBackOffice.ts";

let office: FakeBackOffice;
let slept: number[];
let requests: RequestInit[];
let backend: Backend;

beforeEach(() => {
  office = new FakeBackOffice(() => 0);
  slept = [];
  requests = [];
  const fetchFrom = (async (input: string, init: RequestInit) => {
    requests.push(init);
    return office.fetch(input, init);
  }) as typeof fetch;
  backend = new Backend(ORIGIN, TOKEN, {
    fetch: fetchFrom,
    sleep: async (ms) => void slept.push(ms),
    now: () => 0,
    random: () => 0,
  });
});

function html(status: number): Response {
  return new Response("<h1>Bad Gateway</h1>", { status, headers: { "Content-Type": "text/html" } });
}

describe("the client of the back office", () => {
  it("sends the token, and the session's cookie only when pairing", async () => {
    await backend.context();
    await backend.pair({ device_name: "レジ1", extension_version: "0.1.0", browser: "" });
    expect(requests.map(({ credentials }) => credentials)).toEqual(["omit", "include"]);
    expect(new Headers(requests[0]?.headers).get("Authorization")).toBe(`Bearer ${TOKEN}`);
    expect(requests.every(({ signal }) => signal instanceof AbortSignal)).toBe(true);
  });

  it("tries a read again after a passing failure, with jitter", async () => {
    let refusals = 1;
    office.refuse = () => ((refusals -= 1) >= 0 ? { status: 502, code: "BAD_GATEWAY" } : null);
    expect((await backend.context()).orders_waiting).toBe(2);
    expect(slept).toEqual([500]);
  });

  it("does not repeat a page by itself: the run does, from its queue", async () => {
    office.refuse = () => "unreachable";
    const page = { seq: 1, phase: "selling", page: 1, contract: "classic_selling@1", last_page: true } as const;
    const rows = { listings: [], orders: [], details: [], unchanged: [], numbers: [] };
    const post = backend.postPage(1, { ...page, ...rows, observed_at: "2026-11-23T00:00:00Z" });
    await expect(post).rejects.toMatchObject({ code: "BACKEND_DOWN", retryable: true });
    expect(requests).toHaveLength(1);
  });

  it("repeats the making of files under one key", async () => {
    let refusals = 2;
    office.refuse = () => ((refusals -= 1) >= 0 ? "unreachable" : null);
    await backend.makeBatches(1, { source: "queued" }, "key-1");
    expect(requests.map(({ headers }) => new Headers(headers).get("Idempotency-Key"))).toEqual(["key-1", "key-1", "key-1"]);
  });

  it.each([
    [401, "NOT_PAIRED", "NOT_PAIRED"],
    [409, "ALREADY_RUNNING", "ALREADY_RUNNING"],
    [409, "NOT_READY", "FILE_FAILED"],
    [409, "SOMETHING_NEW", "BACKEND_REJECTED"],
    [429, "RATE_LIMITED", "BACKEND_DOWN"],
    [503, "TEMPORARY", "BACKEND_DOWN"],
  ])("%i %s is %s", async (status, code, expected) => {
    office.refuse = () => ({ status, code, detail: "詳しい理由" });
    await expect(backend.batches(1)).rejects.toMatchObject({ code: expected, detail: "詳しい理由" });
  });

  it("copes with a proxy's HTML", async () => {
    Object.assign(office, { fetch: async () => html(502) });
    await expect(backend.context()).rejects.toMatchObject({ code: "BACKEND_DOWN", detail: "502" });
    Object.assign(office, { fetch: async () => html(200) });
    await expect(backend.context()).rejects.toMatchObject({ code: "BACKEND_DOWN", retryable: true });
  });

  it("tells an answer that breaks off on its way from one that is wrong: it may be asked for again", async () => {
    const broken = () => new ReadableStream({ start: (stream) => stream.error(new TypeError("network error")) });
    Object.assign(office, { fetch: async () => new Response(broken()) });
    await expect(backend.known(1, "selling")).rejects.toMatchObject({ code: "BACKEND_DOWN", retryable: true });
  });

  it("does not believe an answer that is not what the schema says", async () => {
    Object.assign(office, { fetch: async () => new Response(JSON.stringify({ batches: [{ id: "7" }] })) });
    await expect(backend.batches(1)).rejects.toMatchObject({ code: "BACKEND_REJECTED", subject: "version" });
  });
});
