import { contractFor } from "../core/contracts/catalog.ts";
import { AppError } from "../core/errors.ts";
import { actualUrl, type OriginTable } from "../core/origins.ts";
import { pairedBackend } from "./paired.ts";
import type { Ports } from "./ports.ts";

/** The file of the direct listing that is being handed over, and the only site that may get it. Throws FILE_NOT_HANDED. */
export async function ticketedFile(
  ports: Ports,
  origins: OriginTable,
  ticket: string,
): Promise<{ url: string; name: string; sha256: string; origin: string }> {
  const { direct, context } = await ports.store.read();
  const account = context?.value.accounts.find(({ id }) => id === direct?.accountId);
  const contract = account === undefined ? undefined : contractFor(account.profile, "upload");
  const isOpen = direct?.state === "working" && direct.step === "handing" && direct.ticket === ticket;
  if (!isOpen || direct.uploadId === null || contract === undefined) throw new AppError("FILE_NOT_HANDED", "no such ticket");
  const { file } = await (await pairedBackend(ports)).upload(direct.uploadId);
  if (file === null) throw new AppError("ALREADY_SENT");
  const { origin } = new URL(actualUrl(contract.url, origins));
  return { url: file.url, name: file.file_name, sha256: file.sha256, origin };
}
