import { contractFor } from "../../core/contracts/catalog.ts";
import type { DirectJob } from "../../core/state.ts";
import type { Account, Upload } from "../../generated/api.ts";
import { h, show } from "../dom.ts";
import { errorLine, type Actions } from "../errorLine.ts";
import { t } from "../i18n.ts";
import { leftOutList } from "./files.ts";
import type { View } from "./view.ts";

export interface DirectHandlers {
  start(): void;
  cancel(): void;
  clear(): void;
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
    show(this.part, ...(job === null ? this.startParts(view) : this.jobParts(job)));
  }

  private redraw(isConfirming: boolean): void {
    this.isConfirming = isConfirming;
    if (this.view !== null) this.draw(this.view);
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
    const obstacle = obstacleTo(account);
    const isBusy = state.direct?.state === "working";
    const ask = () => this.redraw(true);
    if (obstacle !== null || isBusy || !this.isConfirming) {
      const button = h(
        "button",
        { type: "button", testid: "popup-direct", onclick: ask, disabled: obstacle !== null || isBusy },
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

  private jobParts(job: DirectJob): (HTMLElement | null)[] {
    switch (job.state) {
      case "working":
        return [...workingLines(job), h("small", {}, t("direct_keep_open"))];
      case "failed":
        return this.failedParts(job);
      case "done":
        return [
          ...outcomeLines(job),
          ...leftOutList(job.leftOut),
          this.button("popup-direct-close", t("direct_close"), () => this.handlers.clear()),
        ];
    }
  }

  private failedParts(job: DirectJob): (HTMLElement | null)[] {
    const isSent = ["sent", "registering", "exhibiting", "concluding"].includes(job.step);
    const sent = job.uploads.length > 0 ? t("direct_partly", job.uploads.length) : isSent ? null : t("direct_not_sent");
    return [
      job.error === null ? null : errorLine(job.error, this.handlers.actions, job.accountName),
      sent === null ? null : h("p", {}, sent),
      h(
        "div",
        { class: "row" },
        this.button("popup-direct-again", t("direct_again"), () => this.handlers.start(), true),
        isSent ? null : this.button("popup-direct-cancel", t("direct_cancel"), () => this.handlers.cancel()),
      ),
    ];
  }
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
      return [h("p", {}, t("direct_making", done, total)), h("progress", { value: done, max: Math.max(1, total) })];
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

function outcomeLines({ uploads }: DirectJob): HTMLElement[] {
  const items = uploads.flatMap((upload) => upload.items);
  const listed = items.filter(({ state }) => ["active", "sold_out", "ended"].includes(state)).length;
  const waiting = items.filter(({ state }) => state === "processing").length;
  const rest = items.length - listed - waiting;
  return [
    h("p", { class: "ok", testid: "popup-direct-result" }, t("direct_done", listed)),
    ...(rest > 0 ? [h("p", { class: "warning", testid: "popup-direct-failed" }, t("direct_done_failed", rest))] : []),
    ...(waiting > 0 ? [h("p", { class: "warning", testid: "popup-direct-waiting" }, t("direct_done_waiting", waiting))] : []),
    h(
      "details",
      { testid: "popup-direct-items", open: rest + waiting > 0 },
      h("summary", {}, t("direct_items", items.length)),
      h("ul", {}, ...items.map(itemLine)),
    ),
  ];
}

function itemLine({ management_number, title, state, state_label, reason }: Item): HTMLElement {
  const text =
    reason === null
      ? t("direct_item", management_number, title, state_label)
      : t("direct_item_reason", management_number, title, state_label, reason);
  return h("li", { "data-state": state }, text);
}
