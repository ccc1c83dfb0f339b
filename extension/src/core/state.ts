import type { Batch, Command, CommandOutcomeRequest, Context, LeftOut, OutcomeRequest, Upload } from "../generated/api.ts";
import type { ErrorReport } from "./errors.ts";
import type { Plan } from "./schedule.ts";
import type { Doubts } from "./sync/aside.ts";
import type { SyncResult, SyncRun } from "./sync/run.ts";

/** The pairing that waits for somebody to enter its code. */
export interface PendingPairing {
  origin: string;
  deviceCode: string;
  userCode: string;
  verificationUri: string;
  intervalMs: number;
  expiresAt: number;
}

/** What the popup's pulldown holds: new files from the waiting listings, or a file that exists. */
export interface Choice {
  accountId: number | null;
  source: "queued" | "batch";
  batchId: number | null;
}

export interface DownloadRequest {
  accountId: number;
  /** `rest` makes a new file of what is not yet listed of `batchId`; `whole` serves that file again as it is. */
  kind: "queued" | "rest" | "whole";
  batchId: number | null;
  confirmWhole: boolean;
}

/** One press of 【出品ファイルをダウンロード】: it survives a killed worker. */
export interface DownloadJob {
  request: DownloadRequest;
  /** Idempotency key of the request for new files. */
  key: string;
  startedAt: number;
  batches: Batch[];
  saved: number[];
  leftOut: LeftOut[];
  state: "working" | "done" | "failed";
  error: ErrorReport | null;
}

/** One press of 【直接出品を実行】. What is stored decides where a new worker goes on: up to `handing` nothing was sent. */
export interface DirectJob {
  accountId: number;
  accountName: string;
  /** Idempotency key of the request for files. */
  key: string;
  startedAt: number;
  /** Null until they were asked for. */
  batches: Batch[] | null;
  leftOut: LeftOut[];
  /** Which of the files it is about. */
  at: number;
  step: "making" | "claiming" | "handing" | "sent" | "registering" | "exhibiting" | "concluding" | "reading_back";
  /** Since when the present step goes on. */
  since: number;
  /** Items of the store tool's folders for which 出品 was confirmed, or is just being: never a second time unseen. */
  exhibited: string[];
  /** Those of them for which the site gave no clear answer, and since when. */
  doubtful: string[];
  doubtfulSince: number;
  /** 管理番号 that still lay in a folder when no more was to be done about them. */
  leftInFolder: string[];
  /** How often the page did not take the present file. */
  attempts: number;
  /** Failures of the present step in a row. */
  failures: number;
  uploadId: number | null;
  /** The name of the one click: begun again after a kill, it is still the same one. */
  nonce: string;
  /** Lets the hidden frame fetch the file, while it is being handed over. */
  ticket: string | null;
  answer: OutcomeRequest | null;
  /** What was sent so far, file by file. */
  uploads: Upload[];
  state: "working" | "done" | "failed";
  error: ErrorReport | null;
}

/** What one visit does of what the back office asked for. What is stored decides where a new worker goes on: up to `doing`
 * nothing was clicked. */
export interface CommandsJob {
  accountId: number;
  accountName: string;
  key: string;
  step: "claiming" | "doing" | "sent" | "concluding" | "reading_back";
  command: Command | null;
  /** The name of the one click: begun again after a kill, it is still the same one. */
  nonce: string;
  /** What the page said of it, where that decides. */
  answer: CommandOutcomeRequest | null;
  /** Failures of the present step in a row. */
  failures: number;
  handled: number;
  shipped: number;
  ended: number;
  /** How many were not done, and stay so without anyone doing anything. */
  refused: number;
  error: ErrorReport | null;
}

/** What the last visit that had something to do came to. */
export type CommandsResult = Pick<CommandsJob, "shipped" | "ended" | "refused" | "error"> & { at: string };

/** One pass that was asked for and has not begun. */
export interface WaitingPass {
  accountId: number;
  trigger: "button" | "schedule";
}

/** Everything that the extension keeps, by key of chrome.storage.local. */
export interface Stored {
  tenant: { origin: string; name: string } | null;
  device: { id: number; name: string; token: string } | null;
  pairing: PendingPairing | null;
  pairingError: ErrorReport | null;
  context: { at: number; value: Context } | null;
  contextError: ErrorReport | null;
  choice: Choice;
  plans: Record<string, Plan>;
  passes: WaitingPass[];
  run: SyncRun | null;
  /** Somebody pressed 【同期開始】 meanwhile: what was put off is tried now. */
  hurry: boolean;
  /** Why the run waits, while it waits. */
  runTrouble: ErrorReport | null;
  results: Record<string, SyncResult>;
  /** Failed runs in a row, by account. */
  failures: Record<string, number>;
  /** Orders whose own pages could not be read, by account. */
  doubts: Record<string, Doubts>;
  download: DownloadJob | null;
  direct: DirectJob | null;
  commands: CommandsJob | null;
  commandResults: Record<string, CommandsResult>;
}

export const EMPTY: Stored = {
  tenant: null,
  device: null,
  pairing: null,
  pairingError: null,
  context: null,
  contextError: null,
  choice: { accountId: null, source: "queued", batchId: null },
  plans: {},
  passes: [],
  run: null,
  hurry: false,
  runTrouble: null,
  results: {},
  failures: {},
  doubts: {},
  download: null,
  direct: null,
  commands: null,
  commandResults: {},
};

/** Everything that belongs to one pairing: it goes when the pairing goes. */
export const UNPAIRED: Partial<Stored> = {
  device: null,
  context: null,
  contextError: null,
  choice: EMPTY.choice,
  plans: {},
  passes: [],
  run: null,
  hurry: false,
  runTrouble: null,
  results: {},
  failures: {},
  doubts: {},
  download: null,
  direct: null,
  commands: null,
  commandResults: {},
};

export type Badge = { text: string; tone: "busy" | "attention" | "count" };

/** Whether an account is worked for, as far as is known here. */
export function isServed({ context }: Stored, accountId: number): boolean {
  return context === null || context.value.accounts.some(({ id, enabled }) => id === accountId && enabled);
}

/** What the toolbar mark says: working, somebody must look, or how many orders wait. */
export function badgeOf(state: Stored): Badge {
  const isWorking = [state.download, state.direct].some((job) => job?.state === "working");
  if (state.run !== null || state.passes.length > 0 || isWorking) {
    return { text: "…", tone: "busy" };
  }
  const failed = [...Object.entries(state.results), ...Object.entries(state.commandResults)].some(
    ([id, { error }]) => error !== null && error.code !== "ALREADY_RUNNING" && isServed(state, Number(id)),
  );
  const hasFailed = [state.download, state.direct].some((job) => job?.state === "failed");
  if (failed || state.contextError?.code === "NOT_PAIRED" || hasFailed) {
    return { text: "!", tone: "attention" };
  }
  const waiting = state.context?.value.orders_waiting ?? 0;
  return { text: waiting === 0 ? "" : waiting > 999 ? "999+" : String(waiting), tone: "count" };
}
