// form[data-autosave="<url>"] is posted a moment after each change, with its hidden `version`. The answer is
// {version, problems: [{field, message, severity}]}. Nothing typed is lost in silence: a failed save says so, offers to try
// again, and leaving the page with unsaved input asks first.
import { post, type Problem } from "./csrf.ts";

const WAIT_MS = 800;

interface FieldProblem {
  field: string;
  message: string;
  remedy?: string;
  severity: "error" | "warning";
}

const forms = new Map<HTMLFormElement, Autosave>();

export function installAutosave(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-autosave]")) forms.set(form, new Autosave(form));
  window.addEventListener("beforeunload", (event) => {
    if ([...forms.values()].some((each) => each.isUnsaved)) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form instanceof HTMLFormElement && form.dataset["afterSave"] !== undefined) sendAfterSaving(event, form);
  });
}

/** A form with data-after-save goes only when everything typed has been saved. */
function sendAfterSaving(event: SubmitEvent, form: HTMLFormElement): void {
  if (![...forms.values()].some((each) => each.isUnsaved)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  void Promise.all([...forms.values()].map((each) => each.flush())).then((saved) => {
    if (saved.every(Boolean)) form.requestSubmit(event.submitter);
  });
}

class Autosave {
  private readonly touched = new Set<string>();
  private changes = 0;
  private saved = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<boolean> | undefined;
  private isOutdated = false;

  constructor(private readonly form: HTMLFormElement) {
    form.addEventListener("input", (event) => this.note(event));
    form.addEventListener("change", (event) => this.note(event));
    form.addEventListener("submit", (event) => {
      if (event.submitter?.getAttribute("formaction")) return; // a preview of what is typed
      event.preventDefault();
      void this.flush();
    });
    form.querySelector("[data-save-now]")?.addEventListener("click", () => {
      this.changes += 1; // 一時保存 says so even when nothing has changed
      void this.flush();
    });
    window.addEventListener("online", () => this.isUnsaved && void this.flush());
  }

  get isUnsaved(): boolean {
    return this.changes !== this.saved;
  }

  /** Save now; whether everything typed is on the server afterwards. */
  async flush(): Promise<boolean> {
    clearTimeout(this.timer);
    if (this.running) await this.running;
    if (!this.isUnsaved) return true;
    this.running = this.save();
    const done = await this.running;
    this.running = undefined;
    if (done && this.isUnsaved) this.later();
    return done && !this.isUnsaved;
  }

  private note(event: Event): void {
    const field = event.target;
    if (!(field instanceof HTMLElement) || field.dataset["noSave"] !== undefined) return;
    this.touched.add((field as HTMLInputElement).name);
    this.changes += 1;
    this.say("saving", "未保存の変更があります");
    this.later();
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), WAIT_MS);
  }

  private async save(): Promise<boolean> {
    if (this.isOutdated) return false;
    const upTo = this.changes;
    this.say("saving", "保存中…");
    const { ok, text, problem } = await post(this.form.dataset["autosave"] ?? "", this.body());
    if (!ok) {
      this.fail(problem as Problem);
      return false;
    }
    const answer = JSON.parse(text) as { version: number; problems: FieldProblem[] };
    this.version.value = String(answer.version);
    this.saved = upTo;
    this.say("saved", `保存しました ${new Date().toLocaleTimeString("ja-JP", { hour: "2-digit", minute: "2-digit" })}`);
    this.showProblems(answer.problems);
    return true;
  }

  private body(): FormData {
    const data = new FormData(this.form);
    for (const each of this.form.querySelectorAll<HTMLInputElement>("[data-no-save]")) data.delete(each.name);
    return data;
  }

  private get version(): HTMLInputElement {
    return this.form.elements.namedItem("version") as HTMLInputElement;
  }

  private fail(problem: Problem): void {
    // Someone else saved the same form: writing on would overwrite their work.
    this.isOutdated = problem.status === 409;
    this.say("failed", `保存できません：${problem.message}${problem.remedy}`);
    if (!this.isOutdated) {
      this.offer("もう一度保存", "save-retry", () => void this.flush());
      return;
    }
    this.offer("相手の入力を見る", "save-reload", () => {
      this.saved = this.changes;
      window.location.reload();
    });
    const { version } = problem;
    if (version === undefined) return;
    this.offer("自分の入力で上書き", "save-overwrite", () => {
      this.version.value = String(version);
      this.isOutdated = false;
      void this.flush();
    });
  }

  private offer(text: string, testid: string, act: () => void): void {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-outline-secondary ms-2";
    button.textContent = text;
    button.dataset["testid"] = testid;
    button.addEventListener("click", act);
    this.status?.append(button);
  }

  private get status(): HTMLElement | null {
    return this.form.querySelector<HTMLElement>("[data-save-status]");
  }

  private say(state: "saving" | "saved" | "failed", text: string): void {
    const status = this.status;
    if (!status) return;
    status.dataset["state"] = state;
    status.textContent = text;
  }

  /** Warnings show at once; what is missing shows only at fields that were touched, or that said so already. */
  private showProblems(problems: FieldProblem[]): void {
    const byField = new Map(problems.toReversed().map((each) => [each.field, each]));
    for (const place of this.form.querySelectorAll<HTMLElement>("[data-problem-for]")) {
      const name = place.dataset["problemFor"] ?? "";
      const problem = byField.get(name);
      const wasShown = place.textContent?.trim() !== "";
      if (!problem) place.replaceChildren();
      else if (wasShown || this.touched.has(name) || problem.severity === "warning") place.replaceChildren(line(problem));
    }
  }
}

function line(problem: FieldProblem): HTMLElement {
  const text = document.createElement("span");
  text.className = problem.severity === "warning" ? "text-warning-emphasis" : "text-danger";
  text.textContent = problem.message + (problem.remedy ?? "");
  return text;
}
