// form[data-autosave="<url>"] is posted a moment after each change, with its hidden `version`; [data-values] is what the server has
// of it at first. The same URL tells what somebody else saved meanwhile: their fields come in here at once, and a field that both
// changed shows both values and asks. Nothing typed is lost in silence: a failed save says so and is tried again, and leaving the page
// with unsaved input asks first.
import { Conflicts } from "./conflicts.ts";
import { post, readProblem, type Problem } from "./csrf.ts";
import { fieldOf, labelOf, show, textsIn } from "./formFields.ts";
import { merge, same, valuesOf, type Agreed, type Values } from "./merge.ts";
import { toast } from "./toast.ts";

const WAIT_MS = 800;
const RETRY_MS = 5_000;
const LOOK_MS = 4_000;
const TRIES = 5;

interface FieldProblem {
  field: string;
  message: string;
  remedy?: string;
  severity: "error" | "warning";
}

/** What is saved, by whom and when; only `version` where that is known here already, 0 where nothing is saved. */
interface Now {
  version: number;
  values?: Values;
  by?: string;
  at?: string;
}

/** `filled`: the fields that a template filled, because nobody had typed into them. */
interface Answer extends Required<Now> {
  problems: FieldProblem[];
  filled: string[];
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
    else [...forms.values()].find((each) => each.isUnsaved)?.showWhy();
  });
}

class Autosave {
  private readonly touched = new Set<string>();
  private readonly conflicts: Conflicts;
  private agreed: Agreed;
  private changes = 0;
  private saved = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<boolean> | undefined;
  /** Why saving makes no sense until somebody decides. */
  private isStopped = false;
  private isLoggedOut = false;

  constructor(private readonly form: HTMLFormElement) {
    const server = JSON.parse(form.dataset["values"] ?? "{}") as Values;
    this.agreed = { page: this.values(), server };
    this.conflicts = new Conflicts(form, (name) => this.decided(name));
    form.addEventListener("input", (event) => this.note(event));
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
    document.addEventListener("visibilitychange", () => void this.comeBack());
    setInterval(() => void this.look(), LOOK_MS);
  }

  get isUnsaved(): boolean {
    return this.changes !== this.saved || this.conflicts.areOpen;
  }

  /** Save now; whether everything typed is on the server afterwards. */
  async flush(): Promise<boolean> {
    clearTimeout(this.timer);
    while (this.running) await this.running;
    if (this.changes === this.saved) return !this.conflicts.areOpen;
    this.running = this.save();
    const done = await this.running;
    this.running = undefined;
    if (done && this.changes !== this.saved) this.later(WAIT_MS);
    return done && !this.isUnsaved;
  }

  /** To where somebody has to look before this form can be saved. */
  showWhy(): void {
    if (this.conflicts.areOpen) this.conflicts.focus();
    else this.status?.scrollIntoView({ block: "center" });
  }

  private note(event: Event): void {
    const field = event.target;
    if (!(field instanceof HTMLElement) || field.dataset["noSave"] !== undefined) return;
    this.touched.add((field as HTMLInputElement).name);
    this.change();
  }

  private change(): void {
    this.changes += 1;
    if (this.isStopped) return;
    this.say("saving", "保存中…");
    this.later(WAIT_MS);
  }

  private later(wait: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), wait);
  }

  private async save(): Promise<boolean> {
    for (let tries = 0; tries < TRIES && !this.isStopped; tries += 1) {
      const upTo = this.changes;
      this.say("saving", "保存中…");
      const sent = this.body();
      const { ok, text, problem } = await post(this.form.dataset["autosave"] ?? "", sent);
      if (ok) {
        this.saved = upTo;
        this.isSaved(JSON.parse(text) as Answer, valuesOf(sent));
        return true;
      }
      if (problem?.code !== "DRAFT_CHANGED" || !problem.now) {
        this.fail(problem as Problem);
        return false;
      }
      this.meet(problem.now as Now);
    }
    return false;
  }

  private isSaved(answer: Answer, sent: Values): void {
    this.isLoggedOut = false;
    this.version.value = String(answer.version);
    const meanwhile = this.values();
    this.agreed = { page: sent, server: answer.values };
    for (const name of this.conflicts.names) this.agreed.page[name] = answer.values[name] ?? [];
    const filled = answer.filled.filter((name) => same(meanwhile[name], sent[name]));
    this.take(filled);
    if (filled.length > 0) toast(`テンプレート「${answer.template}」から ${this.labels(filled)} を入れました。`, "success");
    this.showProblems(answer.problems);
    if (this.conflicts.areOpen) this.sayConflicts();
    else this.say("saved", `保存済み ${new Date().toLocaleTimeString("ja-JP", { hour: "2-digit", minute: "2-digit" })}`);
  }

  // --- somebody else ---

  /** Ask what somebody else saved; only while nobody looks away and nothing of ours is on its way. */
  private async look(): Promise<void> {
    if (document.hidden || this.running || this.isStopped || this.isLoggedOut) return;
    const url = `${this.form.dataset["autosave"]}?version=${this.version.value}`;
    let now: Now;
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error" });
      if (answer.status === 401) this.fail(readProblem(401, await answer.text()));
      if (!answer.ok) return;
      now = (await answer.json()) as Now;
    } catch {
      return; // the next look, or the next save, will tell
    }
    if (this.running || String(now.version) === this.version.value) return; // ours was quicker
    if (now.version > 0) this.meet(now);
    else this.fail({ status: 409, code: "DRAFT_GONE", message: "この商品は、ほかの画面で出品されました。", remedy: "" });
  }

  /** Take over what somebody else saved, as far as it was not changed here too. */
  private meet({ version, values: theirs = {}, by = "", at = "" }: Now): void {
    const { taken, conflicts } = merge(this.agreed, this.values(), theirs);
    const page = { ...this.agreed.page };
    for (const name of Object.keys({ ...this.agreed.server, ...theirs })) {
      if (!same(this.agreed.server[name], theirs[name])) page[name] = theirs[name] ?? [];
    }
    this.agreed = { page, server: theirs };
    this.version.value = String(version);
    const shown = taken.filter((name) => fieldOf(this.form, name));
    this.take(shown);
    for (const name of conflicts.filter((each) => fieldOf(this.form, each))) this.conflicts.open(name, theirs[name] ?? [], by, at);
    const mine = this.values();
    for (const name of this.conflicts.names) if (same(theirs[name], mine[name])) this.conflicts.drop(name);
    if (shown.length > 0) this.tellOfOther(`${by}（${at}）が変えました：${this.labels(shown)}`);
    if (this.conflicts.areOpen) this.sayConflicts();
  }

  /** Show these fields as the server has them. */
  private take(names: string[]): void {
    for (const name of names) {
      show(this.form, name, this.agreed.server[name] ?? []);
      this.agreed.page[name] = this.values()[name] ?? [];
    }
  }

  private decided(name: string): void {
    this.touched.add(name);
    this.change();
  }

  private tellOfOther(text: string): void {
    const place = this.form.querySelector<HTMLElement>("[data-others]");
    if (!place) return;
    const line = document.createElement("div");
    line.className = "alert alert-info py-2 mb-2";
    line.dataset["testid"] = "other-changed";
    line.textContent = text;
    place.replaceChildren(line);
  }

  private sayConflicts(): void {
    const names = this.conflicts.names;
    this.say("failed", `ほかの人の入力と違う項目があります：${this.labels(names)}。どちらにするか選んでください。`);
  }

  // --- what went wrong ---

  private fail(problem: Problem): void {
    const { status, code, message, remedy, field } = problem;
    if (status === 401) {
      this.isLoggedOut = true;
      this.say("failed", "ログインの有効期限が切れました。入力はこの画面に残っています。");
      this.offerLogin();
      return;
    }
    this.say("failed", `保存できません：${message}${remedy}${status === 0 || status >= 500 ? "入力はこの画面に残っています。" : ""}`);
    if (code === "DRAFT_GONE") {
      this.isStopped = true;
      this.offer("この入力を新しく保存", "save-anew", () => {
        this.isStopped = false;
        this.version.value = "0";
        this.agreed = { page: {}, server: {} };
        this.changes += 1;
        void this.flush();
      });
      return;
    }
    if (field) this.showProblems([{ field, message, remedy, severity: "error" }]);
    this.offer("もう一度保存", "save-retry", () => void this.flush());
    if (status === 0 || status >= 500) this.later(RETRY_MS);
  }

  private offerLogin(): void {
    const link = document.createElement("a");
    link.className = "btn btn-sm btn-outline-secondary ms-2";
    link.href = "/login";
    link.target = "_blank";
    link.textContent = "別のタブでログイン";
    link.dataset["testid"] = "log-in-again";
    this.status?.append(link);
    this.offer("もう一度保存", "save-retry", () => void this.flush());
  }

  /** Back from another tab, where somebody may have logged in again. */
  private async comeBack(): Promise<void> {
    if (document.hidden) return;
    this.isLoggedOut = false;
    if (this.changes !== this.saved && !this.isStopped) await this.flush();
    else if (this.status?.dataset["state"] === "failed" && !this.isUnsaved && !this.isStopped) this.say("saved", "保存済み");
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

  // --- the form ---

  private body(): FormData {
    const data = this.data();
    // Where it is not decided yet, the other's value stays on the server.
    for (const [name, theirs] of this.conflicts.theirs) {
      data.delete(name);
      for (const each of theirs) data.append(name, each);
    }
    return data;
  }

  private data(): FormData {
    const data = new FormData(this.form);
    for (const each of this.form.querySelectorAll<HTMLInputElement>("[data-no-save]")) data.delete(each.name);
    return data;
  }

  private values(): Values {
    const data = this.data();
    for (const name of ["csrf_token", "version"]) data.delete(name);
    return valuesOf(data);
  }

  private labels(names: string[]): string {
    return names.map((name) => labelOf(this.form, name)).join("、");
  }

  private get version(): HTMLInputElement {
    return this.form.elements.namedItem("version") as HTMLInputElement;
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
      const wasShown = textsIn(place) !== "";
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
