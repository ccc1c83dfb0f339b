import { contractFor } from "../../core/contracts/catalog.ts";
import type { DirectJob } from "../../core/state.ts";
import type { Account, Upload } from "../../generated/api.ts";
import { h, show } from "../dom.ts";
import { errorLine, type Actions } from "../errorLine.ts";
import { t } from "../i18n.ts";
import { leftOutList } from "./files.ts";
import { storeLabel, type View } from "./view.ts";

export interface DirectHandlers {
  start(): void;
  cancel(): void;
  clear(): void;
  openDrafts(): void;
  actions: Actions;
}

type Item = Upload["items"][number];

/** 直接出品: 【直接出品を実行】 with a question before, progress meanwhile, and the outcome of each item. */
export class DirectSection {
  readonly element: HTMLElement;
  private readonly part = h("div", { class: "part", testid: "popup-direct-part" });
  private isConfirming = false;
  private view: View | null = null;

  constructor(private readonly handlers: DirectHandlers) {
    this.element = h("section", { class: "card", testid: "popup-direct-section" }, h("h2", {}, t("direct_section")), this.part);
  }

  draw(view: View): void {
    this.view = view;
    const job = view.state.direct?.accountId === view.account?.id ? view.state.direct : null;
    this.element.dataset["state"] = job?.state ?? "";
    this.element.dataset["step"] = job?.step ?? "";
    this.element.dataset["since"] = String(job?.since ?? "");
    show(this.part, ...(job === null ? this.startParts(view) : this.jobParts(job, view)));
  }

  private redraw(isConfirming: boolean): void {
    this.isConfirming = isConfirming;
    if (this.view !== null) this.draw(this.view);
    // What was pressed is gone: the keyboard goes on where it was.
    this.part.querySelector<HTMLElement>(isConfirming ? "[data-testid=popup-direct-yes]" : "button")?.focus();
  }

  private button(testid: string, text: string, act: () => void, primary = false, disabled = false): HTMLElement {
    const onclick = () => {
      this.redraw(false);
      act();
    };
    return h("button", { type: "button", testid, onclick, class: primary ? "primary" : "", disabled }, text);
  }

  private startParts({ account, state }: View): HTMLElement[] {
    if (account === null) return [];
    const obstacle = obstacleTo(account) ?? (state.contextError?.code === "BACKEND_DOWN" ? t("direct_backend_down") : null);
    const isBusy = state.direct?.state === "working";
    const ask = () => this.redraw(true);
    if (obstacle !== null || isBusy || !this.isConfirming) {
      const button = h(
        "button",
        { type: "button", testid: "popup-direct", class: "primary", onclick: ask, disabled: obstacle !== null || isBusy },
        t("direct"),
      );
      return [h("small", { testid: "popup-direct-hint" }, obstacle ?? t("direct_lead", account.queued_count)), button];
    }
    return [
      h("p", { testid: "popup-direct-question" }, t("direct_confirm", account.name, account.queued_count)),
      h(
        "div",
        { class: "row" },
        this.button("popup-direct-yes", t("direct_yes"), () => this.handlers.start(), true),
        this.button("popup-direct-no", t("cancel"), () => undefined),
      ),
    ];
  }

  private jobParts(job: DirectJob, view: View): (HTMLElement | null)[] {
    switch (job.state) {
      case "working":
        return [...workingLines(job), h("small", {}, t("direct_keep_open"))];
      case "failed":
        return this.failedParts(job, view);
      case "done":
        return [
          ...outcomeLines(job, this.handlers),
          ...leftOutList(job.leftOut),
          this.button("popup-direct-close", t("direct_close"), () => this.handlers.clear()),
          ...((view.account?.queued_count ?? 0) > 0 ? this.startParts(view) : []),
        ];
    }
  }

  private failedParts(job: DirectJob, { account }: View): (HTMLElement | null)[] {
    const isSent = ["sent", "registering", "exhibiting", "concluding"].includes(job.step);
    const name = account === null ? job.accountName : storeLabel(account);
    return [
      job.error === null ? null : errorLine(job.error, this.handlers.actions, name),
      h("p", { testid: "popup-direct-stands" }, whatWasSent(job, account)),
      h(
        "div",
        { class: "row" },
        this.button("popup-direct-again", t("direct_again"), () => this.handlers.start(), true),
        isSent ? null : this.button("popup-direct-cancel", t("direct_cancel"), () => this.handlers.cancel()),
      ),
      isSent ? null : h("small", {}, t("direct_cancel_hint")),
    ];
  }
}

/** How far a stopped listing has come. */
function whatWasSent({ step, uploads, batches, at }: DirectJob, account: Account | null): string {
  if (step === "registering" || step === "exhibiting") return t("direct_in_folder");
  if (step === "sent" || step === "concluding") return t("direct_sent_unclear");
  const left = batches?.slice(at).reduce((sum, batch) => sum + batch.item_count, 0) ?? account?.queued_count ?? 0;
  return uploads.length > 0 ? t("direct_partly", uploads.length, left) : t("direct_not_sent", left);
}

function obstacleTo(account: Account): string | null {
  if (!account.enabled) return t("account_is_disabled");
  if (contractFor(account.profile, "upload") === undefined) return t("direct_unsupported");
  return account.queued_count === 0 ? t("direct_nothing") : null;
}

function workingLines({ step, batches, at }: DirectJob): HTMLElement[] {
  const [number, all] = [at + 1, batches?.length ?? 1];
  switch (step) {
    case "making":
    case "claiming": {
      const done = (batches ?? []).reduce((sum, batch) => sum + batch.progress.done, 0);
      const total = (batches ?? []).reduce((sum, batch) => sum + batch.progress.total, 0);
      const text = total === 0 ? t("direct_preparing") : t("direct_making", done, total);
      return [h("p", {}, text), h("progress", { value: done, max: Math.max(1, total) })];
    }
    case "handing":
      return [h("p", {}, t("direct_handing", number, all)), h("progress", {})];
    case "sent":
    case "concluding":
      return [h("p", {}, t("direct_sent", number, all)), h("progress", {})];
    case "registering":
      return [h("p", {}, t("direct_registering", number, all)), h("progress", {})];
    case "exhibiting":
      return [h("p", {}, t("direct_exhibiting", number, all)), h("progress", {})];
    case "reading_back":
      return [h("p", {}, t("direct_reading_back")), h("progress", {})];
  }
}

function outcomeLines({ uploads, leftInFolder }: DirectJob, { openDrafts }: DirectHandlers): HTMLElement[] {
  const items = uploads.flatMap((upload) => upload.items);
  const listed = items.filter(({ state }) => ["active", "sold_out", "ended"].includes(state)).length;
  const waiting = items.filter(({ state }) => state === "processing").length;
  const rest = items.length - listed - waiting;
  return [
    h("p", { class: listed > 0 ? "ok" : "", testid: "popup-direct-result" }, listed > 0 ? t("direct_done", listed) : t("direct_done_none")),
    ...(rest > 0
      ? [
          h("p", { class: "error", testid: "popup-direct-failed" }, t("direct_done_failed", rest)),
          h("button", { type: "button", testid: "popup-direct-drafts", onclick: openDrafts }, t("direct_open_drafts")),
        ]
      : []),
    ...(waiting > 0 ? [h("p", { class: "warning", testid: "popup-direct-waiting" }, t("direct_done_waiting", waiting))] : []),
    ...(leftInFolder.length > 0
      ? [h("p", { class: "warning", testid: "popup-direct-left" }, t("direct_left_in_folder", leftInFolder.join("、")))]
      : []),
    h(
      "details",
      { testid: "popup-direct-items", open: rest + waiting > 0 },
      h("summary", {}, t("direct_items", items.length)),
      h("ul", {}, ...items.map(itemLine)),
    ),
  ];
}

function itemLine({ management_number, title, state, reason }: Item): HTMLElement {
  const word = t(`state_${state}`);
  const text =
    reason === null ? t("direct_item", management_number, title, word) : t("direct_item_reason", management_number, title, word, reason);
  return h("li", { "data-state": state }, text);
}
