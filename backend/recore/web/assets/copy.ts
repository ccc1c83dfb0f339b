// [data-copy="text"] copies the text; over plain http (a shop's own network) the clipboard API is missing.
import { toast } from "./toast.ts";

export function installCopy(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-copy]") : null;
    if (button) void copy(button.dataset["copy"] ?? "");
  });
}

async function copy(text: string): Promise<void> {
  const isShort = text.length <= 40;
  try {
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else selectAndCopy(text);
    toast(isShort ? `「${text}」をコピーしました。` : "コピーしました。", "success");
  } catch {
    toast(`コピーできませんでした。${isShort ? `「${text}」` : "表示されている内容"}を手で選んでコピーしてください。`, "warning");
  }
}

function selectAndCopy(text: string): void {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (!copied) throw new Error("copy refused");
}
