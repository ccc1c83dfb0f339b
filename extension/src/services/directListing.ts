import type { Backend } from "../api/backend.ts";
import { retryDelayMs } from "../core/backoff.ts";
import { contractFor, pageUrl } from "../core/contracts/catalog.ts";
import { AppError, asAppError } from "../core/errors.ts";
import type { DirectJob, Stored } from "../core/state.ts";
import type { Batch, OutcomeRequest } from "../generated/api.ts";
import { exhibited, registered } from "./exhibit.ts";
import { pairedBackend, refreshContext } from "./paired.ts";
import type { Ports } from "./ports.ts";
import { requestSync } from "./runSync.ts";
import { byPosition } from "./refusedRows.ts";
import { assertKind, contractOf, settledTab, siteAnswer, toolOf } from "./storeTool.ts";
import { whenBuilt } from "./whenBuilt.ts";

const UNKNOWN: OutcomeRequest = { kind: "unknown", message: "", refused: [] };
const NOT_TAKEN: OutcomeRequest = { kind: "not_taken", message: "", refused: [] };
/** A large file takes its time. */
const PATIENCE = { withinMs: 180_000, strangeForMs: 20_000 };
/** A page that did not take the file is opened anew so often; so often the back office is asked again. */
const MAX_TRIES = 3;

/** 【直接出品を実行】: remembers what was asked for; `runDirectListing` does it. */
export async function startDirectListing(ports: Ports, accountId: number): Promise<void> {
  const [now, key] = [ports.clock.now(), ports.clock.uuid()];
  await ports.store.update((state) => ({ direct: begun(state, accountId, now, key) }));
}

/** What the press makes of the state as it is then: of two at once one begins. Throws ALREADY_RUNNING, DIRECT_UNFINISHED. */
function begun({ direct, context }: Stored, accountId: number, now: number, key: string): DirectJob {
  if (direct?.state === "working") throw new AppError("ALREADY_RUNNING");
  // "Nothing to do" is the answer to its key for ever: by now there may be something.
  if (direct?.state === "failed" && direct.error?.code !== "NOTHING_TO_DO") {
    // It goes on from where it stands: its files may be half-way to the marketplace.
    if (direct.accountId !== accountId) throw new AppError("DIRECT_UNFINISHED", "", { subject: direct.accountName });
    return { ...direct, step: stepAfter(direct), since: now, state: "working", error: null };
  }
  const account = context?.value.accounts.find(({ id }) => id === accountId);
  return {
    accountId,
    accountName: account?.name ?? "",
    key,
    startedAt: now,
    batches: null,
    leftOut: [],
    at: 0,
    step: "making",
    attempts: 0,
    failures: 0,
    uploadId: null,
    nonce: "",
    since: now,
    exhibited: [],
    doubtful: [],
    doubtfulSince: 0,
    leftInFolder: [],
    ticket: null,
    answer: null,
    uploads: [],
    state: "working",
    error: null,
  };
}

/** A page after the upload that cannot be read, or of a stopped account, will not be read now: the lists must tell. */
function stepAfter({ step, error }: DirectJob): DirectJob["step"] {
  const isUnreadable = ["PAGE_DRIFT", "CONTRACT_DISABLED", "NOT_STORE"].includes(error?.code ?? "");
  return (isUnreadable || error?.subject === "account") && (step === "registering" || step === "exhibiting") ? "concluding" : step;
}

/** Gives up what was not sent: its items wait again. What was sent stays with the marketplace. */
export async function cancelDirectListing(ports: Ports): Promise<void> {
  const { direct } = await ports.store.read();
  if (direct?.state !== "failed") return;
  const backend = await pairedBackend(ports);
  if (direct.uploadId !== null && direct.step === "handing") await unlessSent(backend.cancelUpload(direct.uploadId));
  const batches = direct.batches ?? (await batchesAskedFor(backend, direct));
  for (const batch of batches.slice(direct.at)) await unlessSent(backend.giveBack(batch.id));
  if (direct.uploads.length > 0) await requestSync(ports, direct.accountId, "button");
  await ports.store.update(({ direct: now }) => (now?.key === direct.key && now.state === "failed" ? { direct: null } : {}));
  await refreshContext(ports);
}

/** Files whose making was asked for, and whose answer was lost, may be there: the same key tells which. */
async function batchesAskedFor(backend: Backend, { accountId, key, error }: DirectJob): Promise<Batch[]> {
  if (error?.code !== "BACKEND_DOWN") return [];
  try {
    return (await backend.makeBatches(accountId, { source: "queued" }, key)).batches;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "NOTHING_TO_DO") return [];
    throw thrown;
  }
}

/** 閉じる: only what is over is forgotten, whatever an old popup still shows. */
export async function clearDirectListing(ports: Ports): Promise<void> {
  await ports.store.update(({ direct }) => (direct?.state === "done" ? { direct: null } : {}));
}

/** A file that somebody else has sent, or is sending, is no longer ours to give back. */
async function unlessSent(giving: Promise<unknown>): Promise<void> {
  try {
    await giving;
  } catch (thrown) {
    if (!isTakenElsewhere(thrown)) throw thrown;
  }
}

function isTakenElsewhere(thrown: unknown): thrown is AppError {
  return thrown instanceof AppError && (thrown.code === "ALREADY_SENT" || thrown.code === "UPLOAD_RUNNING");
}

async function keep(ports: Ports, job: DirectJob): Promise<void> {
  await ports.store.update(({ direct }) => (direct?.key === job.key ? { direct: job } : {}));
}

/** Lists what waits, from wherever the last worker left it, as far as the read-back; ends in `done` or `failed`. */
export async function runDirectListing(ports: Ports): Promise<void> {
  for (;;) {
    const { direct } = await ports.store.read();
    if (direct?.state !== "working" || direct.step === "reading_back") return;
    try {
      const next = await stepped(ports, await pairedBackend(ports), direct);
      // First the wish for a pass: a kill in between asks for it again.
      if (next.step === "reading_back") await requestSync(ports, next.accountId, "button");
      await keep(ports, { ...next, failures: 0 });
    } catch (thrown) {
      await afterFailure(ports, direct, asAppError(thrown));
    }
  }
}

/** No step is begun again that may have sent something; what the store answered is told for as long as it takes. */
async function afterFailure(ports: Ports, job: DirectJob, error: AppError): Promise<void> {
  const { direct: now } = await ports.store.read();
  const isConcluding = job.step === "concluding";
  const mayPass = error.retryable && (isConcluding || job.failures + 1 < MAX_TRIES);
  if (now?.key !== job.key || now.step !== job.step) return;
  if (!mayPass) return keep(ports, { ...now, state: "failed", failures: 0, error: error.report });
  await keep(ports, { ...now, failures: now.failures + 1 });
  await ports.clock.sleep(retryDelayMs(job.failures, error.retryAfterMs, ports.clock.random()));
}

async function stepped(ports: Ports, backend: Backend, job: DirectJob): Promise<DirectJob> {
  switch (job.step) {
    case "making":
      return made(ports, backend, job);
    case "claiming":
      return claimed(ports, backend, job);
    case "handing":
      return sent(ports, backend, job);
    case "sent":
      return answered(ports, job);
    case "registering":
      return registered(ports, backend, job);
    case "exhibiting":
      return exhibited(ports, backend, job);
    case "concluding":
      return concluded(backend, job);
    case "reading_back":
      return job;
  }
}

async function made(ports: Ports, backend: Backend, job: DirectJob): Promise<DirectJob> {
  if (job.batches === null) {
    const { batches, left_out: leftOut } = await backend.makeBatches(job.accountId, { source: "queued" }, job.key);
    return { ...job, batches, leftOut };
  }
  const built = await whenBuilt(ports, backend, job.batches, job.since, (batches: Batch[]) => keep(ports, { ...job, batches }));
  return { ...job, batches: built, step: "claiming" };
}

async function claimed(ports: Ports, backend: Backend, job: DirectJob): Promise<DirectJob> {
  const batch = job.batches?.[job.at];
  if (batch === undefined) return { ...job, step: "reading_back" };
  let upload;
  try {
    upload = await backend.claimUpload(batch.id);
  } catch (thrown) {
    if (!isTakenElsewhere(thrown)) throw thrown;
    // The file went another way meanwhile: said, and on to the next.
    const skipped = { listing_id: batch.id, management_number: batch.file_name, title: "", reason: thrown.detail };
    return { ...job, at: job.at + 1, leftOut: [...job.leftOut, skipped] };
  }
  return { ...job, uploadId: upload.id, nonce: ports.clock.uuid(), ticket: null, answer: null, step: "handing" };
}

/** Everything up to the one click. A kill on the way begins it anew: nothing was sent. */
async function sent(ports: Ports, backend: Backend, job: DirectJob): Promise<DirectJob> {
  await refreshContext(ports);
  const tool = await toolOf(ports, job);
  const { account } = tool;
  const contract = contractOf(tool, "upload");
  const form = contract.form;
  if (form?.file === undefined || job.uploadId === null) throw new AppError("INTERNAL", "nothing to upload");
  if ((await backend.upload(job.uploadId)).state === "abandoned") return { ...job, step: "claiming" };
  await ports.tab.open(pageUrl(contract, account.store_id, 1, null));
  assertKind(await settledTab(ports, contract), ["form"], contract, account);
  const ticketed: DirectJob = { ...job, ticket: ports.clock.uuid() };
  await keep(ports, ticketed);
  await ports.tab.handOver(ticketed.ticket ?? "", form.file);
  if (!(await begunSending(backend, job.uploadId, job.nonce))) {
    return { ...ticketed, ticket: null, answer: NOT_TAKEN, step: "concluding" };
  }
  // From here on the file may be with the marketplace, whatever becomes of this worker.
  const clicked: DirectJob = { ...ticketed, ticket: null, step: "sent" };
  await keep(ports, clicked);
  const { direct } = await ports.store.read();
  if (direct?.key !== job.key || direct.step !== "sent") throw new AppError("INTERNAL", "the listing was forgotten");
  // A page that goes away under the click says nothing about it: only a certain "no" is one.
  return (await ports.tab.click(form.submit)) === false ? { ...clicked, answer: NOT_TAKEN, step: "concluding" } : clicked;
}

/** False: it was begun so long ago that the same click does not count any more; it certainly never happened (`clicked`). */
async function begunSending(backend: Backend, uploadId: number, nonce: string): Promise<boolean> {
  try {
    await backend.beginSending(uploadId, nonce);
    return true;
  } catch (thrown) {
    if (!isTakenElsewhere(thrown) || (await backend.upload(uploadId)).state !== "sending") throw thrown;
    return false;
  }
}

/** What the site says of the file. No answer is an answer too: only its lists can tell then. */
async function answered(ports: Ports, job: DirectJob): Promise<DirectJob> {
  const { context } = await ports.store.read();
  const account = context?.value.accounts.find(({ id }) => id === job.accountId);
  const contract = account === undefined ? undefined : contractFor(account.profile, "upload");
  const said = contract === undefined ? null : await siteAnswer(ports, contract, PATIENCE);
  const answer: OutcomeRequest =
    said === null
      ? UNKNOWN
      : { kind: said.answer, message: said.message.slice(0, 1_000), refused: byPosition(said.refused, []) };
  // Where the tool has folders the file is only saved by now; and its history knows what an unclear answer meant.
  const isSaving = account !== undefined && contractFor(account.profile, "history") !== undefined;
  // A refusal too: whatever stands where problems are said, the file may be there all the same.
  const step = isSaving && answer.kind !== "not_taken" ? "registering" : "concluding";
  return { ...job, answer, step, since: ports.clock.now(), exhibited: [], doubtful: [] };
}

async function concluded(backend: Backend, job: DirectJob): Promise<DirectJob> {
  if (job.uploadId === null || job.answer === null) throw new AppError("INTERNAL", "no answer to report");
  const upload = await backend.concludeUpload(job.uploadId, job.answer);
  if (upload.state !== "not_taken") {
    return { ...job, uploads: [...job.uploads, upload], at: job.at + 1, attempts: 0, step: "claiming" };
  }
  if (job.attempts + 1 < MAX_TRIES) return { ...job, attempts: job.attempts + 1, step: "claiming" };
  // Nothing of it is with the marketplace: 続きから実行 sends it anew, 取りやめる gives it back.
  const { report } = new AppError("FILE_NOT_HANDED", job.answer.message);
  return { ...job, attempts: 0, step: "claiming", state: "failed", error: report };
}

/** After the sync that reads back: what became of each item. */
export async function finishDirectListing(ports: Ports): Promise<void> {
  const { direct, passes, run } = await ports.store.read();
  if (direct?.state !== "working" || direct.step !== "reading_back") return;
  const isReading = run?.accountId === direct.accountId || passes.some(({ accountId }) => accountId === direct.accountId);
  if (isReading) return;
  try {
    const backend = await pairedBackend(ports);
    const uploads = await Promise.all(direct.uploads.map(({ id }) => backend.upload(id)));
    await keep(ports, { ...direct, uploads, state: "done" });
  } catch (thrown) {
    const error = asAppError(thrown);
    if (!error.retryable) return keep(ports, { ...direct, state: "done" });
    await ports.wakeAt(ports.clock.now() + 60_000);
  }
}
