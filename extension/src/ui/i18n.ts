import type messages from "../../public/_locales/ja/messages.json";
import { message, uiLanguage } from "../platform/browser.ts";

export type MessageKey = keyof typeof messages;

/** A text of the catalogue in the browser's language. */
export function t(key: MessageKey, ...parts: (string | number)[]): string {
  return message(key, ...parts.map(String));
}

/** "11/23 10:05": a moment as the shop's clock shows it. */
export function moment(iso: string | number): string {
  const format = new Intl.DateTimeFormat(uiLanguage(), {
    timeZone: "Asia/Tokyo",
    month: "numeric",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  });
  return format.format(new Date(iso));
}

/** "10:05" */
export function clockTime(at: number): string {
  const format = { timeZone: "Asia/Tokyo", hour: "2-digit", minute: "2-digit", hour12: false } as const;
  return new Intl.DateTimeFormat(uiLanguage(), format).format(new Date(at));
}
