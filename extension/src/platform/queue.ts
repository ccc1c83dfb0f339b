import type { Page } from "../generated/api.ts";

/** Pages that the back office has not acknowledged. More than a run ever has outstanding; older runs' go first. */
export const MAX_QUEUED = 50;

const STORE = "pages";

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB"));
  });
}

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open("recore", 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return settled(request);
}

async function inStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => Promise<T>): Promise<T> {
  const database = await open();
  try {
    const transaction = database.transaction(STORE, mode);
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("IndexedDB"));
    });
    const result = await work(transaction.objectStore(STORE));
    await done;
    return result;
  } finally {
    database.close();
  }
}

/** Keeps a page until it is acknowledged, under (run, seq). */
export async function put(runId: number, page: Page): Promise<void> {
  await inStore("readwrite", async (store) => {
    await settled(store.put(page, [runId, page.seq]));
    const keys = await settled(store.getAllKeys());
    for (const key of keys.slice(0, Math.max(0, keys.length - MAX_QUEUED))) store.delete(key);
  });
}

export async function get(runId: number, seq: number): Promise<Page | null> {
  return inStore("readonly", async (store) => {
    const page = (await settled(store.get([runId, seq]))) as Page | undefined;
    return page ?? null;
  });
}

/** Forgets everything of a run that is over. */
export async function drop(runId: number): Promise<void> {
  await inStore("readwrite", (store) => settled(store.delete(IDBKeyRange.bound([runId], [runId, []]))));
}

export async function remove(runId: number, seq: number): Promise<void> {
  await inStore("readwrite", (store) => settled(store.delete([runId, seq])));
}
