import { contractAt, contractFor, pageUrl } from "../../core/contracts/catalog.ts";
import { actualUrl } from "../../core/origins.ts";
import type { ErrorReport } from "../../core/errors.ts";
import type { Choice, DownloadRequest, Stored } from "../../core/state.ts";
import type { Batch } from "../../generated/api.ts";
import { openOptions, openTab } from "../../platform/browser.ts";
import { requestMissingHosts } from "../../platform/permissions.ts";
import { call } from "../../platform/rpc.ts";
import { ORIGINS } from "../../platform/sandbox.ts";
import { onChange, readAll, update } from "../../platform/storage.ts";
import { h, labelled, offer, show } from "../dom.ts";
import { errorLine, type Actions } from "../errorLine.ts";
import { t } from "../i18n.ts";
import { DirectSection } from "./direct.ts";
import { FilesSection } from "./files.ts";
import { SyncSection } from "./sync.ts";
import { chosenAccount, type View } from "./view.ts";

class Popup {
  private state: Stored | null = null;
  private batches: Batch[] | null = null;
  private batchesOf: number | null = null;
  private readonly header = h("header");
  private readonly trouble = h("div");
  private readonly account = h("select", { testid: "popup-account" });
  private readonly accountField = labelled(t("popup_account"), this.account);
  private readonly files: FilesSection;
  private readonly direct: DirectSection;
  private readonly sync: SyncSection;

  constructor(root: HTMLElement) {
    const actions = this.actions();
    this.files = new FilesSection({
      choose: (choice) => this.run(() => this.choose(choice)),
      download: (request) => this.run(() => this.download(request)),
      actions: { ...actions, retry: () => this.run(() => this.retryDownload()) },
    });
    this.direct = new DirectSection({
      start: () => this.run(() => this.withAccount((accountId) => call("startDirect", { accountId }))),
      cancel: () => this.run(() => call("cancelDirect", null)),
      clear: () => this.run(() => call("clearDirect", null)),
      openDrafts: () => this.run(() => this.openShop("/ec/drafts")),
      // The section has its own button to go on.
      actions: { options: actions.options, login: actions.login, grant: actions.grant, report: actions.report },
    });
    this.sync = new SyncSection({
      start: () => this.run(() => this.startSync()),
      setInterval: (minutes) => this.run(() => this.withAccount((id) => call("setInterval", { accountId: id, minutes }))),
      actions: { ...actions, retry: () => this.run(() => this.startSync()) },
    });
    this.account.addEventListener("change", () =>
      this.run(() => this.choose({ accountId: Number(this.account.value), batchId: null })),
    );
    root.append(this.header, this.trouble, this.accountField, this.direct.element, this.files.element, this.sync.element);
  }

  async open(): Promise<void> {
    onChange(() => this.run(() => this.reload()));
    await this.reload();
    // A finished download of an earlier visit says nothing about this one.
    if (this.state?.download?.state === "done") await call("clearDownload", null);
    await call("wake", null);
  }

  /** The worker keeps what went wrong in the stored state, which is drawn; what it could not keep is shown here. */
  private run(task: () => Promise<unknown>): void {
    task().catch((thrown: { report?: ErrorReport }) => {
      if (thrown.report !== undefined) show(this.trouble, errorLine(thrown.report, this.actions()));
      else throw thrown;
    });
  }

  private actions(): Required<Omit<Actions, "none">> {
    return {
      options: () => this.run(openOptions),
      login: () => this.run(() => this.openMarketplace()),
      grant: () => this.run(() => this.grant()),
      retry: () => this.run(() => call("wake", null)),
      report: () => this.run(() => this.copyDetails()),
    };
  }

  private async reload(): Promise<void> {
    this.state = await readAll();
    const accountId = chosenAccount(this.state)?.id ?? null;
    this.draw();
    if (this.state.choice.source === "batch" && accountId !== null && accountId !== this.batchesOf) {
      await this.loadBatches(accountId);
    }
  }

  private async loadBatches(accountId: number): Promise<void> {
    this.batchesOf = accountId;
    this.batches = null;
    this.batches = await call("listBatches", { accountId });
    this.draw();
  }

  private async choose(choice: Partial<Choice>): Promise<void> {
    if (choice.source === "batch" || choice.accountId !== undefined) this.batchesOf = null;
    await update((state) => ({ choice: { ...state.choice, ...choice } }));
  }

  private async withAccount(act: (accountId: number) => Promise<unknown>): Promise<void> {
    const account = this.state === null ? null : chosenAccount(this.state);
    if (account !== null) await act(account.id);
  }

  private startSync(): Promise<void> {
    return this.withAccount((accountId) => call("startSync", { accountId }));
  }

  private download(request: Omit<DownloadRequest, "accountId">): Promise<void> {
    return this.withAccount(async (accountId) => {
      await call("download", { accountId, ...request });
      this.batchesOf = null;
    });
  }

  private async retryDownload(): Promise<void> {
    const { download } = await readAll();
    if (download !== null) await call("download", download.request);
  }

  /** The store tool's own page: the marketplace sends on to its login where that is needed. */
  private async openMarketplace(): Promise<void> {
    const account = this.state === null ? null : chosenAccount(this.state);
    const contract = contractFor(account?.profile ?? "classic", "selling");
    const storeId = account?.store_id ?? "";
    if (contract === undefined) return;
    const there = contractAt(contract, account?.page_addresses?.selling);
    await openTab(actualUrl(pageUrl(there, storeId, 1, null), ORIGINS));
  }

  private async openShop(path: string): Promise<void> {
    const tenant = this.state?.tenant;
    if (tenant !== null && tenant !== undefined) await openTab(`${tenant.origin}${path}`);
  }

  private async grant(): Promise<void> {
    const missing = [this.state?.contextError, ...Object.values(this.state?.results ?? {}).map(({ error }) => error)];
    const origins = missing.flatMap((error) => (error?.code === "PERMISSION_MISSING" ? [error.subject ?? ""] : []));
    if (await requestMissingHosts(origins)) await call("wake", null);
  }

  private async copyDetails(): Promise<void> {
    const account = this.state === null ? null : chosenAccount(this.state);
    const result = account === null ? undefined : this.state?.results[account.id];
    const { step, error } = this.state?.direct ?? {};
    await navigator.clipboard.writeText(JSON.stringify({ sync: result, direct: { step, error } }, null, 1));
    show(this.trouble, h("p", { class: "ok", testid: "popup-copied" }, t("action_copied")));
  }

  private draw(): void {
    if (this.state === null) return;
    const state = this.state;
    const accounts = state.context?.value.accounts ?? [];
    const account = chosenAccount(state);
    const view: View = { state, accounts, account, batches: this.batches };
    show(this.header, ...this.headerParts(state));
    show(this.trouble, ...this.troubleParts(state));
    this.accountField.hidden = accounts.length < 2;
    offer(this.account, accounts.map(({ id, name, enabled }) => ({ value: String(id), label: enabled ? name : t("account_stopped", name) })), String(account?.id ?? ""));
    const isUsable = state.device !== null && account !== null;
    this.files.element.hidden = !isUsable;
    this.direct.element.hidden = !isUsable;
    this.sync.element.hidden = !isUsable;
    this.files.draw(view);
    this.direct.draw(view);
    this.sync.draw(view);
  }

  private headerParts({ tenant, device, context }: Stored): (Node | null)[] {
    const waiting = context?.value.orders_waiting ?? 0;
    const names = h(
      "div",
      { class: "names" },
      h("strong", { testid: "popup-tenant" }, device === null ? t("extension_name") : (tenant?.name ?? "")),
      h("small", { testid: "popup-device" }, device?.name ?? ""),
    );
    const pill = h("span", { class: "pill", testid: "popup-orders-waiting" }, t("orders_waiting", waiting));
    const settings = h(
      "button",
      { type: "button", class: "link", testid: "popup-open-options", onclick: () => this.run(openOptions) },
      t("open_options"),
    );
    const icon = h("img", { src: "icons/48.png", alt: "" });
    return [icon, names, device === null || waiting === 0 ? null : pill, settings];
  }

  private troubleParts(state: Stored): (Node | null)[] {
    const { tenant, device, contextError, context } = state;
    const nothing = { detail: "", remedy: null, subject: null };
    if (tenant === null) return [errorLine({ code: "NOT_CONFIGURED", ...nothing }, this.actions(), "", "warning")];
    if (device === null) return [errorLine({ code: "NOT_PAIRED", ...nothing }, this.actions())];
    if (contextError !== null) return [errorLine(contextError, this.actions())];
    const isEmpty = context !== null && context.value.accounts.length === 0;
    return [isEmpty ? h("div", { class: "warning", testid: "popup-no-accounts" }, t("no_accounts")) : null];
  }
}

/** Draws the popup and keeps it current with what the worker stores. */
export async function mountPopup(root: HTMLElement): Promise<void> {
  document.title = t("extension_name");
  await new Popup(root).open();
}
