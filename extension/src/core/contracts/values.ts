import type { Field, Source, Value } from "./contract.ts";
import { leafOf, seenPieces, tidy, visibleLines, visibleText } from "./text.ts";

/** A value that was there to be read; `unreadable` keeps nothing of the page's text. */
export type ReadValue = { value: Value } | "unreadable";

const JST_OFFSET_MS = 9 * 3_600_000;
const HALF_YEAR_MS = 183 * 86_400_000;
const DATE_PATTERNS = [
  /^(\d{4})年(\d{1,2})月(\d{1,2})日(?: ?[(（].[)）])?[ \u3000]?(\d{1,2})時(\d{1,2})分(?:(\d{1,2})秒)?$/,
  /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?: ?[(（].[)）])?[ \u3000T](\d{1,2}):(\d{2})(?::(\d{2}))?$/,
];
const DATE_WITHOUT_YEAR = [
  /^(\d{1,2})月(\d{1,2})日(?: ?[(（].[)）])?[ \u3000]?(\d{1,2})時(\d{1,2})分(?:(\d{1,2})秒)?$/,
  /^(\d{1,2})\/(\d{1,2})(?: ?[(（].[)）])?[ \u3000](\d{1,2}):(\d{2})(?::(\d{2}))?$/,
];

/** Milliseconds of a moment in Japan; null for the 31st of February and the like. */
function jstMoment(parts: (string | undefined)[]): number | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
  const midnight = Date.UTC(year, month - 1, day);
  const back = new Date(midnight);
  const isDay = back.getUTCMonth() === month - 1 && back.getUTCDate() === day;
  // 24:00 is the end of that day.
  const isTime = (hour < 24 && minute < 60 && second < 60) || (hour === 24 && minute === 0 && second === 0);
  return isDay && isTime ? midnight + ((hour * 60 + minute) * 60 + second) * 1_000 - JST_OFFSET_MS : null;
}

/** The year that puts a date without one nearest to when it was seen. */
function nearestMoment(parts: (string | undefined)[], observedAt: Date): number | null {
  const thisYear = new Date(observedAt.getTime() + JST_OFFSET_MS).getUTCFullYear();
  const moments = [thisYear - 1, thisYear, thisYear + 1].map((year) => jstMoment([String(year), ...parts]));
  const near = moments.filter((moment) => moment !== null && Math.abs(moment - observedAt.getTime()) < HALF_YEAR_MS);
  return near[0] ?? null;
}

/** The closing hours of a list are few: each is worked out once for a page. */
const moments = new Map<string, ReadValue>();
let momentsSeenAt = 0;

function jstDatetime(text: string, observedAt: Date): ReadValue {
  if (observedAt.getTime() !== momentsSeenAt) moments.clear();
  momentsSeenAt = observedAt.getTime();
  let moment = moments.get(text);
  if (moment === undefined) moments.set(text, (moment = parsedDatetime(text, observedAt)));
  return moment;
}

function parsedDatetime(written: string, observedAt: Date): ReadValue {
  const text = written.normalize("NFKC").replace(/(?<=[年月時分]) /g, "");
  for (const pattern of DATE_PATTERNS) {
    const match = pattern.exec(text);
    if (match) return momentValue(jstMoment(match.slice(1)));
  }
  for (const pattern of DATE_WITHOUT_YEAR) {
    const match = pattern.exec(text);
    if (match) return momentValue(nearestMoment(match.slice(1), observedAt));
  }
  return "unreadable";
}

function momentValue(moment: number | null): ReadValue {
  return moment === null ? "unreadable" : { value: `${new Date(moment).toISOString().slice(0, 19)}Z` };
}

/** Without what only shapes it; two numbers beside each other stay two. */
function plain(text: string): string {
  if (/^[\d,円]+$/.test(text)) return text;
  return text.normalize("NFKC").replace(/(?<!\d) | (?!\d)|^税込|\(税込\)$|税込$/g, "");
}

/** The digits of a whole number as pages write it: 1,234 with or without its unit. */
function digitsOf(text: string, pattern: RegExp): string | null {
  return pattern.exec(plain(text))?.[1] ?? null;
}

function wholeNumber(digits: string | null): ReadValue {
  if (digits === null) return "unreadable";
  const number = Number(digits.replaceAll(",", ""));
  return Number.isSafeInteger(number) ? { value: number } : "unreadable";
}

const GROUPED = "(\\d{1,3}(?:,\\d{3})+|\\d+)";
const COUNT = new RegExp(`^${GROUPED}[件個点]?$`);
const YEN = new RegExp(`^[¥\\\\]?${GROUPED}円?$`);

function converted(text: string, type: Field["type"], observedAt: Date): ReadValue {
  switch (type) {
    case "text":
    case "lines":
    case "texts":
    case "code":
      return { value: text };
    case "int":
      return wholeNumber(digitsOf(text, COUNT));
    case "jpy":
      return wholeNumber(digitsOf(text, YEN));
    case "id":
      return /^[A-Za-z0-9]+$/.test(text) ? { value: text } : "unreadable";
    case "jst_datetime":
      return jstDatetime(text, observedAt);
  }
}

/** What of a text must stand in one piece: parts of two values put together would be a third one. */
function keyOf(text: string, type: Field["type"]): string | null {
  if (type === "int") return digitsOf(text, COUNT);
  if (type === "jpy") return digitsOf(text, YEN);
  return type === "id" || type === "code" ? plain(text) : null;
}

function isTorn(element: Element, text: string, type: Field["type"]): boolean {
  const key = keyOf(text, type);
  return key !== null && !seenPieces(element).some((piece) => plain(tidy(piece)).includes(key));
}

const compiledPatterns = new Map<string, RegExp>();

function matched(text: string, regex: string | undefined): string | null {
  if (regex === undefined) return text;
  let compiled = compiledPatterns.get(regex);
  if (compiled === undefined) compiledPatterns.set(regex, (compiled = new RegExp(regex, "u")));
  const match = compiled.exec(text);
  return match === null ? null : (match[1] ?? match[0]);
}

/** The value that stands at an element, or null where the place is empty. */
export function valueAt(element: Element, source: Source, field: Field, observedAt: Date): ReadValue {
  if (source.attribute !== undefined) {
    const raw = element.getAttribute(source.attribute);
    return raw === null ? "unreadable" : valueOf(tidy(raw), source, field, observedAt);
  }
  if (field.type === "lines") return valueOf(visibleLines(element), source, field, observedAt);
  // Nearly all cells hold nothing but a text.
  const leaf = leafOf(element);
  if (leaf !== null) return valueOf(tidy(leaf.textContent ?? ""), source, field, observedAt);
  return valueOf(visibleText(element), source, field, observedAt, element);
}

/** `parts`: what the text was put together from. */
function valueOf(raw: string, source: Source, field: Field, observedAt: Date, parts: Element | null = null): ReadValue {
  if (raw === "" || field.empty_texts?.includes(raw) === true) return { value: null };
  const text = matched(raw, source.regex);
  if (text === null || (parts !== null && isTorn(parts, text, field.type))) return "unreadable";
  return converted(text, field.type, observedAt);
}
