import type { Batch, LeftOut } from "../../generated/api.ts";
import type { Choice, DownloadJob, DownloadRequest } from "../../core/state.ts";
import { h, labelled, offer, show } from "../dom.ts";
import { errorLine, type Actions } from "../errorLine.ts";
import { moment, t } from "../i18n.ts";
import { chosenBatch, type View } from "./view.ts";

export interface FileHandlers {
  choose(choice: Partial<Choice>): void;
  download(request: Omit<DownloadRequest, "accountId">): void;
  actions: Actions;
}

/** 出品ファイル: where it comes from, which one, and 【出品ファイルをダウンロード】 with its progress. */
export class FilesSection {
  readonly element: HTMLElement;
  private readonly source = h("select", { testid: "popup-source" });
  private readonly batch = h("select", { testid: "popup-batch" });
  private readonly batchField = labelled(t("batch_choice"), this.batch);
  private readonly buttons = h("div", { class: "part" });
  private readonly progress = h("div", { class: "part", testid: "popup-download-progress" });
  private isConfirming = false;
  private view: View | null = null;

  constructor(private readonly handlers: FileHandlers) {
    this.source.addEventListener("change", () => {
      this.isConfirming = false;
      handlers.choose({ source: this.source.value === "batch" ? "batch" : "queued" });
    });
    this.batch.addEventListener("change", () => {
      this.isConfirming = false;
      handlers.choose({ batchId: Number(this.batch.value) });
    });
    this.element = h(
      "section",
      { class: "card", testid: "popup-files" },
      h("h2", {}, t("file_section")),
      labelled(t("file_source"), this.source),
      this.batchField,
      this.buttons,
      this.progress,
    );
  }

  draw(view: View): void {
    this.view = view;
    const { state, account, batches } = view;
    offer(
      this.source,
      [
        { value: "queued", label: t("source_queued", account?.queued_count ?? 0) },
        { value: "batch", label: t("source_batch") },
      ],
      state.choice.source,
    );
    this.batchField.hidden = state.choice.source !== "batch" || (batches?.length ?? 0) === 0;
    offer(this.batch, (batches ?? []).map(batchOption), String(chosenBatch(view)?.id ?? ""));
    show(this.buttons, ...this.buttonsFor(view));
    show(this.progress, ...this.progressFor(state.download));
  }

  private redraw(isConfirming: boolean): void {
    this.isConfirming = isConfirming;
    if (this.view !== null) this.draw(this.view);
  }

  private isWorking(): boolean {
    return this.view?.state.download?.state === "working";
  }

  private request(kind: DownloadRequest["kind"], confirmWhole = false): void {
    const batch = this.view === null ? null : chosenBatch(this.view);
    this.redraw(false);
    this.handlers.download({ kind, batchId: kind === "queued" ? null : (batch?.id ?? null), confirmWhole });
  }

  private button(testid: string, text: string, onclick: () => void, primary: boolean, disabled = false): HTMLElement {
    const isDisabled = disabled || this.isWorking();
    return h("button", { type: "button", testid, onclick, class: primary ? "primary" : "", disabled: isDisabled }, text);
  }

  private buttonsFor(view: View): HTMLElement[] {
    const { state, account, batches } = view;
    if (state.choice.source === "queued") {
      const isNothing = (account?.queued_count ?? 0) === 0;
      const button = this.button("popup-download", t("download"), () => this.request("queued"), false, isNothing);
      return isNothing ? [button, h("small", { testid: "popup-download-hint" }, t("download_nothing"))] : [button];
    }
    if (batches === null) return [h("small", {}, t("batches_loading"))];
    const batch = chosenBatch(view);
    if (batch === null) return [h("small", { testid: "popup-download-hint" }, t("batch_none"))];
    if (!batch.whole_needs_confirm) {
      return [this.button("popup-download", t("download"), () => this.request("whole"), true)];
    }
    return this.partlyListed(batch);
  }

  /** The default is a new file of what is not listed yet; the whole old one only after a warning. */
  private partlyListed(batch: Batch): HTMLElement[] {
    const lead = h("p", { testid: "popup-partly-listed" }, t("partly_listed", batch.listed_count));
    const rest =
      batch.rest_count > 0
        ? this.button("popup-download-rest", t("download_rest", batch.rest_count), () => this.request("rest"), true)
        : h("small", { testid: "popup-rest-none" }, t("rest_none"));
    if (!this.isConfirming) {
      const whole = this.button("popup-download-whole", t("download_whole"), () => this.redraw(true), false);
      return [lead, rest, whole];
    }
    const warning = h(
      "div",
      { class: "warning", testid: "popup-whole-warning", role: "alert" },
      t("whole_warning"),
      h(
        "div",
        { class: "row" },
        this.button("popup-confirm-whole", t("whole_yes"), () => this.request("whole", true), false),
        this.button("popup-cancel-whole", t("cancel"), () => this.redraw(false), false),
      ),
    );
    return [lead, rest, warning];
  }

  private progressFor(job: DownloadJob | null): HTMLElement[] {
    if (job === null) return [];
    if (job.state === "failed" && job.error !== null) return [errorLine(job.error, this.handlers.actions)];
    if (job.state === "done") return [doneLine(job), ...leftOutList(job.leftOut)];
    return workingLine(job);
  }
}

function batchOption(batch: Batch): { value: string; label: string } {
  const { id, created_at, item_count, listed_count, file_name } = batch;
  return { value: String(id), label: t("batch_line", moment(created_at), item_count, listed_count, file_name) };
}

function workingLine({ batches, saved }: DownloadJob): HTMLElement[] {
  if (batches.length === 0) return [h("p", {}, t("download_asking"))];
  const done = batches.reduce((sum, batch) => sum + batch.progress.done, 0);
  const total = batches.reduce((sum, batch) => sum + batch.progress.total, 0);
  const isBuilding = batches.some(({ state }) => state === "building");
  const text = isBuilding ? t("building", done, total) : t("download_saving", saved.length + 1, batches.length);
  return [h("p", {}, text), h("progress", { value: done, max: Math.max(1, total) })];
}

function doneLine({ batches }: DownloadJob): HTMLElement {
  const names = batches.map(({ file_name }) => file_name).join(", ");
  return h(
    "div",
    { testid: "popup-download-result" },
    h("p", { class: "ok" }, t("download_done", names)),
    h("small", {}, t("download_next")),
  );
}

export function leftOutList(leftOut: LeftOut[]): HTMLElement[] {
  if (leftOut.length === 0) return [];
  const lines = leftOut.map(({ management_number, title, reason }) =>
    h("li", {}, t("left_out_line", management_number, title, reason)),
  );
  const summary = h("summary", {}, t("left_out", leftOut.length));
  return [h("details", { testid: "popup-left-out", open: true }, summary, h("ul", {}, ...lines))];
}
