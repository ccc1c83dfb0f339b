// A back office in memory that keeps the rules of docs/developers/extension-api.md. It stands behind `fetch`, so the
// extension's own client and validators are part of every test.
import { expect } from "vitest";
import * as validators from "../../src/generated/validators.js";
import type { Account, Batch, Context, FinishRequest, KnownRow, OutcomeRequest, Page, RunRequest, Upload } from "../../src/generated/api.ts";
import { FakeCommands } from "./fakeCommands.ts";

export const ORIGIN = "https://shop.example.com";
export const TOKEN = "token-of-a-paired-device-0001";

export function account(values: Partial<Account> = {}): Account {
  return {
    id: 1,
    name: "ヤフオク本店",
    marketplace: "yahoo_auction",
    profile: "classic",
    store_id: "mihon_store",
    enabled: true,
    queued_count: 3,
    last_sync_at: null,
    last_sync_device: null,
    running: null,
    attention: [],
    ...values,
  };
}

export function batch(values: Partial<Batch> = {}): Batch {
  return {
    id: 7,
    account_id: 1,
    file_name: "recore_7.zip",
    state: "ready",
    progress: { done: 3, total: 3 },
    item_count: 3,
    listed_count: 0,
    processing_count: 3,
    failed_count: 0,
    review_count: 0,
    created_at: "2026-11-23T00:00:00Z",
    created_by: "佐藤",
    size_bytes: 1_000,
    sha256: "a".repeat(64),
    last_downloaded_at: null,
    error: null,
    whole_needs_confirm: false,
    rest_count: 0,
    ...values,
  };
}

interface Problem {
  status: number;
  code: string;
  detail?: string;
  holder?: string;
  retryAfter?: string;
}

export class FakeBackOffice {
  accounts: Account[] = [account()];
  disabledContracts: string[] = [];
  paceMs = 1_000;
  /** Details asked for in the answer to the first page of orders. */
  wanted: string[] = [];
  /** Orders whose page was read well before. */
  proofPages: string[] = [];
  /** What is known of each list. */
  known: Record<string, KnownRow[]> = {};
  batches: Batch[] = [];
  /** When this PC said that it reads each account next. */
  plans = new Map<number, string | null>();
  runs: { key: string; body: RunRequest; runId: number }[] = [];
  /** What was stored, by "run/seq": JSON, so that a repeat can be compared. */
  pages = new Map<string, string>();
  repeats = 0;
  finishes: FinishRequest[] = [];
  madeBatches: { key: string; body: unknown }[] = [];
  downloads: { batchId: number; confirmWhole: boolean }[] = [];
  pairings: unknown[] = [];
  pairingAnswer: unknown = { status: "paired", device_token: TOKEN, device_id: 4, tenant_name: "リユース見本店" };
  pollAnswers: unknown[] = [];
  revoked = false;
  uploads: (Upload & { nonce: string | null })[] = [];
  givenBack: number[] = [];
  readonly commands = new FakeCommands();
  outcomes: OutcomeRequest[] = [];
  /** 管理番号 of a file's items. */
  numbers: string[] = ["IT1"];
  /** 管理番号 → why it is not to be put up for sale any more. */
  readonly risks = new Map<string, string>();
  /** Refuses calls for as long as it answers something. */
  refuse: (method: string, path: string) => Problem | "unreachable" | null = () => null;

  constructor(private readonly now: () => number) {}

  posted(): Page[] {
    return [...this.pages.values()].map((text) => JSON.parse(text) as Page);
  }

  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(String(input));
    expect(url.origin).toBe(ORIGIN);
    const path = url.pathname.replace("/api/ext/v1", "");
    const method = init.method ?? "GET";
    const refusal = this.refuse(method, path);
    if (refusal === "unreachable") throw new TypeError("Failed to fetch");
    if (refusal !== null) return problem(refusal);
    const headers = new Headers(init.headers);
    const isOpen = path.startsWith("/pairings");
    if (!isOpen && (this.revoked || headers.get("Authorization") !== `Bearer ${TOKEN}`)) {
      return problem({ status: 401, code: "NOT_PAIRED" });
    }
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : null;
    return this.answer(method, path, body, headers.get("Idempotency-Key") ?? "");
  };

  private answer(method: string, path: string, body: unknown, key: string): Response {
    const [, kind, id, what] = path.split("/");
    if (path === "/pairings") return this.pair(body);
    if (path === "/pairings/poll") return json(this.pollAnswers.shift() ?? { status: "pending" });
    if (path === "/context") return json(this.context());
    if (path === "/device" && method === "DELETE") {
      this.revoked = true;
      return new Response(null, { status: 204 });
    }
    if (kind === "accounts" && what === "plan") return this.keepPlan(Number(id), body);
    if (kind === "accounts" && what === "runs") return this.startRun(body, key);
    if (kind === "runs" && what === "known") return json({ rows: this.known[path.split("/")[4] ?? ""] ?? [] });
    if (kind === "runs" && what === "pages") return this.storePage(Number(id), body);
    if (kind === "runs" && what === "finish") return this.finish(Number(id), body);
    if (kind === "commands" || what === "commands") return this.commands.answer(path, body);
    if (kind === "accounts" && what === "batches" && method === "GET") return json({ batches: this.batches });
    if (kind === "accounts" && what === "batches") return this.makeBatches(body, key);
    if (kind === "batches" && what === "uploads") return this.claim(Number(id));
    if (kind === "batches" && what === "give-back") {
      this.givenBack.push(Number(id));
      return new Response(null, { status: 204 });
    }
    if (kind === "uploads") return this.upload(Number(id), what ?? "", body);
    if (kind === "batches" && what === "downloads") return this.download(Number(id), body);
    if (kind === "batches") return this.builtFurther(Number(id));
    return problem({ status: 404, code: "NOT_FOUND" });
  }

  private context(): Context {
    return {
      tenant: { name: "リユース見本店", origin: ORIGIN },
      device: { id: 4, name: "レジ1" },
      server_time: new Date(this.now()).toISOString(),
      orders_waiting: 2,
      pacing: { min_interval_ms: this.paceMs },
      disabled_contracts: this.disabledContracts,
      accounts: this.accounts.map((each) => ({ ...each, commands_waiting: this.commands.waiting(each.id) })),
    };
  }

  private pair(body: unknown): Response {
    expect(validators.pairingRequest(body)).toBe(true);
    this.pairings.push(body);
    return json(this.pairingAnswer, 201);
  }

  private keepPlan(accountId: number, body: unknown): Response {
    if (!validators.planRequest(body)) return problem({ status: 422, code: "INVALID" });
    this.plans.set(accountId, body.next_at);
    return new Response(null, { status: 204 });
  }

  private startRun(body: unknown, key: string): Response {
    if (!validators.runRequest(body)) return problem({ status: 422, code: "INVALID" });
    expect(key).not.toBe("");
    let run = this.runs.find((known) => known.key === key);
    if (run === undefined) {
      run = { key, body, runId: 100 + this.runs.length };
      this.runs.push(run);
    }
    const server_time = new Date(this.now()).toISOString();
    return json({ run_id: run.runId, number: run.runId - 99, lease_seconds: 120, server_time, proof_pages: this.proofPages }, 201);
  }

  private storePage(runId: number, body: unknown): Response {
    if (!validators.page(body)) return problem({ status: 422, code: "INVALID" });
    const name = `${runId}/${body.seq}`;
    const text = JSON.stringify(body);
    const known = this.pages.get(name);
    if (known !== undefined && known !== text) return problem({ status: 409, code: "KEY_REUSED" });
    if (known !== undefined) this.repeats += 1;
    this.pages.set(name, text);
    const wanted_details = body.phase === "won" && body.page === 1 ? this.wanted : [];
    return json({ seq: body.seq, stored: 1, unchanged: 0, wanted_details, lease_seconds: 120 });
  }

  private finish(runId: number, body: unknown): Response {
    if (!validators.finishRequest(body)) return problem({ status: 422, code: "INVALID" });
    this.finishes.push(body);
    const summary = { selling: 3, closed: 1, orders: 1, orders_new: 1, needs_review: 0, unlinked: 0 };
    return json({ run_id: runId, state: body.outcome, summary, notices: [] });
  }

  private makeBatches(body: unknown, key: string): Response {
    if (!validators.batchRequest(body)) return problem({ status: 422, code: "INVALID" });
    if (!this.madeBatches.some((made) => made.key === key)) this.madeBatches.push({ key, body });
    return json({ batches: this.batches, left_out: [] }, 202);
  }

  /** One upload at most may hold a file: from its claim on, until the page did not take it or it was given up. */
  private claim(batchId: number): Response {
    const held = this.uploads.find(({ batch_id, state }) => batch_id === batchId && !["not_taken", "abandoned"].includes(state));
    if (held !== undefined) {
      return held.state === "claimed" ? json(held, 201) : problem({ status: 409, code: "UPLOAD_RUNNING", holder: "レジ1" });
    }
    const item = { title: "腕時計", state: "processing" as const, state_label: "出品処理中", reason: null };
    const items = this.numbers.map((management_number, index) => ({ position: index + 1, management_number, ...item }));
    const file = { url: `${ORIGIN}/api/ext/v1/files/1`, file_name: "recore_7.zip", size_bytes: 1_000, sha256: "a".repeat(64) };
    const expires_at = new Date(this.now() + 300_000).toISOString();
    const id = this.uploads.length + 1;
    const made = { id, batch_id: batchId, account_id: 1, state: "claimed" as const, message: null, items };
    this.uploads.push({ ...made, file: { ...file, expires_at }, nonce: null });
    return json(this.uploads.at(-1), 201);
  }

  private upload(id: number, what: string, body: unknown): Response {
    const found = this.uploads.find((upload) => upload.id === id);
    if (found === undefined) return problem({ status: 404, code: "NO_SUCH_UPLOAD" });
    if (what === "sending") {
      if (!validators.sendingRequest(body)) return problem({ status: 422, code: "INVALID" });
      const isSame = found.state === "sending" && found.nonce === body.nonce;
      if (!isSame && found.state !== "claimed") return problem({ status: 409, code: "ALREADY_SENT" });
      Object.assign(found, { state: "sending", nonce: body.nonce });
    }
    if (what === "outcome") {
      if (!validators.outcomeRequest(body)) return problem({ status: 422, code: "INVALID" });
      const { kind } = body satisfies OutcomeRequest;
      this.outcomes.push(body);
      if (found.state === "sending") Object.assign(found, { state: kind, file: null });
    }
    if (what === "cancel" && found.state === "claimed") Object.assign(found, { state: "abandoned", file: null });
    const items = found.items.map((item) => ({ ...item, risk: this.risks.get(item.management_number) ?? null }));
    return json({ ...found, items });
  }

  /** Each look finds one more item in the file. */
  private builtFurther(id: number): Response {
    const found = this.batches.find((candidate) => candidate.id === id);
    if (found === undefined) return problem({ status: 404, code: "NOT_FOUND" });
    if (found.state === "building") {
      found.progress = { done: found.progress.done + 1, total: found.progress.total };
      if (found.progress.done === found.progress.total) found.state = "ready";
    }
    return json(found);
  }

  private download(batchId: number, body: unknown): Response {
    if (!validators.downloadRequest(body)) return problem({ status: 422, code: "INVALID" });
    const found = this.batches.find((candidate) => candidate.id === batchId);
    if (found?.state !== "ready") return problem({ status: 409, code: "NOT_READY" });
    if (found.whole_needs_confirm && !body.confirm_whole) return problem({ status: 409, code: "PARTLY_LISTED" });
    this.downloads.push({ batchId, confirmWhole: body.confirm_whole });
    const expires_at = new Date(this.now() + 300_000).toISOString();
    const link = { url: `${ORIGIN}/api/ext/v1/files/${batchId}`, file_name: found.file_name, expires_at };
    return json({ ...link, size_bytes: 1_000, sha256: "a".repeat(64) }, 201);
  }
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
}

function problem({ status, code, detail = "", holder, retryAfter }: Problem): Response {
  const body = { type: "about:blank", title: code, status, code, detail, ...(holder === undefined ? {} : { holder }) };
  const headers = { "Content-Type": "application/problem+json", ...(retryAfter ? { "Retry-After": retryAfter } : {}) };
  return new Response(JSON.stringify(body), { status, headers });
}
