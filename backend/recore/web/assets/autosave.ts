// form[data-autosave="<url>"] is posted a moment after each change, with its hidden `version`. The answer is
// {version, problems: [{field, message, severity}], filled, template}. Nothing typed is lost in silence: a failed save says so, offers to try
// again, and leaving the page with unsaved input asks first.
import { post, type Problem } from "./csrf.ts";
import { followNone } from "./none.ts";
import { toast } from "./toast.ts";

const WAIT_MS = 800;

interface FieldProblem {
  field: string;
  message: string;
  remedy?: string;
  severity: "error" | "warning";
}

/** `filled`: what a template put into fields nobody had typed into, by name. */
interface Answer {
  version: number;
  problems: FieldProblem[];
  filled: Record<string, string | number | string[]>;
  template: string;
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
    const sent = this.body();
    const { ok, text, problem } = await post(this.form.dataset["autosave"] ?? "", sent);
    if (!ok) {
      this.fail(problem as Problem);
      return false;
    }
    const answer = JSON.parse(text) as Answer;
    this.version.value = String(answer.version);
    this.saved = upTo;
    this.fillIn(answer, sent);
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

  /** The server filled fields from a template: they show it, unless somebody has typed there since. */
  private fillIn({ filled, template }: Answer, sent: FormData): void {
    const now = this.body();
    const labels: string[] = [];
    for (const [name, value] of Object.entries(filled)) {
      if (String(now.getAll(name)) !== String(sent.getAll(name))) continue;
      const wanted = [value].flat().map(String);
      for (const field of this.form.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>(`[name="${name}"]`)) {
        if (field instanceof HTMLInputElement && field.type === "checkbox") setBox(field, wanted.includes(field.value));
        else if (value !== "none") field.value = wanted[0] ?? "";
      }
      labels.push(this.form.querySelector(`[data-field="${name}"] .form-label`)?.firstChild?.textContent?.trim() ?? name);
    }
    if (labels.length > 0) toast(`テンプレート「${template}」から ${labels.join("、")} を入れました。`, "success");
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

function setBox(box: HTMLInputElement, checked: boolean): void {
  if (box.checked === checked) return;
  box.checked = checked;
  if (box.dataset["noneFor"]) followNone(box);
}

function line(problem: FieldProblem): HTMLElement {
  const text = document.createElement("span");
  text.className = problem.severity === "warning" ? "text-warning-emphasis" : "text-danger";
  text.textContent = problem.message + (problem.remedy ?? "");
  return text;
}
