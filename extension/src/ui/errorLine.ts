import { actionFor, type ErrorReport, type UserAction } from "../core/errors.ts";
import { h } from "./dom.ts";
import { t, type MessageKey } from "./i18n.ts";

/** What the page does for each kind of remedy; where it has none there is no button. */
export type Actions = Partial<Record<UserAction, () => void>>;

function sentence({ code, detail, subject }: ErrorReport, accountName: string): string {
  if (code === "NOT_CONFIGURED" && !subject) return t("error_NOT_CONFIGURED_empty");
  if (code === "ALREADY_RUNNING" && subject) return t("error_ALREADY_RUNNING_holder", subject);
  if (code === "BACKEND_REJECTED" && subject === "account") return t("subject_account");
  if (code === "BACKEND_REJECTED" && subject === "version") return t("subject_version");
  const text = t(`error_${code}` satisfies MessageKey, subject ?? "", accountName);
  // Only the back office's details are sentences for staff; the others are for whoever mends it.
  const isForStaff = ["BACKEND_REJECTED", "NOTHING_TO_DO", "FILE_FAILED", "PARTLY_LISTED"].includes(code);
  return isForStaff && detail !== "" ? `${text} ${detail}` : text;
}

/** One error: what happened, what to do, and a button that does it. */
export function errorLine(
  report: ErrorReport,
  actions: Actions,
  accountName = "",
  tone: "error" | "warning" = "error",
): HTMLElement {
  const action = actionFor(report.code);
  const act = actions[action];
  return h(
    "div",
    { class: tone, testid: "error", "data-code": report.code, role: "alert", "data-detail": report.detail },
    h("p", {}, sentence(report, accountName), report.remedy === null ? null : h("span", {}, ` ${report.remedy}`)),
    act === undefined
      ? null
      : h("button", { type: "button", testid: "error-action", onclick: act }, t(`action_${action}` as MessageKey)),
  );
}
