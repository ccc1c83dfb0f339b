/** Every way in which the extension's work can stop. What staff read about each is in `_locales`. */
export const ERROR_CODES = [
  "NOT_CONFIGURED",
  "NOT_THE_SHOP",
  "NOT_PAIRED",
  "PERMISSION_MISSING",
  "LOGIN_REQUIRED",
  "WRONG_ACCOUNT",
  "NOT_STORE",
  "PAGE_DRIFT",
  "RATE_LIMITED",
  "MAINTENANCE",
  "NETWORK",
  "BACKEND_REJECTED",
  "BACKEND_DOWN",
  "CONTRACT_DISABLED",
  "ALREADY_RUNNING",
  "RUN_OVER",
  "NOTHING_TO_DO",
  "PARTLY_LISTED",
  "FILE_FAILED",
  "DOWNLOAD_FAILED",
  "FILE_NOT_HANDED",
  "FORM_NOT_FILLED",
  "COMMAND_OVER",
  "UPLOAD_RUNNING",
  "ALREADY_SENT",
  "DIRECT_UNFINISHED",
  "PAIRING_DENIED",
  "PAIRING_EXPIRED",
  "INTERNAL",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What the button beside an error does. */
export type UserAction = "options" | "login" | "grant" | "retry" | "report" | "none";

interface Remedy {
  /** Trying the same again later may work without anyone doing anything. */
  retryable: boolean;
  action: UserAction;
}

const REMEDIES: Record<ErrorCode, Remedy> = {
  NOT_CONFIGURED: { retryable: false, action: "options" },
  NOT_THE_SHOP: { retryable: false, action: "options" },
  NOT_PAIRED: { retryable: false, action: "options" },
  PERMISSION_MISSING: { retryable: false, action: "grant" },
  LOGIN_REQUIRED: { retryable: false, action: "login" },
  WRONG_ACCOUNT: { retryable: false, action: "login" },
  NOT_STORE: { retryable: false, action: "login" },
  PAGE_DRIFT: { retryable: false, action: "report" },
  RATE_LIMITED: { retryable: true, action: "retry" },
  MAINTENANCE: { retryable: false, action: "retry" },
  NETWORK: { retryable: true, action: "retry" },
  BACKEND_REJECTED: { retryable: false, action: "retry" },
  BACKEND_DOWN: { retryable: true, action: "retry" },
  CONTRACT_DISABLED: { retryable: false, action: "none" },
  ALREADY_RUNNING: { retryable: false, action: "retry" },
  RUN_OVER: { retryable: false, action: "retry" },
  NOTHING_TO_DO: { retryable: false, action: "none" },
  PARTLY_LISTED: { retryable: false, action: "none" },
  FILE_FAILED: { retryable: false, action: "retry" },
  DOWNLOAD_FAILED: { retryable: false, action: "retry" },
  FILE_NOT_HANDED: { retryable: false, action: "retry" },
  FORM_NOT_FILLED: { retryable: false, action: "none" },
  COMMAND_OVER: { retryable: false, action: "none" },
  UPLOAD_RUNNING: { retryable: false, action: "none" },
  DIRECT_UNFINISHED: { retryable: false, action: "none" },
  ALREADY_SENT: { retryable: false, action: "none" },
  PAIRING_DENIED: { retryable: false, action: "options" },
  PAIRING_EXPIRED: { retryable: false, action: "options" },
  INTERNAL: { retryable: false, action: "retry" },
};

/** An error as it is stored and sent between the extension's parts. */
export interface ErrorReport {
  code: ErrorCode;
  /** What exactly happened, in words; from the back office in Japanese. May be empty. */
  detail: string;
  /** What to do, when the back office says it better than the catalogue. */
  remedy: string | null;
  /** Who holds the run, the page that drifted, …: a name to put into the sentence. */
  subject: string | null;
}

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly remedy: string | null;
  readonly subject: string | null;
  /** The server asked to wait at least so long (Retry-After). */
  readonly retryAfterMs: number | null;

  constructor(
    code: ErrorCode,
    detail = "",
    extra: { remedy?: string | null; subject?: string | null; retryAfterMs?: number | null } = {},
  ) {
    super(detail === "" ? code : `${code}: ${detail}`);
    this.name = "AppError";
    this.code = code;
    this.detail = detail;
    this.remedy = extra.remedy ?? null;
    this.subject = extra.subject ?? null;
    this.retryAfterMs = extra.retryAfterMs ?? null;
  }

  get retryable(): boolean {
    return REMEDIES[this.code].retryable;
  }

  get report(): ErrorReport {
    return { code: this.code, detail: this.detail, remedy: this.remedy, subject: this.subject };
  }
}

export function actionFor(code: ErrorCode): UserAction {
  return REMEDIES[code].action;
}

export function isErrorCode(code: string): code is ErrorCode {
  return (ERROR_CODES as readonly string[]).includes(code);
}

/** Anything thrown, as an error that staff can be told about. */
export function asAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError("INTERNAL", thrown instanceof Error ? thrown.message : String(thrown));
}
