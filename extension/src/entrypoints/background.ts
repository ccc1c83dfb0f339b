import { Backend } from "../api/backend.ts";
import { actualUrl } from "../core/origins.ts";
import { badgeOf } from "../core/state.ts";
import * as alarms from "../platform/alarms.ts";
import { showBadge } from "../platform/badge.ts";
import { browserName, extensionVersion, openTab } from "../platform/browser.ts";
import { saveFile } from "../platform/downloads.ts";
import { closeDocument, parse } from "../platform/offscreen.ts";
import { hasHost } from "../platform/permissions.ts";
import { killable } from "../platform/killPoints.ts";
import * as queue from "../platform/queue.ts";
import { serve } from "../platform/rpc.ts";
import { ORIGINS } from "../platform/sandbox.ts";
import * as siteTab from "../platform/siteTab.ts";
import { onChange, readAll, update } from "../platform/storage.ts";
import { ticketedFile } from "../services/ticketedFile.ts";
import { runDownload, startDownload } from "../services/downloadListingFile.ts";
import { awaitPairing, disconnect, saveTenant } from "../services/pair.ts";
import { KnownLists } from "../services/knownRows.ts";
import { pairedBackend, refreshContext } from "../services/paired.ts";
import type { Ports } from "../services/ports.ts";
import { cancelDirectListing, clearDirectListing, finishDirectListing, runDirectListing, startDirectListing } from "../services/directListing.ts";
import { readInTab, readMarketplacePage, readTab } from "../services/readMarketplacePage.ts";
import { driveRuns, requestSync } from "../services/runSync.ts";
import { requestDuePasses, setInterval } from "../services/schedule.ts";
import { inOneFlight } from "../services/worker.ts";

const CONTEXT_MAX_AGE_MS = 5 * 60_000;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const clock = { now: Date.now, sleep, random: Math.random, uuid: () => crypto.randomUUID() };
const http = { fetch: fetch.bind(globalThis), sleep, now: Date.now, random: Math.random };
const pages = {
  fetch: http.fetch,
  now: Date.now,
  sleep,
  origins: ORIGINS,
  hasHost,
  parse,
  open: siteTab.open,
  page: siteTab.page,
};
const ports: Ports = killable({
  store: { read: readAll, update },
  queue,
  clock,
  backend: (origin, token) => new Backend(origin, token, http),
  tab: { ...siteTab, open: (url) => siteTab.open(actualUrl(url, ORIGINS)) },
  readTab: (contract, page) => readTab(pages, contract, page ?? null),
  readPage: (contract, ...given) => (contract.load === "tab" ? readInTab : readMarketplacePage)(pages, contract, ...given),
  known: new KnownLists(),
  hasHost,
  saveFile,
  wakeAt: alarms.resumeAt,
  openTab,
  device: { version: extensionVersion(), browser: browserName },
});

async function isBusy(): Promise<boolean> {
  const { run, passes, direct } = await readAll();
  return run !== null || passes.length > 0 || direct?.state === "working";
}

const work = inOneFlight(async () => {
  await runDirectListing(ports);
  await driveRuns(ports);
  await finishDirectListing(ports);
  await closeDocument();
  if (!(await isBusy())) await siteTab.close();
});
const download = inOneFlight(() => runDownload(ports));
const pairing = inOneFlight(() => awaitPairing(ports));
const badge = inOneFlight(async () => showBadge(badgeOf(await readAll())));

/** Goes on with whatever a killed worker left. */
async function resume(): Promise<void> {
  await alarms.ensureTick();
  work();
  download();
  pairing();
  badge();
}

async function refreshIfOld(): Promise<void> {
  const { context, device } = await readAll();
  if (device !== null && Date.now() - (context?.at ?? 0) > CONTEXT_MAX_AGE_MS) await refreshContext(ports);
}

async function tick(): Promise<void> {
  await requestDuePasses(ports);
  await resume();
  await refreshIfOld();
}

serve({
  wake: async () => {
    await resume();
    const { device } = await readAll();
    if (device !== null) await refreshContext(ports);
    return null;
  },
  startSync: async ({ accountId }) => {
    await requestSync(ports, accountId, "button");
    work();
    return null;
  },
  setInterval: async ({ accountId, minutes }) => {
    await setInterval(ports, accountId, minutes);
    return null;
  },
  listBatches: async ({ accountId }) => (await pairedBackend(ports)).batches(accountId),
  download: async (request) => {
    await startDownload(ports, request);
    download();
    return null;
  },
  startDirect: async ({ accountId }) => {
    await startDirectListing(ports, accountId);
    work();
    return null;
  },
  cancelDirect: async () => {
    await cancelDirectListing(ports);
    return null;
  },
  clearDirect: async () => {
    await clearDirectListing(ports);
    return null;
  },
  ticketedFile: ({ ticket }) => ticketedFile(ports, ORIGINS, ticket),
  clearDownload: async () => {
    await update(() => ({ download: null }));
    return null;
  },
  saveTenant: async ({ origin, deviceName }) => {
    await saveTenant(ports, origin, deviceName);
    pairing();
    return null;
  },
  disconnect: async () => {
    await disconnect(ports);
    return null;
  },
});
alarms.onAlarm(() => void tick());
alarms.onStart(() => void tick());
onChange(badge);
void resume();
