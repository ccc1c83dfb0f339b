import type { Backend } from "../api/backend.ts";
import { pageUrl } from "../core/contracts/catalog.ts";
import type { Reading, Row, WorkPhase } from "../core/contracts/contract.ts";
import { AppError } from "../core/errors.ts";
import type { DirectJob } from "../core/state.ts";
import type { OutcomeRequest, Upload } from "../generated/api.ts";
import type { Ports } from "./ports.ts";
import { byPosition } from "./refusedRows.ts";
import { assertKind, contractOf, settledTab, siteAnswer, toolOf, type Tool } from "./storeTool.ts";

/** A file that the history does not show by then was not taken, or nobody can tell. */
const SHOWN_WITHIN_MS = 90_000;
/** A file that is not worked through by then is left to the lists. */
const WORKED_THROUGH_WITHIN_MS = 15 * 60_000;
/** Items that have not come into their folder by then are left to the lists. */
const IN_FOLDER_WITHIN_MS = 5 * 60_000;
/** What still lies in its folder so long after an unclear answer was not put up for sale. */
const STILL_THERE_AFTER_MS = 120_000;
const LOOK_EVERY_MS = 4_000;
const PATIENCE = { withinMs: 60_000, strangeForMs: 20_000 };
/** A page that did not take what was ticked is opened anew so often. */
const MAX_ATTEMPTS = 5;
const MAX_PAGES = 200;
const WORKED_THROUGH = "完了";
const LONGEST_REASON = 500;
const IN_FOLDER = "競りナビのフォルダに残っています。フォルダから削除してください";
const TO_BE_MENDED = "競りナビのフォルダに残っています。フォルダから削除してから、直して出品し直してください";

/** What the store tool's history says of the file: worked through, and which rows it refused. */
export async function registered(ports: Ports, backend: Backend, job: DirectJob): Promise<DirectJob> {
  const name = job.batches?.[job.at]?.file_name;
  const waited = ports.clock.now() - job.since;
  if (waited > WORKED_THROUGH_WITHIN_MS) return { ...job, step: "concluding" };
  const tool = await toolOf(ports, job);
  const reading = await pageOf(ports, tool, "history", 1, null);
  const entry = reading.kind === "rows" ? reading.rows.find((row) => row["file_name"] === name) : undefined;
  if (entry === undefined && waited > SHOWN_WITHIN_MS) return { ...job, step: "concluding" };
  if (entry?.["state"] !== WORKED_THROUGH) {
    await ports.clock.sleep(LOOK_EVERY_MS);
    return job;
  }
  const lines = String(entry["errors"] ?? "").split("\n").filter((line) => line !== "");
  const { items } = await backend.upload(job.uploadId ?? 0);
  const refused = byPosition(lines.flatMap(refusedRow), items);
  const isNothing = entry["accepted"] === 0;
  const ofFile = lines.filter((line) => refusedRow(line).length === 0).join("、");
  const message = (ofFile === "" ? (job.answer?.message ?? "") : ofFile).slice(0, 1_000);
  const answer: OutcomeRequest = { kind: isNothing ? "refused" : "accepted", message, refused };
  return { ...job, answer, step: isNothing ? "concluding" : "exhibiting", since: ports.clock.now() };
}

/** "3行目 カテゴリ：…"; the header is line 1. */
function refusedRow(line: string): { item: number; reason: string }[] {
  const [, number, reason] = /^(\d+)行目 ?(.+)$/u.exec(line) ?? [];
  return number === undefined || reason === undefined ? [] : [{ item: Number(number) - 1, reason }];
}

/**
 * 出品 of what lies in the folders, a page at a time; the next step when nothing of ours is left to do. What was sold
 * elsewhere since it was uploaded is never put up for sale.
 */
export async function exhibited(ports: Ports, backend: Backend, job: DirectJob): Promise<DirectJob> {
  const isLate = ports.clock.now() - job.since > IN_FOLDER_WITHIN_MS;
  const tool = await toolOf(ports, job);
  const { items } = await backend.upload(job.uploadId ?? 0);
  const known = withoutRefused(items, job).filter(({ state }) => state === "processing");
  const sold = known.filter((item) => isAtRisk(item) && !wasPressed(item.management_number, job));
  if (sold.length > 0) return withRefused(job, sold.map(({ position, risk }) => ({ position, reason: risk ?? "" })), IN_FOLDER);
  const due = known.filter((item) => !isAtRisk(item));
  const mayRepeat = ports.clock.now() - job.doubtfulSince > STILL_THERE_AFTER_MS;
  const page = await folderPageWith(ports, tool, due, mayRepeat ? job.doubtful : [], job);
  if (page !== null) return exhibitedPage(ports, backend, tool, page, job);
  const isWaiting = !isLate && due.some(({ management_number: number }) => !wasPressed(number, job));
  const isInDoubt = !mayRepeat && job.doubtful.length > 0;
  if (!isWaiting && !isInDoubt) {
    const neverShown = due.map((item) => item.management_number).filter((number) => !wasPressed(number, job));
    return { ...job, leftInFolder: [...job.leftInFolder, ...doubted(items, job), ...neverShown], step: "concluding" };
  }
  await ports.clock.sleep(LOOK_EVERY_MS);
  return job;
}

function withoutRefused(items: Upload["items"], { answer }: DirectJob): Upload["items"] {
  const refused = new Set((answer?.refused ?? []).map(({ position }) => position));
  return items.filter(({ position }) => !refused.has(position));
}

/** 管理番号 that became 要確認 before their 出品 was pressed: whether they shall still be listed is for a person to say. */
function doubted(items: Upload["items"], job: DirectJob): string[] {
  const numbers = withoutRefused(items, job).filter(({ state }) => state === "needs_review").map((item) => item.management_number);
  return numbers.filter((number) => !wasPressed(number, job));
}

/** The back office says why it is not to be put up for sale: it is gone, or listed by another attempt. */
function isAtRisk({ risk }: Upload["items"][number]): boolean {
  return (risk ?? null) !== null;
}

function withRefused(job: DirectJob, refused: OutcomeRequest["refused"], where: string): DirectJob {
  const told = job.answer ?? { kind: "accepted" as const, message: "", refused: [] };
  const lines = refused.map(({ position, reason }) => ({ position, reason: `${reason}（${where}）`.slice(0, LONGEST_REASON) }));
  return { ...job, answer: { ...told, refused: [...told.refused, ...lines] } };
}

interface FolderPage {
  url: string;
  /** What the page's checkboxes say of our items. */
  itemIds: string[];
}

/** The first page of a folder that shows items of ours for which 出品 was not pressed yet, or may be `again`. */
async function folderPageWith(
  ports: Ports,
  tool: Tool,
  due: Upload["items"],
  again: string[],
  job: DirectJob,
): Promise<FolderPage | null> {
  if (due.length === 0) return null;
  const folders = await pageOf(ports, tool, "folders", 1, null);
  const filled = rowsOf(folders).filter((row) => Number(row["items"]) > 0);
  for (const folder of filled) {
    const key = String(folder["folder_id"]);
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const reading = await pageOf(ports, tool, "folder", page, key);
      const itemIds = ours(rowsOf(reading), due, again, job);
      if (itemIds.length > 0) {
        return { url: pageUrl(contractOf(tool, "folder"), tool.account.store_id, page, key), itemIds };
      }
      if (reading.kind !== "rows" || !reading.more) break;
    }
  }
  return null;
}

function wasPressed(number: string, { exhibited: pressed }: DirectJob): boolean {
  return pressed.some((item) => numberOf(item) === number);
}

/** 「IT1#77」 → IT1; a 管理番号 may hold the sign itself. */
function numberOf(item: string): string {
  return item.slice(0, item.lastIndexOf("#"));
}

/** One item per 管理番号, and never another one than before: a second one of the same number would be listed twice. */
function ours(rows: Row[], due: Upload["items"], again: string[], job: DirectJob): string[] {
  const numbers = new Set(due.map(({ management_number }) => management_number));
  const chosen: string[] = [];
  for (const row of rows) {
    const number = String(row["management_number"]);
    const item = `${number}#${String(row["item_id"])}`;
    const isFree = again.includes(item) || !wasPressed(number, job);
    if (isFree && numbers.delete(number)) chosen.push(item);
  }
  return chosen;
}

async function exhibitedPage(
  ports: Ports,
  backend: Backend,
  tool: Tool,
  page: FolderPage,
  job: DirectJob,
): Promise<DirectJob> {
  const contract = contractOf(tool, "exhibit");
  const { form } = contract;
  if (form?.tick === undefined || form.confirm === undefined) throw new AppError("INTERNAL", "no form to list with");
  await ports.tab.open(page.url);
  assertKind(await settledTab(ports, contract), ["form"], contract, tool.account);
  const ids = page.itemIds.map((each) => each.slice(each.lastIndexOf("#") + 1));
  const isAsked = (await ports.tab.tick(form.tick, ids)) === true && (await ports.tab.click(form.submit)) === true;
  const again = afterAttempt(job, page);
  if (!isAsked) return again;
  // Reading the folders took its time: what was sold meanwhile is sorted out first.
  const { items } = await backend.upload(job.uploadId ?? 0);
  const isShown = (number: string) => page.itemIds.some((item) => numberOf(item) === number);
  if (items.some((item) => isAtRisk(item) && isShown(item.management_number))) return job;
  // From here on they may be listed, whatever becomes of this worker.
  const others = job.doubtful.filter((item) => !page.itemIds.includes(item));
  const pressed: DirectJob = {
    ...job,
    exhibited: [...new Set([...job.exhibited, ...page.itemIds])],
    doubtful: [...others, ...page.itemIds],
    doubtfulSince: ports.clock.now(),
  };
  await ports.store.update(({ direct }) => (direct?.key === job.key ? { direct: pressed } : {}));
  if ((await ports.tab.click(form.confirm)) === false) return again;
  const answer = await siteAnswer(ports, contract, PATIENCE);
  if (answer?.answer === "not_taken") return again;
  if (answer === null || answer.answer === "unknown") return afterAttempt(pressed, page);
  return withRefused({ ...pressed, doubtful: others }, byPosition(answer.refused, items), TO_BE_MENDED);
}

/** Nothing is known to have been listed: once more, so often. */
function afterAttempt(job: DirectJob, page: FolderPage): DirectJob {
  const attempts = job.attempts + 1;
  if (attempts < MAX_ATTEMPTS) return { ...job, attempts };
  return { ...job, attempts, leftInFolder: [...job.leftInFolder, ...page.itemIds.map(numberOf)], step: "concluding" };
}

/** One page of the store tool, only if it is this store's and wholly understood. */
async function pageOf(ports: Ports, tool: Tool, phase: WorkPhase, page: number, key: string | null): Promise<Reading> {
  const contract = contractOf(tool, phase);
  const url = pageUrl(contract, tool.account.store_id, page, key);
  await ports.clock.sleep(tool.paceMs);
  const reading = await ports.readPage(contract, url, page);
  assertKind(reading, ["rows", "empty"], contract, tool.account);
  return reading;
}

function rowsOf(reading: Reading): Row[] {
  return reading.kind === "rows" ? reading.rows : [];
}
