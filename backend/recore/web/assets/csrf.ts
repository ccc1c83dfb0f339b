// The CSRF token of this page, and posting with it.

export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

/** What the back office says about a refused request (problem+json). */
export interface Problem {
  status: number;
  code: string;
  message: string;
  remedy: string;
  /** The field of the form that is wrong, where it is one. */
  field?: string | undefined;
  /** DRAFT_CHANGED: what the other one saved. */
  now?: unknown;
}

/** The problem in an answer, whatever the answer is; never empty. */
export function readProblem(status: number, body: string): Problem {
  try {
    const { code, detail, remedy, field, now } = JSON.parse(body) as Partial<Problem> & { detail?: string };
    if (detail) return { status, code: code ?? "", message: detail, remedy: remedy ?? "", field, now };
  } catch {
    // Not ours: a proxy's page or nothing at all.
  }
  return {
    status,
    code: "",
    message: `サーバーが応答できませんでした（${status}）。`,
    remedy: "少し待ってから、もう一度操作してください。",
  };
}

/** A new session (somebody logged in again in another tab) has a new token; whether there is one now. */
export async function renewToken(): Promise<boolean> {
  try {
    const answer = await fetch("/session/token", { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) return false;
    const { token } = (await answer.json()) as { token: string };
    document.querySelector('meta[name="csrf-token"]')?.setAttribute("content", token);
    for (const field of document.querySelectorAll<HTMLInputElement>('input[name="csrf_token"]')) field.value = token;
    return true;
  } catch {
    return false;
  }
}

/** POST a form as the page's own script; a lost connection is status 0. A token that is too old is renewed once. */
export async function post(url: string, body: FormData | URLSearchParams): Promise<Answer> {
  const first = await send(url, body);
  if (first.problem?.code !== "CSRF" || !(await renewToken())) return first;
  if (body.has("csrf_token")) body.set("csrf_token", csrfToken());
  return send(url, body);
}

interface Answer {
  ok: boolean;
  text: string;
  problem: Problem | null;
}

async function send(url: string, body: FormData | URLSearchParams): Promise<Answer> {
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(30_000),
    });
  } catch {
    const problem = { status: 0, code: "NETWORK", message: "サーバーにつながりません。", remedy: "ネットワークを確かめてください。" };
    return { ok: false, text: "", problem };
  }
  const text = await answer.text();
  return { ok: answer.ok, text, problem: answer.ok ? null : readProblem(answer.status, text) };
}
