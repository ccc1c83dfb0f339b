import { parseRetryAfter } from "../core/backoff.ts";
import { contractName, type PageContract, type Reading } from "../core/contracts/contract.ts";
import { AppError } from "../core/errors.ts";
import { actualUrl, canonicalUrl, type OriginTable } from "../core/origins.ts";
import type { ParseRequest } from "../platform/offscreen.ts";

const TIMEOUT_MS = 20_000;
const CHARSET = /charset\s*=\s*["']?([\w-]+)/i;
/** Where a page names its charset in itself, it does so at its beginning. */
const CHARSET_WITHIN = 1_024;

export interface PagePorts {
  fetch: typeof fetch;
  now: () => number;
  origins: OriginTable;
  hasHost: (origin: string) => Promise<boolean>;
  parse: (request: ParseRequest) => Promise<Reading>;
}

/** A page's text by the charset it names: classic pages are not all UTF-8. */
export function decoded(bytes: Uint8Array, contentType: string | null): string {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, CHARSET_WITHIN));
  const charset = CHARSET.exec(contentType ?? "")?.[1] ?? CHARSET.exec(head)?.[1] ?? "utf-8";
  return decoder(charset).decode(bytes);
}

/** A name that the browser does not know is of CP932, which it calls otherwise, or says nothing. */
function decoder(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder(/932|sjis/i.test(charset) ? "shift_jis" : "utf-8");
  }
}

async function answered(ports: PagePorts, url: string): Promise<{ response: Response; bytes: Uint8Array }> {
  try {
    const response = await ports.fetch(url, {
      credentials: "include",
      cache: "no-store",
      redirect: "follow",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
  } catch (thrown) {
    throw new AppError("NETWORK", String(thrown));
  }
}

/** One page of the marketplace, read in the user's own session by its contract. */
export async function readMarketplacePage(
  ports: PagePorts,
  contract: PageContract,
  url: string,
  page: number | null,
  clockOffsetMs = 0,
): Promise<Reading> {
  const actual = actualUrl(url, ports.origins);
  const { origin } = new URL(actual);
  if (!(await ports.hasHost(origin))) throw new AppError("PERMISSION_MISSING", "", { subject: origin });
  const { response, bytes } = await answered(ports, actual);
  if (!response.ok) {
    const retryAfterMs = parseRetryAfter(response.headers.get("Retry-After"), ports.now());
    return { kind: "blocked", status: response.status, retryAfterMs };
  }
  return ports.parse({
    contract: contractName(contract),
    ...(contract.address === undefined ? {} : { address: contract.address }),
    html: decoded(bytes, response.headers.get("Content-Type")),
    finalUrl: canonicalUrl(response.url, ports.origins),
    page,
    observedAt: new Date(ports.now() + clockOffsetMs).toISOString(),
  });
}

export interface TabPorts extends Omit<PagePorts, "fetch"> {
  sleep: (ms: number) => Promise<void>;
  open: (url: string) => Promise<void>;
  page: () => Promise<{ html: string; url: string; status: number } | null>;
}

const LOOK_EVERY_MS = 400;
/** A page that is not whole by then is taken as it is. */
const SETTLED_WITHIN_MS = 25_000;

/** What the site tab shows now; null while it cannot be told. */
export async function readTab(
  ports: TabPorts,
  contract: PageContract,
  page: number | null = null,
  clockOffsetMs = 0,
): Promise<Reading | null> {
  const shown = await ports.page();
  if (shown === null) return null;
  if (shown.status >= 400) return { kind: "blocked", status: shown.status, retryAfterMs: null };
  return ports.parse({
    contract: contractName(contract),
    ...(contract.address === undefined ? {} : { address: contract.address }),
    html: shown.html,
    finalUrl: canonicalUrl(shown.url, ports.origins),
    page,
    observedAt: new Date(ports.now() + clockOffsetMs).toISOString(),
  });
}

/** Says that there is no more: a script that has not filled its list yet shows the same for a moment. */
function isEnd(reading: Reading): boolean {
  return reading.kind === "empty" || (reading.kind === "rows" && !reading.more);
}

/** One page that its own script fills in, read in the site tab once it is settled; the end of a list is looked at twice. */
export async function readInTab(
  ports: TabPorts,
  contract: PageContract,
  url: string,
  page: number | null,
  clockOffsetMs = 0,
): Promise<Reading> {
  const actual = actualUrl(url, ports.origins);
  const { origin } = new URL(actual);
  if (!(await ports.hasHost(origin))) throw new AppError("PERMISSION_MISSING", "", { subject: origin });
  await ports.open(actual);
  const until = ports.now() + SETTLED_WITHIN_MS;
  let before = "";
  for (;;) {
    const reading = await readTab(ports, contract, page, clockOffsetMs);
    const shown = JSON.stringify(reading);
    const isFilled = reading !== null && reading.kind !== "loading" && reading.kind !== "drift";
    const isSettled = isFilled && (!isEnd(reading) || shown === before);
    before = shown;
    if (reading !== null && (isSettled || ports.now() >= until)) return reading;
    if (ports.now() >= until) throw new AppError("NETWORK", "the tab shows no page");
    await ports.sleep(LOOK_EVERY_MS);
  }
}
