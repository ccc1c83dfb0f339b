import { retryDelayMs, parseRetryAfter } from "../core/backoff.ts";
import type { ListPhase } from "../core/contracts/contract.ts";
import { AppError, isErrorCode } from "../core/errors.ts";
import * as validators from "../generated/validators.js";
import type { Validate } from "../generated/validators.js";
import type {
  Batch,
  Batches,
  BatchRequest,
  BatchRequestAnswer,
  Command,
  CommandAnswer,
  CommandOutcomeRequest,
  CommandSeen,
  Context,
  DownloadAnswer,
  FinishAnswer,
  FinishRequest,
  Known,
  OutcomeRequest,
  Page,
  PageAnswer,
  PairingAnswer,
  PairingPollAnswer,
  PairingRequest,
  Problem,
  RunAnswer,
  RunRequest,
  Upload,
} from "../generated/api.ts";

const BASE = "/api/ext/v1";
const TIMEOUT_MS = 20_000;

export interface BackendPorts {
  fetch: typeof fetch;
  sleep: (ms: number) => Promise<void>;
  now: () => number;
  random: () => number;
}

interface Call<T> {
  method: "GET" | "POST" | "DELETE";
  path: string;
  answer: Validate<T> | null;
  body?: unknown;
  key?: string;
  /** How often a passing failure is tried; only what may be repeated is tried more than once. */
  attempts?: number;
  credentials?: RequestCredentials;
}

/** Codes of problem+json that mean the same as one of ours under another name. */
const SAME_AS: Record<string, "FILE_FAILED" | "BACKEND_REJECTED"> = {
  NOT_READY: "FILE_FAILED",
  KEY_REUSED: "BACKEND_REJECTED",
};

function asProblem(body: unknown): Problem | null {
  return validators.problem(body) ? body : null;
}

/** Throws when the answer breaks off on its way. */
async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's HTML error page, say: the status alone decides.
    return null;
  }
}

function failure(response: Response, body: unknown, now: number): AppError {
  const problem = asProblem(body);
  const extra = {
    remedy: problem?.remedy ?? null,
    subject: problem?.holder ?? null,
    retryAfterMs: parseRetryAfter(response.headers.get("Retry-After"), now),
  };
  const detail = problem?.detail ?? "";
  if (response.status === 401) return new AppError("NOT_PAIRED", detail, extra);
  // Busy or down: the shop's own server, never the marketplace.
  if (response.status === 429 || response.status >= 500) return new AppError("BACKEND_DOWN", detail || String(response.status), extra);
  // What is not ours answers with a page of its own.
  if (response.status === 404 && problem === null) return new AppError("NOT_THE_SHOP", detail, extra);
  const code = problem?.code ?? "";
  if (isErrorCode(code)) return new AppError(code, withReasons(detail, problem), extra);
  return new AppError(SAME_AS[code] ?? "BACKEND_REJECTED", detail || String(response.status), extra);
}

/** "Nothing to put in" says why for each listing. */
function withReasons(detail: string, problem: Problem | null): string {
  const reasons = problem?.left_out?.map(({ management_number, reason }) => `${management_number}: ${reason}`) ?? [];
  return [detail, ...reasons].filter((line) => line !== "").join("\n");
}

/** The back office's API for this extension (docs/developers/extension-api.md). Every call throws AppError only. */
export class Backend {
  constructor(
    private readonly origin: string,
    private readonly token: string | null,
    private readonly ports: BackendPorts,
  ) {}

  pair(body: PairingRequest): Promise<PairingAnswer> {
    // Rides on the tenant's session cookie where this browser has one.
    const credentials = "include";
    return this.call({ method: "POST", path: "/pairings", answer: validators.pairingAnswer, body, credentials });
  }

  pollPairing(deviceCode: string): Promise<PairingPollAnswer> {
    const body = { device_code: deviceCode };
    return this.call({ method: "POST", path: "/pairings/poll", answer: validators.pairingPollAnswer, body });
  }

  context(): Promise<Context> {
    return this.call({ method: "GET", path: "/context", answer: validators.context, attempts: 2 });
  }

  async forgetDevice(): Promise<void> {
    await this.call({ method: "DELETE", path: "/device", answer: null });
  }

  async batches(accountId: number): Promise<Batch[]> {
    const path = `/accounts/${accountId}/batches`;
    const { batches } = await this.call<Batches>({ method: "GET", path, answer: validators.batches, attempts: 2 });
    return batches;
  }

  makeBatches(accountId: number, body: BatchRequest, key: string): Promise<BatchRequestAnswer> {
    const path = `/accounts/${accountId}/batches`;
    return this.call({ method: "POST", path, answer: validators.batchRequestAnswer, body, key, attempts: 3 });
  }

  batch(id: number): Promise<Batch> {
    return this.call({ method: "GET", path: `/batches/${id}`, answer: validators.batch, attempts: 3 });
  }

  downloadLink(batchId: number, confirmWhole: boolean): Promise<DownloadAnswer> {
    const path = `/batches/${batchId}/downloads`;
    const body = { confirm_whole: confirmWhole };
    return this.call({ method: "POST", path, answer: validators.downloadAnswer, body, attempts: 3 });
  }

  claimUpload(batchId: number): Promise<Upload> {
    return this.call({ method: "POST", path: `/batches/${batchId}/uploads`, answer: validators.upload });
  }

  upload(id: number): Promise<Upload> {
    return this.call({ method: "GET", path: `/uploads/${id}`, answer: validators.upload, attempts: 3 });
  }

  beginSending(id: number, nonce: string): Promise<Upload> {
    const body = { nonce };
    return this.call({ method: "POST", path: `/uploads/${id}/sending`, answer: validators.upload, body, attempts: 3 });
  }

  concludeUpload(id: number, body: OutcomeRequest): Promise<Upload> {
    return this.call({ method: "POST", path: `/uploads/${id}/outcome`, answer: validators.upload, body });
  }

  cancelUpload(id: number): Promise<Upload> {
    return this.call({ method: "POST", path: `/uploads/${id}/cancel`, answer: validators.upload, attempts: 3 });
  }

  async giveBack(batchId: number): Promise<void> {
    await this.call({ method: "POST", path: `/batches/${batchId}/give-back`, answer: null, attempts: 3 });
  }

  async tellPlan(accountId: number, nextAt: string | null): Promise<void> {
    const body = { next_at: nextAt };
    await this.call({ method: "POST", path: `/accounts/${accountId}/plan`, answer: null, body, attempts: 2 });
  }

  /** The next thing to do there; null when nothing is due. This PC's own claim is handed out again. */
  async claimCommand(accountId: number): Promise<Command | null> {
    const path = `/accounts/${accountId}/commands`;
    const { command } = await this.call<CommandAnswer>({ method: "POST", path, answer: validators.commandAnswer, attempts: 3 });
    return command;
  }

  sendCommand(id: number, nonce: string, seen: CommandSeen): Promise<Command> {
    const body = { nonce, seen };
    return this.call({ method: "POST", path: `/commands/${id}/sending`, answer: validators.command, body, attempts: 3 });
  }

  noteSeen(id: number, body: CommandSeen): Promise<Command> {
    return this.call({ method: "POST", path: `/commands/${id}/seen`, answer: validators.command, body, attempts: 3 });
  }

  concludeCommand(id: number, body: CommandOutcomeRequest): Promise<Command> {
    return this.call({ method: "POST", path: `/commands/${id}/outcome`, answer: validators.command, body, attempts: 3 });
  }

  giveCommandBack(id: number, code: string): Promise<Command> {
    const body = { code };
    return this.call({ method: "POST", path: `/commands/${id}/give-back`, answer: validators.command, body, attempts: 3 });
  }

  startRun(accountId: number, body: RunRequest, key: string): Promise<RunAnswer> {
    return this.call({ method: "POST", path: `/accounts/${accountId}/runs`, answer: validators.runAnswer, body, key });
  }

  known(runId: number, phase: ListPhase): Promise<Known> {
    return this.call({ method: "GET", path: `/runs/${runId}/known/${phase}`, answer: validators.known });
  }

  postPage(runId: number, body: Page): Promise<PageAnswer> {
    return this.call({ method: "POST", path: `/runs/${runId}/pages`, answer: validators.pageAnswer, body });
  }

  finishRun(runId: number, body: FinishRequest): Promise<FinishAnswer> {
    return this.call({ method: "POST", path: `/runs/${runId}/finish`, answer: validators.finishAnswer, body });
  }

  private async call<T>(call: Call<T>): Promise<T> {
    for (let failures = 0; ; failures += 1) {
      try {
        return await this.once(call);
      } catch (thrown) {
        if (!(thrown instanceof AppError) || !thrown.retryable || failures + 1 >= (call.attempts ?? 1)) throw thrown;
        const delay = retryDelayMs(failures, thrown.retryAfterMs, this.ports.random());
        // A person is waiting for the answer: a long pause is an answer too.
        if (delay > TIMEOUT_MS) throw thrown;
        await this.ports.sleep(delay);
      }
    }
  }

  private async once<T>({ method, path, answer, body, key, credentials }: Call<T>): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (this.token !== null) headers["Authorization"] = `Bearer ${this.token}`;
    if (key !== undefined) headers["Idempotency-Key"] = key;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    let response: Response;
    let received: unknown;
    try {
      response = await this.ports.fetch(this.origin + BASE + path, {
        method,
        headers,
        credentials: credentials ?? "omit",
        cache: "no-store",
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (answer === null && response.ok) return undefined as T;
      received = await jsonOf(response);
    } catch (thrown) {
      throw new AppError("BACKEND_DOWN", String(thrown));
    }
    if (!response.ok) throw failure(response, received, this.ports.now());
    if (answer !== null && answer(received)) return received;
    // Somebody else's page: the sign-in of a guest network, say, or of a proxy.
    if (received === null) throw new AppError("BACKEND_DOWN", path);
    throw new AppError("BACKEND_REJECTED", `${path}: ${describe(answer)}`, { subject: "version" });
  }
}

function describe(validate: Validate<unknown> | null): string {
  const fault = validate?.errors?.[0];
  return fault === undefined ? "" : `${fault.instancePath} ${fault.message ?? ""}`;
}
