import type { Backend } from "../api/backend.ts";
import { AppError } from "../core/errors.ts";
import type { Batch } from "../generated/api.ts";
import type { Ports } from "./ports.ts";

const LOOK_EVERY_MS = 1_000;
/** A file that takes longer will not come: the button must not stay grey for ever. */
const LONGEST_BUILD_MS = 30 * 60_000;

/** The files once all of them are ready; `progress` is told how far they are. Asked at least once, however late. Throws FILE_FAILED. */
export async function whenBuilt(
  ports: Ports,
  backend: Backend,
  requested: Batch[],
  startedAt: number,
  progress: (batches: Batch[]) => Promise<void>,
): Promise<Batch[]> {
  let batches = requested;
  while (batches.some(({ state }) => state === "building")) {
    await ports.clock.sleep(LOOK_EVERY_MS);
    batches = await Promise.all(batches.map((batch) => (batch.state === "building" ? backend.batch(batch.id) : batch)));
    await progress(batches);
    const isLate = ports.clock.now() - startedAt > LONGEST_BUILD_MS;
    if (isLate && batches.some(({ state }) => state === "building")) throw new AppError("FILE_FAILED");
  }
  const failed = batches.find(({ state }) => state === "failed");
  if (failed !== undefined) throw new AppError("FILE_FAILED", failed.error ?? "", { subject: failed.file_name });
  return batches;
}
