import type { Badge } from "../core/state.ts";

const COLOURS: Record<Badge["tone"], string> = { busy: "#5f6b7a", attention: "#c62828", count: "#168c4a" };

export async function showBadge({ text, tone }: Badge): Promise<void> {
  await chrome.action.setBadgeBackgroundColor({ color: COLOURS[tone] });
  await chrome.action.setBadgeTextColor({ color: "#ffffff" });
  await chrome.action.setBadgeText({ text });
}
