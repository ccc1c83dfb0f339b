import { Backend } from "../../src/api/backend.ts";
import type { Marker, PageContract, Phase, Reading, Row } from "../../src/core/contracts/contract.ts";
import { AppError } from "../../src/core/errors.ts";
import { EMPTY, type Stored } from "../../src/core/state.ts";
import type { Page } from "../../src/generated/api.ts";
import { KnownLists } from "../../src/services/knownRows.ts";
import type { Ports } from "../../src/services/ports.ts";
import { FakeBackOffice, ORIGIN, TOKEN } from "./fakeBackOffice.ts";

export const START = Date.parse("2026-11-23T03:00:00Z");

export function listingRow(auctionId: string, values: Row = {}): Row {
  return {
    auction_id: auctionId,
    management_number: `IT-${auctionId}`,
    title: "腕時計",
    current_price: 1_200,
    bid_count: 0,
    ends_at: "2026-11-25T12:00:00Z",
    result: null,
    ...values,
  };
}

export function orderRow(auctionId: string): Row {
  return {
    auction_id: auctionId,
    management_number: `IT-${auctionId}`,
    title: "腕時計",
    winner: "buyer_one",
    amount: 1_500,
    won_at: "2026-11-22T12:00:00Z",
    status: "入金済み",
  };
}

export function detailReading(auctionId: string, store = "mihon_store"): Reading {
  const item = { auction_id: auctionId, management_number: null, title: "腕時計", quantity: 1, unit_price: 1_500 };
  const fields = { auction_id: auctionId, status: "入金済み", status_options: ["未処理", "入金済み"], total: 2_300 };
  return { kind: "record", store, fields, lists: { items: [item] }, fallbackUsed: [] };
}

export function rows(found: Row[], more = false, store = "mihon_store"): Reading {
  return { kind: "rows", store, rows: found, more, fallbackUsed: [] };
}

/** A store's own pages, as the tab and the worker get them. */
export interface FakeTool {
  page(contract: PageContract, url: string): Reading;
  shows(contract: PageContract): Reading | null;
  open(url: string): void;
  fill(values: { selector: string; value: string }[]): boolean;
  tick(values: string[]): boolean;
  click(marker: Marker): boolean | null;
}

/** Everything outside the use-cases, in memory; the clock only moves by sleeping. */
export class World {
  now = START;
  state: Stored = structuredClone({
    ...EMPTY,
    tenant: { origin: ORIGIN, name: "リユース見本店" },
    device: { id: 4, name: "レジ1", token: TOKEN },
  });
  readonly queued = new Map<string, Page>();
  readonly backOffice = new FakeBackOffice(() => this.now);
  readonly reads: { phase: Phase; page: number | null; url: string; at: number; clockOffsetMs?: number }[] = [];
  readonly saved: string[] = [];
  readonly opened: string[] = [];
  readonly wakes: number[] = [];
  granted = true;
  /** The marketplace, page by page; a test may replace any of it. */
  pages: Record<Phase, (page: number, url: string) => Reading | Error> = {
    selling: (page) => rows([listingRow(`s${page}1`), listingRow(`s${page}2`)], page < 2),
    closed: () => ({ kind: "empty", store: "mihon_store" }),
    won: () => rows([orderRow("w1"), orderRow("w2")]),
    numbered: () => ({ kind: "empty", store: "mihon_store" }),
    detail: (_page, url) => detailReading(/aid=(\w+)/.exec(url)?.[1] ?? "?"),
  };
  /** A store tool with pages of its own; null for one whose form lists at once. */
  tool: FakeTool | null = null;
  /** What the site tab shows, and what the store's form does with a file. */
  tabShows: Reading | null = null;
  form: () => Reading = () => ({ kind: "form", store: "mihon_store" });
  answer: () => Reading | null = () => ({ kind: "answer", answer: "accepted", message: "2件の商品を受け付けました。", refused: [] });
  /** Whether the click is certainly not possible (false), or the page goes away under it (null). */
  clickSays: boolean | null = true;
  /** Files that reached the marketplace, by upload. */
  readonly arrived: (number | null)[] = [];
  /** How many calls to the outside are still answered; afterwards nothing is, as in a killed worker. */
  callsLeft = Number.POSITIVE_INFINITY;
  private killed: () => void = () => undefined;

  /** Runs a task until it ends or the worker is killed; a killed task never goes on. */
  async until(task: (ports: Ports) => Promise<void>): Promise<"ended" | "killed"> {
    const death = new Promise<"killed">((resolve) => {
      this.killed = () => resolve("killed");
    });
    return Promise.race([task(this.ports()).then(() => "ended" as const), death]);
  }

  private handedOver(ticket: string): void {
    if (this.state.direct?.ticket !== ticket) throw new AppError("FILE_NOT_HANDED", "no such ticket");
  }

  private clicked(): boolean | null {
    if (this.clickSays === false) return false;
    this.arrived.push(this.state.direct?.uploadId ?? null);
    this.tabShows = this.answer();
    return this.clickSays;
  }

  private async outside<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.callsLeft <= 0) {
      this.killed();
      return new Promise<never>(() => undefined);
    }
    this.callsLeft -= 1;
    return work();
  }

  private ports(): Ports {
    let uuids = 0;
    const clock = {
      now: () => this.now,
      random: () => 0.5,
      uuid: () => `00000000-0000-4000-8000-${String(this.now)}${String((uuids += 1))}`,
      sleep: (ms: number) =>
        this.outside(() => {
          this.now += ms;
        }),
    };
    const http = {
      ...clock,
      fetch: ((input: string, init?: RequestInit) => this.outside(() => this.backOffice.fetch(input, init))) as typeof fetch,
    };
    return {
      store: {
        read: async () => structuredClone(this.state),
        update: (change) =>
          this.outside(() => {
            this.state = { ...this.state, ...structuredClone(change(structuredClone(this.state))) };
          }),
      },
      queue: {
        put: (runId, page) => this.outside(() => void this.queued.set(`${runId}/${page.seq}`, structuredClone(page))),
        get: async (runId, seq) => this.queued.get(`${runId}/${seq}`) ?? null,
        remove: (runId, seq) => this.outside(() => void this.queued.delete(`${runId}/${seq}`)),
        drop: (runId) =>
          this.outside(() => {
            for (const key of this.queued.keys()) if (key.startsWith(`${runId}/`)) this.queued.delete(key);
          }),
      },
      clock,
      backend: (origin, token) => new Backend(origin, token, http),
      readPage: (contract, url, page, clockOffsetMs = 0) =>
        this.outside(() => {
          if (this.tool !== null) return this.tool.page(contract, url);
          const phase = contract.phase as Phase;
          this.reads.push({ phase, page, url, at: this.now, ...(clockOffsetMs === 0 ? {} : { clockOffsetMs }) });
          const reading = this.pages[phase](page ?? 0, url);
          if (reading instanceof Error) throw reading;
          return reading;
        }),
      known: new KnownLists(),
      tab: {
        open: (url) => this.outside(() => (this.tool === null ? void (this.tabShows = this.form()) : this.tool.open(url))),
        handOver: (ticket) => this.outside(() => this.handedOver(ticket)),
        fill: (values) => this.outside(() => this.tool?.fill(values) ?? true),
        tick: (_boxes, values) => this.outside(() => this.tool?.tick(values) ?? true),
        click: (marker) => this.outside(() => (this.tool === null ? this.clicked() : this.tool.click(marker))),
      },
      readTab: (contract) => this.outside(() => (this.tool === null ? this.tabShows : this.tool.shows(contract))),
      hasHost: async () => this.granted,
      saveFile: (_url, name) => this.outside(() => void this.saved.push(name)),
      wakeAt: async (moment) => void this.wakes.push(moment),
      openTab: async (url) => void this.opened.push(url),
      device: { version: "0.1.0", browser: async () => "Chrome 156 (Windows)" },
    };
  }
}
