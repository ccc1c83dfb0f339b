// A short message in the corner that goes by itself.
import { Toast } from "bootstrap";

export type Tone = "success" | "warning" | "danger" | "info";

export function toast(message: string, tone: Tone = "info"): void {
  const box = document.createElement("div");
  box.className = `toast align-items-center border-0 alert-${tone} alert p-0 mb-0`;
  box.role = tone === "danger" ? "alert" : "status";
  box.dataset["testid"] = "toast";
  const row = document.createElement("div");
  row.className = "d-flex";
  const text = document.createElement("div");
  text.className = "toast-body";
  text.textContent = message;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn-close me-2 m-auto";
  close.dataset["bsDismiss"] = "toast";
  close.ariaLabel = "閉じる";
  row.append(text, close);
  box.append(row);
  area().append(box);
  box.addEventListener("hidden.bs.toast", () => box.remove());
  Toast.getOrCreateInstance(box, { delay: tone === "danger" ? 10_000 : 4_000 }).show();
}

function area(): HTMLElement {
  const found = document.querySelector<HTMLElement>(".toast-area");
  if (found) return found;
  const made = document.createElement("div");
  made.className = "toast-area";
  document.body.append(made);
  return made;
}
