import type { Account, RunAnswer, PageAnswer, PhaseReport, RunError, SetAside, Summary, Notice } from "../../generated/api.ts";
import { LONGEST_MS } from "../backoff.ts";
import { contractFor } from "../contracts/catalog.ts";
import type { Phase } from "../contracts/contract.ts";
import type { AppError, ErrorReport } from "../errors.ts";
import { doubtfulLast, isLayoutChanged, NO_DOUBTS, notRead, readWell, type Doubts } from "./aside.ts";

/** One pass over an account's pages, as it is stored after every step. A killed worker goes on from here. */
export interface SyncRun {
  accountId: number;
  accountName: string;
  storeId: string;
  profile: "classic" | "current";
  trigger: "button" | "schedule";
  /** Stored before the run is asked for: a repeat after a kill gets the same run. */
  startKey: string;
  startedAt: string;
  server: { runId: number; number: number } | null;
  /** Server clock minus this PC's. */
  clockOffsetMs: number;
  paceMs: number;
  disabledContracts: string[];
  /** Where this store has its lists, if elsewhere. */
  pageAddresses: NonNullable<Account["page_addresses"]>;
  phase: Phase;
  /** The list page, or in `detail` the number of the order, to be read next; counts from 1. */
  page: number;
  phases: PhaseReport[];
  /** Auction ids or order numbers whose detail page the back office asked for, in the order of asking; each is read once. */
  wanted: string[];
  /** Those of them whose page could not be read; absent in runs of an older version. */
  setAside?: SetAside[];
  doubts?: Doubts;
  /** Orders whose page was read well before: to be read where it is doubtful whether all pages changed. */
  proofs?: string[];
  /** Those of them that are among the wanted ones for that alone. */
  proving?: string[];
  /** Lists that were begun again because a page of theirs was gone; absent in runs of an older version. */
  begunAgain?: Phase[];
  /** The highest seq given to a page. */
  seq: number;
  /** Whether that page still waits in the queue for the back office's answer. */
  unsent: boolean;
  lastReadAt: number;
  /** Failures of the present step in a row. */
  failures: number;
  /** Not before this moment (ms); set by a failure. */
  wakeAt: number;
  ending: { outcome: "complete" } | { outcome: "failed"; error: RunError; report: ErrorReport } | null;
}

/** How the last run of an account ended, for the popup. */
export interface SyncResult {
  accountId: number;
  at: string;
  trigger: "button" | "schedule";
  error: ErrorReport | null;
  summary: Summary | null;
  notices: Notice[];
  phases: PhaseReport[];
}

export type Step =
  | { do: "start" }
  | { do: "send" }
  | { do: "read"; phase: Phase; page: number; key: string | null }
  | { do: "finish" };

const PHASES: readonly Phase[] = ["selling", "closed", "won", "numbered", "detail"];
/** No shop has a hundred thousand rows: a pager that never ends is a drift. */
export const MAX_PAGES = 1_000;
/** A step that fails so often in a row ends the run. */
export const MAX_FAILURES = 6;

type RunBasis = "accountId" | "accountName" | "storeId" | "profile" | "trigger" | "paceMs" | "disabledContracts" | "pageAddresses" | "doubts";

export function newRun(
  about: Pick<SyncRun, RunBasis>,
  startKey: string,
  now: number,
): SyncRun {
  return {
    ...about,
    startKey,
    startedAt: new Date(now).toISOString(),
    server: null,
    clockOffsetMs: 0,
    phase: "selling",
    page: 1,
    phases: [],
    wanted: [],
    seq: 0,
    unsent: false,
    lastReadAt: 0,
    failures: 0,
    wakeAt: 0,
    ending: null,
  };
}

export function nextStep(run: SyncRun): Step {
  if (run.server === null) return { do: "start" };
  if (run.unsent) return { do: "send" };
  if (run.ending !== null) return { do: "finish" };
  const key = run.phase === "detail" ? (run.wanted[run.page - 1] ?? null) : null;
  return { do: "read", phase: run.phase, page: run.page, key };
}

/**
 * The moment, by this PC's clock, at which the next step may begin. Hurry shortens a put-off, never the pacing. What was
 * noted by a clock that was set back since counts for nothing.
 */
export function notBefore(run: SyncRun, hurry: boolean, now: number): number {
  const isPaced = nextStep(run).do === "read" && run.lastReadAt <= now;
  const isPutOff = !hurry && run.wakeAt <= now + LONGEST_MS;
  return Math.max(isPutOff ? run.wakeAt : 0, isPaced ? run.lastReadAt + run.paceMs : 0);
}

export function started(run: SyncRun, answer: RunAnswer, now: number): SyncRun {
  return {
    ...run,
    server: { runId: answer.run_id, number: answer.number },
    clockOffsetMs: Date.parse(answer.server_time) - now,
    proofs: answer.proof_pages ?? [],
    failures: 0,
    wakeAt: 0,
  };
}

/** A page was read and stands in the queue under the next seq. */
export function pageRead(run: SyncRun, rows: number, more: boolean, now: number): SyncRun {
  const known = run.phases.find(({ phase }) => phase === run.phase);
  const before = known ?? { phase: run.phase, pages: 0, rows: 0, complete: false };
  const report = { ...before, pages: before.pages + 1, rows: before.rows + rows, complete: !more };
  const key = run.phase === "detail" ? run.wanted[run.page - 1] : undefined;
  return {
    ...run,
    doubts: key === undefined ? doubtsOf(run) : readWell(doubtsOf(run), key),
    phases: [...run.phases.filter((other) => other !== known), report],
    page: run.page + 1,
    seq: run.seq + 1,
    unsent: true,
    lastReadAt: now,
    failures: 0,
    wakeAt: 0,
  };
}

/** The back office has stored the page: on to the next page or phase. */
export function pageStored(run: SyncRun, answer: PageAnswer): SyncRun {
  const wanted = [...new Set([...run.wanted, ...answer.wanted_details])];
  return onward({ ...run, wanted, unsent: false, failures: 0, wakeAt: 0 });
}

function onward(run: SyncRun): SyncRun {
  if (run.ending !== null) return run;
  if (run.phase === "detail") return run.page <= run.wanted.length ? run : { ...run, ending: { outcome: "complete" } };
  const isComplete = run.phases.some(({ phase, complete }) => phase === run.phase && complete);
  if (!isComplete) return run;
  const rest = PHASES.slice(PHASES.indexOf(run.phase) + 1);
  const phase = rest.find((each) => each === "detail" || contractFor(run.profile, each) !== undefined) ?? "detail";
  if (phase === "detail" && run.wanted.length === 0) return { ...run, phase, page: 1, ending: { outcome: "complete" } };
  const wanted = phase === "detail" ? doubtfulLast(doubtsOf(run), run.wanted) : run.wanted;
  return { ...run, wanted, phase, page: 1 };
}

export function doubtsOf({ doubts }: SyncRun): Doubts {
  return doubts ?? NO_DOUBTS;
}

/**
 * The page of one order cannot be read: on to the next. Where it looks as if all pages had changed, one that was read well
 * before is read next; only when no such page can be read either do they count as changed.
 */
export function pageSetAside(run: SyncRun, aside: SetAside, error: AppError, about: FailedPage, now: number): SyncRun {
  const doubts = notRead(doubtsOf(run), aside.key);
  const before = run.phases.find(({ phase }) => phase === "detail") ?? { phase: run.phase, pages: 0, rows: 0, complete: false };
  const proving = run.proving ?? [];
  const isProof = proving.includes(aside.key);
  const isDoubtful = isLayoutChanged(doubts, run.page >= run.wanted.length && before.pages === 0);
  const proof = isDoubtful ? run.proofs?.find((key) => !run.wanted.includes(key)) : undefined;
  if (isDoubtful && proof === undefined) return failed({ ...run, doubts }, error, about);
  const wanted = proof === undefined ? run.wanted : run.wanted.toSpliced(run.page, 0, proof);
  const isLast = run.page >= wanted.length;
  return onward({
    ...run,
    doubts,
    wanted,
    proving: proof === undefined ? proving : [...proving, proof],
    setAside: isProof ? (run.setAside ?? []) : [...(run.setAside ?? []), aside],
    phases: [...run.phases.filter(({ phase }) => phase !== "detail"), { ...before, complete: isLast }],
    page: run.page + 1,
    lastReadAt: now,
    failures: 0,
    wakeAt: 0,
  });
}

/** A list that grew shorter while it was read has no such page any more: once, it is read from its first page again. */
export function listBegunAgain(run: SyncRun, now: number): SyncRun | null {
  const before = run.begunAgain ?? [];
  if (run.page === 1 || before.includes(run.phase)) return null;
  return { ...run, page: 1, begunAgain: [...before, run.phase], lastReadAt: now, failures: 0, wakeAt: 0 };
}

/** Something that may pass by itself: the same step again at `wakeAt`. */
export function postponed(run: SyncRun, wakeAt: number, now: number): SyncRun {
  return { ...run, failures: run.failures + 1, wakeAt, lastReadAt: nextStep(run).do === "read" ? now : run.lastReadAt };
}

export type FailedPage = Pick<RunError, "contract" | "missing" | "skeleton">;

/** The run ends here; the back office is told why. */
export function failed(run: SyncRun, error: AppError, about: FailedPage): SyncRun {
  const runError = { code: error.code, phase: run.phase, detail: error.detail.slice(0, 2_000), ...about };
  // A page that the back office refuses is not sent again.
  return { ...run, unsent: false, failures: 0, wakeAt: 0, ending: { outcome: "failed", error: runError, report: error.report } };
}
