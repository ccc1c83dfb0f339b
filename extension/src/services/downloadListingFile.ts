import type { Backend } from "../api/backend.ts";
import { AppError, asAppError } from "../core/errors.ts";
import type { DownloadJob, DownloadRequest } from "../core/state.ts";
import type { Batch } from "../generated/api.ts";
import { pairedBackend } from "./paired.ts";
import type { Ports } from "./ports.ts";
import { whenBuilt } from "./whenBuilt.ts";

/** 【出品ファイルをダウンロード】: remembers what was asked for; `runDownload` does it. */
export async function startDownload(ports: Ports, request: DownloadRequest): Promise<void> {
  const job: DownloadJob = {
    request,
    key: ports.clock.uuid(),
    startedAt: ports.clock.now(),
    batches: [],
    saved: [],
    leftOut: [],
    state: "working",
    error: null,
  };
  await ports.store.update(({ download }) => {
    if (download?.state === "working") throw new AppError("ALREADY_RUNNING");
    return { download: job };
  });
}

/** Keeps the job's progress, unless it was forgotten meanwhile. */
async function keep(ports: Ports, job: DownloadJob): Promise<void> {
  await ports.store.update(({ download }) => (download?.key === job.key ? { download: job } : {}));
}

/** Makes the files, or finds the old one, and saves each. Goes on from what is stored; ends in `done` or `failed`. */
export async function runDownload(ports: Ports): Promise<void> {
  const { download } = await ports.store.read();
  if (download?.state !== "working") return;
  try {
    const backend = await pairedBackend(ports);
    const requested = await requestedBatches(ports, backend, download);
    const progress = (batches: Batch[]) => keep(ports, { ...requested, batches });
    const batches = await whenBuilt(ports, backend, requested.batches, requested.startedAt, progress);
    const saved = await saveAll(ports, backend, { ...requested, batches });
    await keep(ports, { ...saved, state: "done" });
  } catch (thrown) {
    const { download: last } = await ports.store.read();
    if (last?.key === download.key) await keep(ports, { ...last, state: "failed", error: asAppError(thrown).report });
  }
}

async function requestedBatches(ports: Ports, backend: Backend, job: DownloadJob): Promise<DownloadJob> {
  if (job.batches.length > 0) return job;
  const made = await batchesFor(backend, job);
  const next = { ...job, ...made };
  await keep(ports, next);
  return next;
}

async function batchesFor(
  backend: Backend,
  { request, key }: DownloadJob,
): Promise<Pick<DownloadJob, "batches" | "leftOut">> {
  const { accountId, kind, batchId } = request;
  if (kind === "queued") {
    const answer = await backend.makeBatches(accountId, { source: "queued" }, key);
    return { batches: answer.batches, leftOut: answer.left_out };
  }
  if (batchId === null) throw new AppError("INTERNAL", "no file was chosen");
  if (kind === "whole") return { batches: [await backend.batch(batchId)], leftOut: [] };
  const answer = await backend.makeBatches(accountId, { source: "rest", batch_id: batchId }, key);
  return { batches: answer.batches, leftOut: answer.left_out };
}

async function saveAll(ports: Ports, backend: Backend, job: DownloadJob): Promise<DownloadJob> {
  let current = job;
  for (const batch of job.batches.filter(({ id }) => !job.saved.includes(id))) {
    await saveOne(ports, backend, batch, job.request.confirmWhole);
    current = { ...current, saved: [...current.saved, batch.id] };
    await keep(ports, current);
  }
  return current;
}

async function saveOne(ports: Ports, backend: Backend, batch: Batch, confirmWhole: boolean): Promise<void> {
  const link = await backend.downloadLink(batch.id, confirmWhole);
  await ports.saveFile(link.url, link.file_name);
}
