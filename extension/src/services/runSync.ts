import type { Backend } from "../api/backend.ts";
import { retryDelayMs } from "../core/backoff.ts";
import { contractAt, contractFor, pageUrl } from "../core/contracts/catalog.ts";
import { ANOTHER_PAGE, contractName, type PageContract, type Phase, type Reading } from "../core/contracts/contract.ts";
import { apiRows, isAbout } from "../core/contracts/records.ts";
import { AppError, asAppError } from "../core/errors.ts";
import { afterRun, NO_DOUBTS } from "../core/sync/aside.ts";
import { reachesKnown, withoutKnown, type KnownRows } from "../core/sync/known.ts";
import {
  doubtsOf,
  failed,
  listBegunAgain,
  MAX_FAILURES,
  MAX_PAGES,
  newRun,
  nextStep,
  notBefore,
  pageRead,
  pageSetAside,
  pageStored,
  postponed,
  started,
  type FailedPage,
  type Step,
  type SyncResult,
  type SyncRun,
} from "../core/sync/run.ts";
import type { Stored, WaitingPass } from "../core/state.ts";
import type { Page, SetAside } from "../generated/api.ts";
import { pairedBackend, refreshContext } from "./paired.ts";
import type { Ports } from "./ports.ts";
import { runCommands } from "./runCommands.ts";
import { addressOf } from "./storeTool.ts";
import { tellPlan } from "./tellPlan.ts";

/** A longer wait is left to an alarm: the worker may sleep meanwhile. */
const LONGEST_SLEEP_MS = 20_000;
/** What the back office could not take for so long is given up: its lease is long gone. */
const GIVE_UP_MS = 12 * 3_600_000;
/** The contract's own limit. */
const MOST_ASIDE = 1_000;

/** 【同期開始】, or a due schedule. During a run of the same account one more pass follows at once. */
export async function requestSync(
  ports: Ports,
  accountId: number,
  trigger: SyncRun["trigger"],
): Promise<void> {
  await ports.store.update(({ passes, hurry }) => {
    const isWaiting = passes.some((pass) => pass.accountId === accountId);
    return {
      passes: isWaiting ? passes : [...passes, { accountId, trigger }],
      hurry: hurry || trigger === "button",
    };
  });
}

/** Does everything that is to be done, from wherever the last worker left it. Returns early when it must wait long. */
export async function driveRuns(ports: Ports): Promise<void> {
  for (;;) {
    const { run, hurry, direct } = await ports.store.read();
    // It uses the same pages and is waited for; it asks for a pass itself when it is done.
    if (direct?.state === "working" && direct.step !== "reading_back") return;
    if (run === null) {
      if (!(await beginNextPass(ports))) return;
      continue;
    }
    const now = ports.clock.now();
    const wait = notBefore(run, hurry, now) - now;
    if (wait > LONGEST_SLEEP_MS) return ports.wakeAt(now + wait);
    if (wait > 0) await ports.clock.sleep(wait);
    await takeStep(ports, run);
  }
}

/** Takes the next waiting pass; false when there is none. */
async function beginNextPass(ports: Ports): Promise<boolean> {
  const [pass] = (await ports.store.read()).passes;
  if (pass === undefined) return false;
  try {
    const context = await refreshContext(ports);
    const account = context.accounts.find(({ id }) => id === pass.accountId);
    if (account === undefined || !account.enabled) throw new AppError("BACKEND_REJECTED", "", { subject: "account" });
    if (contractFor(account.profile, "selling") === undefined) throw new AppError("CONTRACT_DISABLED");
    // First what is to be done there: the run then reads what became of it.
    await runCommands(ports, account);
    const about = {
      accountId: account.id,
      accountName: account.name,
      storeId: account.store_id,
      profile: account.profile,
      trigger: pass.trigger,
      paceMs: context.pacing.min_interval_ms,
      disabledContracts: context.disabled_contracts,
      pageAddresses: account.page_addresses ?? {},
      doubts: (await ports.store.read()).doubts[account.id] ?? NO_DOUBTS,
    };
    const run = newRun(about, ports.clock.uuid(), ports.clock.now());
    await ports.store.update((state) => ({ run, hurry: false, passes: without(state.passes, pass) }));
  } catch (thrown) {
    const [error, at] = [asAppError(thrown).report, ports.clock.now()];
    const result = { error, summary: null, notices: [], phases: [] };
    await ports.store.update((state) =>
      state.passes.some(({ accountId }) => accountId === pass.accountId)
        ? { ...resultOf(state, pass, result, at), hurry: false, commands: null, passes: without(state.passes, pass) }
        : {},
    );
  }
  return true;
}

function without(passes: WaitingPass[], begun: WaitingPass): WaitingPass[] {
  return passes.filter(({ accountId }) => accountId !== begun.accountId);
}

async function takeStep(ports: Ports, run: SyncRun): Promise<void> {
  const step = nextStep(run);
  try {
    const backend = await pairedBackend(ports);
    const next = await stepped(ports, backend, run, step);
    if (next === null) return;
    await keep(ports, next, { runTrouble: null });
    // Only now: had the worker been killed before, the page would have been sent again.
    if (step.do === "send") await ports.queue.remove(runId(run), run.seq);
  } catch (thrown) {
    await afterFailure(ports, run, step, asAppError(thrown));
  }
}

/** Keeps the run as it is after a step, unless it was given up meanwhile (接続を解除). */
async function keep(ports: Ports, run: SyncRun, more: Partial<Stored>): Promise<void> {
  await ports.store.update((state) =>
    state.run?.startKey === run.startKey ? { run, hurry: false, ...more } : {},
  );
}

/** The run after one step, or null when it is over. */
async function stepped(ports: Ports, backend: Backend, run: SyncRun, step: Step): Promise<SyncRun | null> {
  switch (step.do) {
    case "start":
      return start(ports, backend, run);
    case "read":
      return read(ports, backend, run, step);
    case "send":
      return send(ports, backend, run);
    case "finish":
      await finish(ports, backend, run);
      return null;
  }
}

async function start(ports: Ports, backend: Backend, run: SyncRun): Promise<SyncRun> {
  const body = { trigger: run.trigger, sent_at: run.startedAt };
  return started(run, await backend.startRun(run.accountId, body, run.startKey), ports.clock.now());
}

/** A page that was read and is not what a run may go on from. */
class PageFailure extends AppError {
  constructor(
    code: AppError["code"],
    detail: string,
    readonly about: FailedPage,
    readonly extra: { subject?: string | null; retryAfterMs?: number | null; ofOne?: SetAside["reason"] } = {},
  ) {
    super(code, detail, extra);
  }

  /** Why this page alone may be at fault, where it is an order's own; null where it is the login, the site or us. */
  get ofOne(): SetAside["reason"] | null {
    return this.extra.ofOne ?? null;
  }
}

async function read(
  ports: Ports,
  backend: Backend,
  run: SyncRun,
  step: Extract<Step, { do: "read" }>,
): Promise<SyncRun> {
  const contract = usableContract(run, step);
  const isList = contract.list !== undefined;
  const known = await knownRows(ports, backend, run, step.phase);
  const url = pageUrl(contract, run.storeId, step.page, step.key);
  const reading = await ports.readPage(contract, url, isList ? step.page : null, run.clockOffsetMs);
  assertRightPage(run, step, contract, reading);
  const shown = apiRows(step.phase, reading, step.key);
  const news = await withoutKnown(shown, known);
  const isBeyond = step.phase === "closed" && reachesKnown(shown.listings, news.listings);
  const more = isList ? reading.kind === "rows" && reading.more && !isBeyond : step.page < run.wanted.length;
  const now = ports.clock.now();
  const next = pageRead(run, rowsOf(reading), more, now);
  const page: Page = {
    seq: next.seq,
    phase: step.phase,
    page: step.page,
    contract: contractName(contract),
    observed_at: new Date(now + run.clockOffsetMs).toISOString(),
    last_page: !more,
    details: shown.details,
    ...news,
  };
  // First the page, then the note that it waits: a kill between the two reads it again under the same seq.
  await ports.queue.put(runId(run), page);
  return next;
}

function rowsOf(reading: Reading): number {
  return reading.kind === "rows" ? reading.rows.length : reading.kind === "record" ? 1 : 0;
}

async function knownRows(ports: Ports, backend: Backend, run: SyncRun, phase: Phase): Promise<KnownRows> {
  return phase === "detail" ? new Map() : ports.known.of(backend, runId(run), phase);
}

function usableContract(run: SyncRun, step: Extract<Step, { do: "read" }>): PageContract {
  const known = contractFor(run.profile, step.phase);
  if (known === undefined) throw new AppError("CONTRACT_DISABLED", step.phase);
  const contract = contractAt(known, addressOf(run.pageAddresses, step.phase));
  const name = contractName(contract);
  const about = { contract: name, missing: [], skeleton: null };
  if (run.disabledContracts.includes(name)) throw new PageFailure("CONTRACT_DISABLED", name, about);
  if (step.phase !== "detail" && step.page > MAX_PAGES) {
    throw new PageFailure("PAGE_DRIFT", `${MAX_PAGES}`, { ...about, missing: ["next: the pager does not end"] });
  }
  return contract;
}

/** Nothing of a page counts unless it is this account's own and wholly understood. */
function assertRightPage(
  run: SyncRun,
  step: Extract<Step, { do: "read" }>,
  contract: PageContract,
  reading: Reading,
): void {
  const about = { contract: contractName(contract), missing: [] as string[], skeleton: null };
  switch (reading.kind) {
    case "loginRequired":
      throw new PageFailure("LOGIN_REQUIRED", "", about);
    case "notStore":
      throw new PageFailure("NOT_STORE", "", about);
    case "maintenance":
      throw new PageFailure("MAINTENANCE", "", about);
    case "blocked":
      throw blockedFailure(reading, about);
    case "drift":
      throw new PageFailure("PAGE_DRIFT", reading.missing.join(", "), {
        ...about,
        missing: reading.missing.map((line) => line.slice(0, 200)).slice(0, 100),
        skeleton: reading.skeleton,
      }, { ofOne: "unreadable" });
    case "loading":
      throw new PageFailure("NETWORK", "the page does not end loading", about);
    case "form":
    case "answer":
      throw new PageFailure("PAGE_DRIFT", "", { ...about, missing: ["another kind of page"] });
    case "rows":
    case "empty":
    case "record":
      if (reading.store !== run.storeId) {
        throw new PageFailure("WRONG_ACCOUNT", `${reading.store} ≠ ${run.storeId}`, about, { subject: reading.store });
      }
  }
  if (reading.kind === "record" && !isAbout(reading, step.key)) {
    const missing = ["auction_id: another order is shown"];
    throw new PageFailure("PAGE_DRIFT", "", { ...about, missing }, { ofOne: "unreadable" });
  }
}

/** What a site may answer for one order only. */
const ERRORS_OF_ONE = new Map<number, SetAside["reason"]>([
  [400, "error"],
  [404, "not_found"],
  [410, "not_found"],
  [500, "error"],
]);

function blockedFailure(
  { status, retryAfterMs }: Extract<Reading, { kind: "blocked" }>,
  about: PageFailure["about"],
): PageFailure {
  const subject = String(status);
  if (status === 429 || status === 503) return new PageFailure("RATE_LIMITED", subject, about, { retryAfterMs });
  const ofOne = ERRORS_OF_ONE.get(status);
  const extra = ofOne === undefined ? {} : { ofOne };
  if (status >= 500) return new PageFailure("NETWORK", subject, about, { retryAfterMs, ...extra });
  return new PageFailure("PAGE_DRIFT", subject, { ...about, missing: [`status ${status}`] }, extra);
}

function runId(run: SyncRun): number {
  if (run.server === null) throw new Error("the run has not been given a number yet");
  return run.server.runId;
}

async function send(ports: Ports, backend: Backend, run: SyncRun): Promise<SyncRun> {
  const page = await ports.queue.get(runId(run), run.seq);
  if (page === null) throw new AppError("INTERNAL", `page ${run.seq} is gone from the queue`);
  return pageStored(run, await backend.postPage(runId(run), page));
}

async function finish(ports: Ports, backend: Backend, run: SyncRun): Promise<void> {
  const ending = run.ending ?? { outcome: "complete" };
  const error = ending.outcome === "failed" ? ending.error : null;
  const aside = ending.outcome === "complete" ? (run.setAside ?? []).slice(0, MOST_ASIDE) : [];
  // An older back office does not know the field.
  const setAside = aside.length > 0 ? { set_aside: aside } : {};
  const answer = await backend.finishRun(runId(run), { outcome: ending.outcome, phases: run.phases, error, ...setAside });
  const report = ending.outcome === "failed" ? ending.report : null;
  const { summary, notices } = answer;
  await endRun(ports, run, { error: report, summary, notices, phases: run.phases });
}

async function afterFailure(ports: Ports, run: SyncRun, step: Step, error: AppError): Promise<void> {
  const now = ports.clock.now();
  const isReading = step.do === "read" && error.code !== "BACKEND_DOWN";
  const isOld = now - Date.parse(run.startedAt) > GIVE_UP_MS;
  const mayPass = error.retryable && (isReading || step.do === "start" ? run.failures + 1 < MAX_FAILURES : !isOld);
  if (mayPass) {
    const wakeAt = now + retryDelayMs(run.failures, error.retryAfterMs, ports.clock.random());
    return keep(ports, postponed(run, wakeAt, now), { runTrouble: error.report });
  }
  const isGone = error instanceof PageFailure && error.about.missing.includes(ANOTHER_PAGE);
  const again = isReading && isGone ? listBegunAgain(run, now) : null;
  if (again !== null) return keep(ports, again, { runTrouble: null });
  if (isReading || (step.do === "send" && error.code === "BACKEND_REJECTED")) {
    const nothing = { contract: null, missing: [], skeleton: null };
    const about = error instanceof PageFailure ? error.about : nothing;
    const reason = error instanceof PageFailure ? error.ofOne : null;
    if (step.do === "read" && step.phase === "detail" && step.key !== null && reason !== null) {
      return keep(ports, pageSetAside(run, { key: step.key, reason }, error, about, now), { runTrouble: null });
    }
    return keep(ports, failed(run, error, about), { runTrouble: null });
  }
  // The back office itself refused: it cannot be told, only staff can.
  await endRun(ports, run, { error: error.report, summary: null, notices: [], phases: run.phases });
}

async function endRun(ports: Ports, run: SyncRun, result: Outcome): Promise<void> {
  if (run.server !== null) await ports.queue.drop(run.server.runId);
  const hasReadAny = run.phases.some(({ phase, pages }) => phase === "detail" && pages > 0);
  const doubts = run.ending?.outcome === "complete" ? afterRun(doubtsOf(run), run.wanted, hasReadAny) : doubtsOf(run);
  const at = ports.clock.now();
  // At once: a kill in between would count one failure twice. Given up meanwhile (another shop), it says nothing any more.
  await ports.store.update((state) =>
    state.run?.startKey === run.startKey
      ? {
          ...resultOf(state, run, result, at),
          run: null,
          hurry: false,
          runTrouble: null,
          doubts: { ...state.doubts, [run.accountId]: doubts },
        }
      : {},
  );
  if (result.error?.code === "NOT_PAIRED") return;
  await tellPlan(ports, run.accountId);
  await refreshQuietly(ports);
}

/** The popup shows the counts as they are after the run; when that fails it shows that instead. */
async function refreshQuietly(ports: Ports): Promise<void> {
  try {
    await refreshContext(ports);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
  }
}

type Outcome = Omit<SyncResult, "accountId" | "at" | "trigger">;

function resultOf(
  { results, failures }: Stored,
  { accountId, trigger }: Pick<SyncRun, "accountId" | "trigger">,
  result: Outcome,
  now: number,
): Pick<Stored, "results" | "failures"> {
  // Another PC reads the account just now: that is as good.
  const hasFailed = result.error !== null && result.error.code !== "ALREADY_RUNNING";
  return {
    results: { ...results, [accountId]: { accountId, trigger, at: new Date(now).toISOString(), ...result } },
    failures: { ...failures, [accountId]: hasFailed ? (failures[accountId] ?? 0) + 1 : 0 },
  };
}
