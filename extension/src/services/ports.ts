import type { Backend } from "../api/backend.ts";
import type { Marker, PageContract, Reading } from "../core/contracts/contract.ts";
import type { Stored } from "../core/state.ts";
import type { Page } from "../generated/api.ts";
import type { KnownLists } from "./knownRows.ts";

/** The stored state. A change is worked out from the state as it is then: no other change comes between. */
export interface Store {
  read(): Promise<Stored>;
  update(change: (state: Stored) => Partial<Stored>): Promise<void>;
}

/** Pages that the back office has not acknowledged, by (run, seq). */
export interface PageQueue {
  put(runId: number, page: Page): Promise<void>;
  get(runId: number, seq: number): Promise<Page | null>;
  remove(runId: number, seq: number): Promise<void>;
  drop(runId: number): Promise<void>;
}

export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
  random(): number;
  uuid(): string;
}

/**
 * Reads one page of the marketplace in the user's own session. `clockOffsetMs`: the server's clock minus this PC's, for dates
 * that name no year. Throws AppError when none was answered.
 */
export type ReadPage = (contract: PageContract, url: string, page: number | null, clockOffsetMs?: number) => Promise<Reading>;

/** The extension's own tab on the marketplace: what writes there is done with the site's own pages. */
export interface SiteTab {
  open(url: string): Promise<void>;
  /** Puts the file that a ticket stands for into a field of the page. Throws FILE_NOT_HANDED. */
  handOver(ticket: string, field: string): Promise<void>;
  /** Ticks exactly these checkboxes. False: not all of them are there. */
  tick(selector: string, values: string[]): Promise<boolean | null>;
  /** Puts a value into each of these fields. False: not all of them took it. */
  fill(values: { selector: string; value: string }[]): Promise<boolean | null>;
  /** False: certainly nothing was clicked. Null: the page went away meanwhile, nobody knows. */
  click(marker: Marker): Promise<boolean | null>;
}

/** Everything outside that the use-cases need; tests bring their own. */
export interface Ports {
  store: Store;
  queue: PageQueue;
  clock: Clock;
  /** A client for the paired tenant, or for `origin` before pairing. */
  backend(origin: string, token: string | null): Backend;
  readPage: ReadPage;
  known: KnownLists;
  tab: SiteTab;
  /** What the tab shows now; null while it cannot be told. */
  readTab(contract: PageContract, page?: number | null): Promise<Reading | null>;
  hasHost(origin: string): Promise<boolean>;
  saveFile(url: string, filename: string): Promise<void>;
  /** Wakes the worker at a moment, should it sleep by then. */
  wakeAt(moment: number): Promise<void>;
  openTab(url: string): Promise<void>;
  device: { version: string; browser(): Promise<string> };
}
