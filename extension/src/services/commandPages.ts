import { pageUrl } from "../core/contracts/catalog.ts";
import { contractName, type Marker, type PageContract, type Reading, type Row } from "../core/contracts/contract.ts";
import { isAbout } from "../core/contracts/records.ts";
import { AppError } from "../core/errors.ts";
import type { Command, CommandSeen } from "../generated/api.ts";
import type { Ports } from "./ports.ts";
import { assertKind, contractOf, settledTab, type Tool } from "./storeTool.ts";

const LOOK_EVERY_MS = 500;
/** A question that has not come up by then will not. */
const ASKED_WITHIN_MS = 20_000;
const MAX_PAGES = 200;
/** The newest ends: what we ended just now, or a while ago. */
const CLOSED_PAGES = 5;

const NOTHING: CommandSeen = { status: null, is_selling: null, bid_count: null, result: null };

/** What the page shows, and the click that does it; null: the page itself says that there is nothing to do. */
export interface Ready {
  seen: CommandSeen;
  click: Marker | null;
}

/** The tab with everything filled in and ticked, one click before it happens. Throws what staff must know. */
export async function readied(ports: Ports, tool: Tool, command: Command): Promise<Ready> {
  if (command.kind === "ship") return readiedShipment(ports, tool, command);
  const bids = await bidsOf(ports, tool, command.key);
  if (bids > 0) return { seen: { ...NOTHING, is_selling: true, bid_count: bids }, click: null };
  const contract = contractOf(tool, "withdraw");
  const readiedEnd = contract.form?.tick === undefined ? readiedOnItsPage : readiedInTheList;
  return readiedEnd(ports, tool, contract, command);
}

/** Just before the click: what forbids it, null when nothing does. */
export async function lastLook(ports: Ports, tool: Tool, { kind, key }: Command): Promise<CommandSeen | null> {
  if (kind === "ship") return null;
  const bids = await bidsOf(ports, tool, key);
  return bids > 0 ? { ...NOTHING, is_selling: true, bid_count: bids } : null;
}

/** What the pages show of it now, without touching anything. */
export async function look(ports: Ports, tool: Tool, { kind, key }: Command): Promise<CommandSeen> {
  if (kind === "ship") {
    const contract = contractOf(tool, "detail");
    const reading = await ports.readPage(contract, pageUrl(contract, tool.account.store_id, 1, key), null);
    return { ...NOTHING, status: statusOf(reading, contract, tool, key) };
  }
  const ended = await foundInList(ports, tool, "closed", key, CLOSED_PAGES);
  if (ended !== null) return { ...NOTHING, is_selling: false, result: String(ended["result"] ?? "").slice(0, 60) };
  const selling = await foundInList(ports, tool, "selling", key, MAX_PAGES);
  return selling === null ? NOTHING : { ...NOTHING, is_selling: true, bid_count: Number(selling["bid_count"]) };
}

async function readiedShipment(ports: Ports, tool: Tool, command: Command): Promise<Ready> {
  const contract = contractOf(tool, "ship");
  const detail = contractOf(tool, "detail");
  await ports.tab.open(pageUrl(contract, tool.account.store_id, 1, command.key));
  const status = statusOf(await settledTab(ports, detail), detail, tool, command.key);
  const seen = { ...NOTHING, status };
  const reading = await settledTab(ports, contract);
  if (reading.kind === "answer" && reading.answer === "accepted") return { seen, click: null };
  assertKind(reading, ["form"], contract, tool.account);
  const { form } = contract;
  if (form === undefined) throw new AppError("INTERNAL", "no form to send");
  const values = (form.fill ?? []).map(({ selector, value, from }) => ({
    selector,
    value: value ?? (from === undefined ? null : command[from]) ?? "",
  }));
  if (values.some(({ value }) => value === "")) throw new AppError("FORM_NOT_FILLED", contractName(contract));
  if ((await ports.tab.fill(values)) !== true) throw new AppError("FORM_NOT_FILLED", contractName(contract));
  return { seen, click: form.submit };
}

function statusOf(reading: Reading, contract: PageContract, tool: Tool, key: string): string {
  assertKind(reading, ["record"], contract, tool.account);
  if (reading.kind !== "record" || !isAbout(reading, key)) {
    throw new AppError("PAGE_DRIFT", "another order is shown", { subject: contractName(contract) });
  }
  return String(reading.fields["status"] ?? "").slice(0, 120);
}

/** The page that asks about one auction (classic). */
async function readiedOnItsPage(ports: Ports, tool: Tool, contract: PageContract, command: Command): Promise<Ready> {
  await ports.tab.open(pageUrl(contract, tool.account.store_id, 1, command.key));
  const reading = await settledTab(ports, contract);
  // It does not ask, it says why not: perhaps it is over.
  if (reading.kind === "answer") return { seen: await look(ports, tool, command), click: null };
  assertKind(reading, ["form"], contract, tool.account);
  assertAsksAbout(reading, contract, command.key);
  return { seen: { ...NOTHING, is_selling: true, bid_count: 0 }, click: contract.form?.submit ?? null };
}

/** The list with the auction ticked, and the question that follows (current). */
async function readiedInTheList(ports: Ports, tool: Tool, contract: PageContract, command: Command): Promise<Ready> {
  const { form } = contract;
  if (form?.tick === undefined || form.confirm === undefined) throw new AppError("INTERNAL", "no form to end with");
  const row = await foundInList(ports, tool, "selling", command.key, MAX_PAGES);
  if (row === null) return { seen: await look(ports, tool, command), click: null };
  const seen = { ...NOTHING, is_selling: true, bid_count: Number(row["bid_count"]) };
  if (seen.bid_count !== 0) return { seen, click: null };
  assertKind(await settledTab(ports, contract), ["form"], contract, tool.account);
  if ((await ports.tab.tick(form.tick, [command.key])) !== true) throw new AppError("NETWORK", "it cannot be ticked");
  if ((await ports.tab.click(form.submit)) !== true) throw new AppError("NETWORK", "the button cannot be clicked");
  for (let waited = 0; waited < ASKED_WITHIN_MS; waited += LOOK_EVERY_MS) {
    const reading = await ports.readTab(contract);
    if (reading?.kind === "answer") throw new AppError("NETWORK", reading.message.slice(0, 200));
    if (reading?.kind === "form" && reading.about != null) {
      assertKind(reading, ["form"], contract, tool.account);
      assertAsksAbout(reading, contract, command.key);
      return { seen, click: form.confirm };
    }
    await ports.clock.sleep(LOOK_EVERY_MS);
  }
  throw new AppError("NETWORK", "the page does not ask");
}

function assertAsksAbout(reading: Reading, contract: PageContract, key: string): void {
  if (reading.kind === "form" && reading.about === key) return;
  throw new AppError("PAGE_DRIFT", "it asks about another auction", { subject: contractName(contract) });
}

/** Bids on an auction, from its public page; that page is nobody's own. */
async function bidsOf(ports: Ports, tool: Tool, key: string): Promise<number> {
  const contract = contractOf(tool, "item");
  const reading = await ports.readPage(contract, pageUrl(contract, tool.account.store_id, 1, key), null);
  assertKind(reading, ["record"], contract, { ...tool.account, store_id: "" });
  if (reading.kind !== "record" || reading.fields["auction_id"] !== key) {
    throw new AppError("PAGE_DRIFT", "another auction is shown", { subject: contractName(contract) });
  }
  return Number(reading.fields["bid_count"]);
}

/** The auction's row; the tab stays on its page where the list is read in the tab. */
async function foundInList(
  ports: Ports,
  tool: Tool,
  phase: "selling" | "closed",
  key: string,
  most: number,
): Promise<Row | null> {
  const contract = contractOf(tool, phase);
  for (let page = 1; page <= most; page += 1) {
    const reading = await ports.readPage(contract, pageUrl(contract, tool.account.store_id, page, null), page);
    assertKind(reading, ["rows", "empty"], contract, tool.account);
    if (reading.kind !== "rows") return null;
    const row = reading.rows.find(({ auction_id: id }) => id === key);
    if (row !== undefined) return row;
    if (!reading.more) return null;
    await ports.clock.sleep(tool.paceMs);
  }
  return null;
}
