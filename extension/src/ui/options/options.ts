import { AppError, asAppError, type ErrorReport } from "../../core/errors.ts";
import { tenantOrigin } from "../../core/origins.ts";
import type { PendingPairing, Stored } from "../../core/state.ts";
import type { Account } from "../../generated/api.ts";
import { openTab, systemName } from "../../platform/browser.ts";
import { requestHosts } from "../../platform/permissions.ts";
import { call } from "../../platform/rpc.ts";
import { onChange, readAll } from "../../platform/storage.ts";
import { h, labelled, show } from "../dom.ts";
import { errorLine, type Actions } from "../errorLine.ts";
import { clockTime, moment, t } from "../i18n.ts";

class Options {
  private state: Stored | null = null;
  private error: ErrorReport | null = null;
  private isBusy = false;
  private isAsking = false;
  private readonly url = h("input", {
    type: "text",
    inputmode: "url",
    autocomplete: "url",
    spellcheck: "false",
    testid: "tenant-url",
    placeholder: "https://shop.example.com",
  });
  private readonly device = h("input", { type: "text", maxlength: 100, testid: "device-name" });
  private readonly saveButton = h("button", { type: "submit", class: "primary", testid: "save-tenant" }, t("save"));
  private readonly trouble = h("div", { testid: "options-trouble" });
  private readonly status = h("section", { class: "card", testid: "options-status" });

  constructor(root: HTMLElement) {
    const form = h(
      "form",
      { class: "card" },
      labelled(t("tenant_url"), this.url, t("tenant_url_hint")),
      labelled(t("device_name"), this.device, t("device_name_hint")),
      this.saveButton,
      this.trouble,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.save();
    });
    const title = h("div", {}, h("h1", {}, t("options_title")), h("p", { class: "soft" }, t("options_lead")));
    root.append(h("div", { class: "title" }, h("img", { src: "icons/128.png", alt: "" }), title), form, this.status);
  }

  async open(): Promise<void> {
    onChange(() => void this.reload());
    await this.reload();
    this.url.value = this.state?.tenant?.origin ?? "";
    this.device.value = this.state?.device?.name ?? t("device_name_default", await systemName());
    if (this.state?.device != null) await this.attempt(() => call("wake", null));
    else this.url.focus();
  }

  private async reload(): Promise<void> {
    this.state = await readAll();
    this.draw();
  }

  /** Keeps the page usable and says what went wrong. */
  private async attempt(task: () => Promise<unknown>): Promise<void> {
    const pressed = document.activeElement;
    this.error = null;
    this.isBusy = true;
    this.draw();
    try {
      await task();
    } catch (thrown) {
      this.error = asAppError(thrown).report;
    } finally {
      this.isBusy = false;
      await this.reload();
      this.refocus(pressed);
    }
  }

  /** A button that was switched off meanwhile has lost the keyboard: it goes on there, or at 保存する where it is gone. */
  private refocus(pressed: Element | null): void {
    if (document.activeElement !== document.body || pressed === document.body) return;
    const isThere = pressed instanceof HTMLElement && pressed.isConnected;
    (isThere ? pressed : this.saveButton).focus();
  }

  private save(): Promise<void> {
    return this.attempt(async () => {
      const origin = tenantOrigin(this.url.value);
      // Nothing may be awaited before this: Chrome asks only within the click.
      const isGranted = await requestHosts([origin]);
      if (!isGranted) throw new AppError("PERMISSION_MISSING", "", { subject: origin });
      this.url.value = origin;
      const deviceName = this.device.value.trim() || t("device_name_default", await systemName());
      await call("saveTenant", { origin, deviceName });
    });
  }

  private draw(): void {
    if (this.state === null) return;
    const { tenant, device, pairing, pairingError, contextError } = this.state;
    this.saveButton.disabled = this.isBusy;
    this.saveButton.textContent = this.isBusy ? t("saving") : t("save");
    const error = this.error ?? pairingError ?? (device === null ? null : contextError);
    const actions: Actions = { grant: () => void this.save(), retry: () => void this.attempt(() => call("wake", null)) };
    show(this.trouble, error === null ? null : errorLine(error, actions));
    if (pairing !== null) show(this.status, ...pairingParts(pairing));
    else if (tenant !== null && device !== null) show(this.status, ...this.connectedParts(this.state));
    else show(this.status, h("p", { testid: "not-connected" }, t("not_connected")));
  }

  private connectedParts({ tenant, device, context }: Stored): HTMLElement[] {
    const accounts = context?.value.accounts ?? [];
    return [
      h("p", { class: "ok", testid: "connected" }, t("connected")),
      h(
        "dl",
        {},
        h("dt", {}, t("connected_to")),
        h("dd", { testid: "tenant-name" }, `${tenant?.name ?? ""}（${tenant?.origin ?? ""}）`),
        h("dt", {}, t("device_name")),
        h("dd", { testid: "device-shown" }, device?.name ?? ""),
      ),
      h("h2", {}, t("accounts")),
      accounts.length === 0 ? h("small", {}, t("no_accounts")) : h("dl", { testid: "accounts" }, ...accounts.flatMap(accountParts)),
      ...this.disconnectParts(),
    ];
  }

  private disconnectParts(): HTMLElement[] {
    const ask = (isAsking: boolean): void => {
      this.isAsking = isAsking;
      this.draw();
    };
    const button = (testid: string, text: string, onclick: () => void): HTMLElement =>
      h("button", { type: "button", testid, onclick, disabled: this.isBusy }, text);
    if (!this.isAsking) return [button("disconnect", t("disconnect"), () => ask(true))];
    const yes = (): void => {
      this.isAsking = false;
      void this.attempt(() => call("disconnect", null));
    };
    return [
      h(
        "div",
        { class: "warning", role: "alert" },
        t("disconnect_question"),
        h(
          "div",
          { class: "row" },
          button("disconnect-yes", t("disconnect_yes"), yes),
          button("disconnect-no", t("cancel"), () => ask(false)),
        ),
      ),
    ];
  }
}

function accountParts(account: Account): HTMLElement[] {
  const { last_sync_at: at, last_sync_device: by } = account;
  const last = at === null ? t("never") : t("last_sync_by", moment(at), by ?? "");
  const state = account.enabled ? "" : `（${t("account_disabled")}）`;
  return [
    h("dt", { "data-account": account.id }, `${account.name}${state}`),
    h("dd", {}, `${account.store_id} / ${t("last_sync")}: ${last}`),
  ];
}

function pairingParts(pairing: PendingPairing): HTMLElement[] {
  return [
    h("h2", {}, t("pairing_title")),
    h("p", {}, t("pairing_how")),
    h("div", { class: "code", testid: "user-code" }, pairing.userCode),
    h("small", {}, t("pairing_until", clockTime(pairing.expiresAt))),
    h(
      "button",
      { type: "button", testid: "open-pairing", onclick: () => void openTab(pairing.verificationUri) },
      t("pairing_open"),
    ),
  ];
}

/** Draws the options page and keeps it current with what the worker stores. */
export async function mountOptions(root: HTMLElement): Promise<void> {
  document.title = t("options_title");
  await new Options(root).open();
}
