import { AppError, asAppError, type ErrorReport } from "../core/errors.ts";
import type { DownloadRequest } from "../core/state.ts";
import type { Interval } from "../core/schedule.ts";
import type { Batch } from "../generated/api.ts";

/** Everything that a page may ask of the worker: one line each. */
export interface Calls {
  wake: { body: null; answer: null };
  startSync: { body: { accountId: number }; answer: null };
  setInterval: { body: { accountId: number; minutes: Interval }; answer: null };
  listBatches: { body: { accountId: number }; answer: Batch[] };
  download: { body: DownloadRequest; answer: null };
  startDirect: { body: { accountId: number }; answer: null };
  cancelDirect: { body: null; answer: null };
  clearDirect: { body: null; answer: null };
  ticketedFile: { body: { ticket: string }; answer: { url: string; name: string; sha256: string; origin: string } };
  clearDownload: { body: null; answer: null };
  saveTenant: { body: { origin: string; deviceName: string }; answer: null };
  disconnect: { body: null; answer: null };
}

export type CallName = keyof Calls;
export type Handlers = { [Name in CallName]: (body: Calls[Name]["body"]) => Promise<Calls[Name]["answer"]> };

interface Message {
  to: "worker";
  name: CallName;
  body: unknown;
}

type Reply = { answer: unknown } | { error: ErrorReport };

function isMessage(message: unknown): message is Message {
  return typeof message === "object" && message !== null && (message as { to?: unknown }).to === "worker";
}

/** Asks the worker; wakes it when it sleeps. Throws the AppError that the worker threw. */
export async function call<Name extends CallName>(
  name: Name,
  body: Calls[Name]["body"],
): Promise<Calls[Name]["answer"]> {
  const reply: Reply = await chrome.runtime.sendMessage({ to: "worker", name, body } satisfies Message);
  if ("error" in reply) throw new AppError(reply.error.code, reply.error.detail, reply.error);
  return reply.answer as Calls[Name]["answer"];
}

/** Answers the pages' calls. Only the extension's own pages can send them: nothing is externally connectable. */
export function serve(handlers: Handlers): void {
  chrome.runtime.onMessage.addListener((message: unknown, _sender, reply: (reply: Reply) => void) => {
    if (!isMessage(message)) return false;
    const handle = handlers[message.name] as (body: unknown) => Promise<unknown>;
    handle(message.body).then(
      (answer) => reply({ answer }),
      (thrown: unknown) => reply({ error: asAppError(thrown).report }),
    );
    return true;
  });
}
