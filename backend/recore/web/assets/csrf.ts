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
  /** DRAFT_CHANGED: the version that the other one saved. */
  version?: number | undefined;
}

/** The problem in an answer, whatever the answer is; never empty. */
export function readProblem(status: number, body: string): Problem {
  try {
    const { code, detail, remedy, field, version } = JSON.parse(body) as Partial<Problem> & { detail?: string };
    if (detail) return { status, code: code ?? "", message: detail, remedy: remedy ?? "", field, version };
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

/** POST a form as the page's own script; a lost connection is status 0. */
export async function post(url: string, body: FormData | URLSearchParams): Promise<{ ok: boolean; text: string; problem: Problem | null }> {
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
