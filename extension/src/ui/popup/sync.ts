import { contractFor } from "../../core/contracts/catalog.ts";
import { isErrorCode } from "../../core/errors.ts";
import { INTERVALS, type Interval } from "../../core/schedule.ts";
import type { CommandsResult, Stored } from "../../core/state.ts";
import type { SyncResult, SyncRun } from "../../core/sync/run.ts";
import type { Account, Summary } from "../../generated/api.ts";
import { h, labelled, offer, show } from "../dom.ts";
import { errorLine, type Actions } from "../errorLine.ts";
import { clockTime, moment, t } from "../i18n.ts";
import { storeLabel, type View } from "./view.ts";

export interface SyncHandlers {
  start(): void;
  setInterval(minutes: Interval): void;
  actions: Actions;
}

/** 同期: 【同期開始】, the interval, live progress, and how the last run ended. */
export class SyncSection {
  readonly element: HTMLElement;
  private readonly button = h("button", { type: "button", class: "primary", testid: "popup-sync" });
  private readonly interval = h("select", { testid: "popup-interval" });
  private readonly progress = h("div", { class: "part", testid: "popup-sync-progress" });
  private readonly commands = h("div", { class: "part", testid: "popup-commands" });
  private readonly result = h("div", { class: "part", testid: "popup-sync-result" });

  constructor(private readonly handlers: SyncHandlers) {
    this.button.addEventListener("click", () => handlers.start());
    this.interval.addEventListener("change", () => handlers.setInterval(Number(this.interval.value) as Interval));
    this.element = h(
      "section",
      { class: "card", testid: "popup-sync-section" },
      h("h2", {}, t("sync_section")),
      this.button,
      this.progress,
      this.commands,
      this.result,
      labelled(t("interval"), this.interval),
    );
  }

  draw({ state, account }: View): void {
    if (account === null) return;
    const run = state.run?.accountId === account.id ? state.run : null;
    const isWaiting = state.passes.some(({ accountId }) => accountId === account.id);
    const obstacle = obstacleTo(account);
    this.button.textContent = run === null ? t("sync") : t("sync_again");
    this.button.disabled = obstacle !== null || isWaiting;
    this.interval.disabled = obstacle !== null;
    offer(this.interval, INTERVALS.map(intervalOption), String(state.plans[account.id]?.minutes ?? 0));
    const trouble = run === null || state.runTrouble === null ? null : state.runTrouble;
    show(
      this.progress,
      obstacle === null ? null : h("small", { testid: "popup-sync-obstacle" }, obstacle),
      ...(run === null ? (isWaiting ? [h("p", {}, t("phase_starting"))] : []) : runningLines(run)),
      run !== null && isWaiting ? h("small", { testid: "popup-sync-again" }, t("sync_again_waiting")) : null,
      trouble === null ? null : errorLine(trouble, this.handlers.actions, storeLabel(account)),
      trouble === null || run === null ? null : h("small", {}, t("waiting_retry", clockTime(run.wakeAt))),
      run === null ? elsewhere(account) : null,
    );
    show(this.commands, ...this.commandLines(state, account));
    const result = state.results[account.id];
    this.result.dataset["at"] = result?.at ?? "";
    this.result.dataset["outcome"] = result === undefined ? "" : result.error === null ? "complete" : "failed";
    show(this.result, ...(result === undefined ? noResult(account) : this.resultLines(result, account)));
  }

  /** What is being told to the marketplace, and what the last visit came to. */
  private commandLines({ commands, commandResults }: Stored, account: Account): (HTMLElement | null)[] {
    if (commands?.accountId === account.id) {
      return [h("p", { testid: "popup-commands-working" }, t("commands_working", Math.max(1, commands.handled))), h("progress", {})];
    }
    const waiting = account.commands_waiting ?? 0;
    const result = commandResults[account.id];
    return [
      waiting === 0 ? null : h("small", { testid: "popup-commands-waiting" }, t("commands_waiting", waiting)),
      ...(result === undefined ? [] : toldLines(result)),
      result?.error == null ? null : errorLine(result.error, this.handlers.actions, storeLabel(account)),
    ];
  }

  private resultLines(result: SyncResult, account: Account): (HTMLElement | null)[] {
    const word = result.error === null ? t("result_ok") : t("result_failed");
    return [
      h("p", { class: result.error === null ? "ok" : "" }, t("result_at", word, moment(result.at))),
      result.error === null ? null : errorLine(result.error, this.handlers.actions, storeLabel(account)),
      result.error === null ? null : h("small", {}, t("sync_next")),
      result.summary === null || result.error !== null ? null : h("p", {}, countsOf(result.summary)),
      ...noticeLines(result, account),
    ];
  }
}

function toldLines({ shipped, ended, refused }: CommandsResult): HTMLElement[] {
  return [
    ...(shipped + ended > 0 ? [h("p", { class: "ok", testid: "popup-commands-done" }, t("commands_done", shipped, ended))] : []),
    ...(refused > 0 ? [h("p", { class: "warning", testid: "popup-commands-refused" }, t("commands_refused", refused))] : []),
  ];
}

/** Why there is nothing to sync for this account, in words; null when there is. */
function obstacleTo(account: Account): string | null {
  if (!account.enabled) return t("account_is_disabled");
  return contractFor(account.profile, "selling") === undefined ? t("profile_unsupported") : null;
}

function intervalOption(minutes: Interval): { value: string; label: string } {
  return { value: String(minutes), label: minutes === 0 ? t("interval_manual") : t("interval_minutes", minutes) };
}

function runningLines(run: SyncRun): HTMLElement[] {
  if (run.server === null) return [h("p", {}, t("phase_starting"))];
  if (run.ending !== null) return [h("p", {}, t("phase_finishing"))];
  const text = t(`phase_${run.phase}`);
  if (run.phase === "detail") {
    const done = Math.min(run.page, run.wanted.length);
    return [
      h("p", { "data-phase": run.phase }, text),
      h("small", {}, t("progress_detail", done, run.wanted.length)),
      h("progress", { value: done, max: Math.max(1, run.wanted.length) }),
    ];
  }
  const rows = run.phases.find(({ phase }) => phase === run.phase)?.rows ?? 0;
  return [
    h("p", { "data-phase": run.phase }, text),
    h("small", {}, t("progress_list", run.page, rows)),
    h("progress", {}),
  ];
}

function elsewhere({ running }: Account): HTMLElement | null {
  if (running === null || running.mine) return null;
  return h("small", { testid: "popup-running-elsewhere" }, t("running_elsewhere", running.device_name));
}

function countsOf({ selling, closed, orders, orders_new, needs_review, unlinked }: Summary): string {
  return [
    t("result_counts", selling, closed, orders, orders_new),
    needs_review > 0 ? t("result_review", needs_review) : "",
    unlinked > 0 ? t("result_unlinked", unlinked) : "",
  ]
    .filter((text) => text !== "")
    .join(" / ");
}

/** What the back office has to say: about the run, and about the account whoever ran it; each once, and no failure twice. */
function noticeLines({ error, notices }: SyncResult, account: Account): HTMLElement[] {
  const told = [...notices, ...account.attention].filter(({ code }) => error === null || !isErrorCode(code));
  const texts = new Map(told.map(({ code, message }) => [message, code]));
  return [...texts].map(([text, code]) => h("div", { class: "warning", testid: "notice", "data-code": code }, text));
}

function noResult(account: Account): HTMLElement[] {
  const attention = account.attention.map(({ code, message }) =>
    h("div", { class: "warning", testid: "notice", "data-code": code }, message),
  );
  if (account.last_sync_at === null) return [h("small", {}, t("result_none")), ...attention];
  const when = t("last_sync_by", moment(account.last_sync_at), account.last_sync_device ?? "");
  return [h("small", {}, `${t("last_sync")}: ${when}`), ...attention];
}
