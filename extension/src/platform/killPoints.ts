import type { Ports } from "../services/ports.ts";

/** Written by the build: true only with --kill-points, which `make run` and the store's package never have. */
declare const KILL_POINTS: boolean;

/** What a test finds in, and puts into, chrome.storage.session. */
interface Held {
  /** Every outside call since the test last emptied it, in order. */
  calls: string[];
  /** The worker stops for ever before the call with this index; then it is the browser's turn to end it. */
  killAt: number | null;
  stoppedAt: string | null;
}

const UNSET: Held = { calls: [], killAt: null, stoppedAt: null };
/** They change nothing and ask nobody. */
const HARMLESS = ["clock.", "store.read", "device."];
/** Asked again and again until something has happened: each row of them is one step. */
const LOOKING = ["readTab", "readPage"];

let last: Promise<void> = Promise.resolve();

function before(name: string): Promise<void> {
  const mine = last.then(() => counted(name));
  last = mine;
  return mine;
}

async function counted(name: string): Promise<void> {
  const { calls, killAt } = (await chrome.storage.session.get({ ...UNSET })) as Held;
  if (LOOKING.includes(name) && calls.at(-1) === name) return;
  const isHere = calls.length === killAt;
  await chrome.storage.session.set({ calls: [...calls, name], ...(isHere ? { killAt: null, stoppedAt: name } : {}) });
  if (isHere) await new Promise(() => undefined);
}

function watched<T extends object>(target: T, path: string): T {
  return new Proxy(target, {
    get(object, key) {
      const name = `${path}${String(key)}`;
      const value: unknown = Reflect.get(object, key);
      if (HARMLESS.some((harmless) => name.startsWith(harmless))) return value;
      if (typeof value === "function") return call(object, value as (...given: unknown[]) => unknown, name);
      return typeof value === "object" && value !== null ? watched(value, `${name}.`) : value;
    },
  });
}

function call(object: object, outside: (...given: unknown[]) => unknown, name: string): (...given: unknown[]) => unknown {
  // A client is made, nothing is called yet.
  if (name === "backend") return (...given) => watched(outside.apply(object, given) as object, "backend.");
  return async (...given) => {
    await before(name);
    return outside.apply(object, given);
  };
}

/** The ports; in a build for tests the worker can be stopped for ever before any call that goes through them. */
export function killable(ports: Ports): Ports {
  return KILL_POINTS ? watched(ports, "") : ports;
}
