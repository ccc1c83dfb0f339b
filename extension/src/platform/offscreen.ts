import type { Reading } from "../core/contracts/contract.ts";
import { AppError } from "../core/errors.ts";

/** A page to be parsed and read where there is a DOM. */
export interface ParseRequest {
  contract: string;
  /** Where this store has the page, if elsewhere. */
  address?: string;
  html: string;
  finalUrl: string;
  page: number | null;
  observedAt: string;
}

interface ParseMessage {
  to: "offscreen";
  request: ParseRequest;
}

type ParseReply = { reading: Reading } | { error: string };

const PAGE = "offscreen.html";
let opening: Promise<void> | null = null;

async function createIfMissing(): Promise<void> {
  const contexts = await chrome.runtime.getContexts({ contextTypes: ["OFFSCREEN_DOCUMENT"] });
  if (contexts.length > 0) return;
  await chrome.offscreen.createDocument({
    url: PAGE,
    reasons: ["DOM_PARSER"],
    justification: "Reads the store's own list and order pages, which a worker cannot parse.",
  });
}

/** One document at a time: a second createDocument would be refused. */
async function ensureDocument(): Promise<void> {
  opening ??= createIfMissing().finally(() => {
    opening = null;
  });
  await opening;
}

export async function parse(request: ParseRequest): Promise<Reading> {
  await ensureDocument();
  const reply: ParseReply | undefined = await chrome.runtime.sendMessage({ to: "offscreen", request } satisfies ParseMessage);
  // Chrome took the document away under it: the page is read again in a new one.
  if (reply === undefined) throw new AppError("NETWORK", "the page could not be parsed");
  if ("error" in reply) throw new Error(reply.error);
  return reply.reading;
}

/** The document's side: answers each request. */
export function serveParse(read: (request: ParseRequest) => Reading): void {
  chrome.runtime.onMessage.addListener((message: Partial<ParseMessage>, _sender, reply: (reply: ParseReply) => void) => {
    if (message.to !== "offscreen" || message.request === undefined) return false;
    try {
      reply({ reading: read(message.request) });
    } catch (thrown) {
      reply({ error: String(thrown) });
    }
    return false;
  });
}

export async function closeDocument(): Promise<void> {
  const contexts = await chrome.runtime.getContexts({ contextTypes: ["OFFSCREEN_DOCUMENT"] });
  if (contexts.length > 0) await chrome.offscreen.closeDocument();
}
