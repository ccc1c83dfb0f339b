import type { Field, Source, Value } from "./contract.ts";
import { tidy, visibleLines, visibleText } from "./text.ts";

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
  const moment = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(moment);
  const same = back.getUTCMonth() === month - 1 && back.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return same ? moment - JST_OFFSET_MS : null;
}

/** The year that puts a date without one nearest to when it was seen. */
function nearestMoment(parts: (string | undefined)[], observedAt: Date): number | null {
  const thisYear = new Date(observedAt.getTime() + JST_OFFSET_MS).getUTCFullYear();
  const moments = [thisYear - 1, thisYear, thisYear + 1].map((year) => jstMoment([String(year), ...parts]));
  const near = moments.filter((moment) => moment !== null && Math.abs(moment - observedAt.getTime()) < HALF_YEAR_MS);
  return near[0] ?? null;
}

/** The closing hours of a list are few: each is worked out once. */
const moments = new Map<string, ReadValue>();
const MANY_MOMENTS = 1_000;

function jstDatetime(text: string, observedAt: Date): ReadValue {
  const key = `${text}|${observedAt.getTime()}`;
  let moment = moments.get(key);
  if (moment === undefined) {
    if (moments.size >= MANY_MOMENTS) moments.clear();
    moments.set(key, (moment = parsedDatetime(text, observedAt)));
  }
  return moment;
}

function parsedDatetime(text: string, observedAt: Date): ReadValue {
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

/** A whole number as pages write it: 1,234 with or without its unit. */
function wholeNumber(text: string, pattern: RegExp): ReadValue {
  const plain = /^[\d,円]+$/.test(text) ? text : text.normalize("NFKC").replaceAll(" ", "");
  const match = pattern.exec(plain);
  const digits = match?.[1]?.replaceAll(",", "");
  if (digits === undefined) return "unreadable";
  const number = Number(digits);
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
      return { value: text };
    case "int":
      return wholeNumber(text, COUNT);
    case "jpy":
      return wholeNumber(text, YEN);
    case "id":
      return /^[A-Za-z0-9]+$/.test(text) ? { value: text } : "unreadable";
    case "jst_datetime":
      return jstDatetime(text, observedAt);
  }
}

function rawText(element: Element, source: Source, type: Field["type"]): string | null {
  if (source.attribute !== undefined) {
    const raw = element.getAttribute(source.attribute);
    return raw === null ? null : tidy(raw);
  }
  return type === "lines" ? visibleLines(element) : visibleText(element);
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
  const raw = rawText(element, source, field.type);
  if (raw === null) return "unreadable";
  if (raw === "" || field.empty_texts?.includes(raw) === true) return { value: null };
  const text = matched(raw, source.regex);
  return text === null ? "unreadable" : converted(text, field.type, observedAt);
}
