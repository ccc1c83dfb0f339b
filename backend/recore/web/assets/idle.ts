// Who works here leaves when nobody has touched the PC for a while ([data-idle-minutes] on the header's menu): his code goes
// from the fields that it filled in, and the page shows nobody.
import { post } from "./csrf.ts";

let touchedAt = Date.now();

export function installIdle(): void {
  const menu = document.querySelector<HTMLElement>("[data-idle-minutes]");
  const minutes = Number(menu?.dataset["idleMinutes"] ?? 0);
  if (!menu || minutes <= 0) return;
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel"]) {
    document.addEventListener(kind, () => (touchedAt = Date.now()), { capture: true, passive: true });
  }
  setInterval(() => {
    if (menu.dataset["staffCode"] && Date.now() - touchedAt >= minutes * 60_000) void leave(menu);
  }, 1_000);
}

async function leave(menu: HTMLElement): Promise<void> {
  const code = menu.dataset["staffCode"];
  menu.dataset["staffCode"] = "";
  for (const field of document.querySelectorAll<HTMLInputElement>("input[name=staff_code]")) if (field.value === code) field.value = "";
  for (const name of menu.querySelectorAll("[data-staff-name]")) name.textContent = "担当者を選ぶ";
  await post("/staff/idle", new URLSearchParams());
}
