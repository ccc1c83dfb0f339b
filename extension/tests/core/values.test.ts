import { JSDOM } from "jsdom";
import { describe, expect, it } from "vitest";
import type { Field } from "../../src/core/contracts/contract.ts";
import { valueAt } from "../../src/core/contracts/values.ts";

const SEEN = new Date("2026-12-30T03:00:00Z");
const { document } = new JSDOM().window;

function value(text: string, type: Field["type"], regex?: string): unknown {
  const element = document.createElement("td");
  element.textContent = text;
  const source = { selector: "td", ...(regex === undefined ? {} : { regex }) };
  const read = valueAt(element, source, { sources: [source], type, required: true }, SEEN);
  return read === "unreadable" ? read : read.value;
}

describe("prices", () => {
  it.each([
    ["1,200円", 1_200],
    ["¥1,234,567", 1_234_567],
    ["１，２００ 円", 1_200],
    ["0円", 0],
    ["980", 980],
  ])("%s", (text, yen) => expect(value(text, "jpy")).toBe(yen));
  it.each(["1,20円", "12.5円", "-5円", "1200ドル", "1200円（税込）", "時価", "99999999999999999999円"])(
    "%s is refused",
    (text) => expect(value(text, "jpy")).toBe("unreadable"),
  );
});

describe("moments in Japan", () => {
  it.each([
    ["2026年11月25日 21時05分", "2026-11-25T12:05:00Z"],
    ["2026年11月25日（水） 21時05分30秒", "2026-11-25T12:05:30Z"],
    ["2026/11/25 21:05", "2026-11-25T12:05:00Z"],
    ["2026-11-25 00:05:09", "2026-11-24T15:05:09Z"],
    // Seen on 30 December: the nearest such day.
    ["1月2日 21時05分", "2027-01-02T12:05:00Z"],
    ["12月28日 21時05分", "2026-12-28T12:05:00Z"],
  ])("%s", (text, moment) => expect(value(text, "jst_datetime")).toBe(moment));
  it.each(["2026年2月30日 21時05分", "2026/13/01 00:00", "2026/11/25 24:00", "11月25日", "まもなく"])(
    "%s is refused",
    (text) => expect(value(text, "jst_datetime")).toBe("unreadable"),
  );
});

describe("other values", () => {
  it("counts", () => expect([value("3件", "int"), value("1,003", "int"), value("3人", "int")]).toEqual([3, 1_003, "unreadable"]));
  it("ids", () => expect([value("m123", "id"), value("m 1", "id")]).toEqual(["m123", "unreadable"]));
  it("an empty place is null", () => expect(value("  \u00a0 ", "jpy")).toBeNull());
  it("a part of the text", () => {
    expect(value("残り 3 点 (全5点)", "int", "残り ([0-9]+)")).toBe(3);
    expect(value("完売", "int", "残り ([0-9]+)")).toBe("unreadable");
  });
  it("keeps the seller's own full-width spaces and half a character is replaced", () => {
    expect(value("山田　花子", "text")).toBe("山田　花子");
    expect(value("a\ud800", "text")).toBe("a\ufffd");
  });
});
