import { Backend } from "../api/backend.ts";
import { badgeOf } from "../core/state.ts";
import * as alarms from "../platform/alarms.ts";
import { showBadge } from "../platform/badge.ts";
import { browserName, extensionVersion, openTab } from "../platform/browser.ts";
import { saveFile } from "../platform/downloads.ts";
import { closeDocument, parse } from "../platform/offscreen.ts";
import { hasHost } from "../platform/permissions.ts";
import * as queue from "../platform/queue.ts";
import { serve } from "../platform/rpc.ts";
import { ORIGINS } from "../platform/sandbox.ts";
import { onChange, readAll, update } from "../platform/storage.ts";
import { runDownload, startDownload } from "../services/downloadListingFile.ts";
import { awaitPairing, disconnect, saveTenant } from "../services/pair.ts";
import { KnownLists } from "../services/knownRows.ts";
import { pairedBackend, refreshContext } from "../services/paired.ts";
import type { Ports } from "../services/ports.ts";
import { readMarketplacePage } from "../services/readMarketplacePage.ts";
import { driveRuns, requestSync } from "../services/runSync.ts";
import { requestDuePasses, setInterval } from "../services/schedule.ts";
import { inOneFlight } from "../services/worker.ts";

const CONTEXT_MAX_AGE_MS = 5 * 60_000;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const clock = { now: Date.now, sleep, random: Math.random, uuid: () => crypto.randomUUID() };
const http = { fetch: fetch.bind(globalThis), sleep, now: Date.now, random: Math.random };
const ports: Ports = {
  store: { read: readAll, update },
  queue,
  clock,
  backend: (origin, token) => new Backend(origin, token, http),
  readPage: (contract, url, page) =>
    readMarketplacePage({ fetch: http.fetch, now: Date.now, origins: ORIGINS, hasHost, parse }, contract, url, page),
  known: new KnownLists(),
  hasHost,
  saveFile,
  wakeAt: alarms.resumeAt,
  openTab,
  device: { version: extensionVersion(), browser: browserName },
};

const sync = inOneFlight(async () => {
  await driveRuns(ports);
  await closeDocument();
});
const download = inOneFlight(() => runDownload(ports));
const pairing = inOneFlight(() => awaitPairing(ports));
const badge = inOneFlight(async () => showBadge(badgeOf(await readAll())));

/** Goes on with whatever a killed worker left. */
async function resume(): Promise<void> {
  await alarms.ensureTick();
  sync();
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
    sync();
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
