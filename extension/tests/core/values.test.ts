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
    ["1,200円（税込）", 1_200],
    ["税込 ￥1,200", 1_200],
  ])("%s", (text, yen) => expect(value(text, "jpy")).toBe(yen));
  it.each(["1,20円", "12.5円", "-5円", "1200ドル", "1200円（税込1320円）", "1,200円（税抜）", "1 200円", "時価", "99999999999999999999円"])(
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
    ["11月 28日 21時 30分", "2026-11-28T12:30:00Z"],
    ["２０２６年１１月２５日（水）　２１時０５分", "2026-11-25T12:05:00Z"],
    ["2026年12月31日 24時00分", "2026-12-31T15:00:00Z"],
    // Seen on 30 December: the nearest such day.
    ["1月2日 21時05分", "2027-01-02T12:05:00Z"],
    ["12月28日 21時05分", "2026-12-28T12:05:00Z"],
  ])("%s", (text, moment) => expect(value(text, "jst_datetime")).toBe(moment));
  it.each(["2026年2月30日 21時05分", "2026/13/01 00:00", "2026/11/25 24:01", "2026/11/31 24:00", "11月25日", "まもなく"])(
    "%s is refused",
    (text) => expect(value(text, "jst_datetime")).toBe("unreadable"),
  );
});

describe("what is put together from several places", () => {
  function inside(html: string, type: Field["type"], regex?: string): unknown {
    const element = document.createElement("td");
    element.innerHTML = html;
    const source = { selector: "td", ...(regex === undefined ? {} : { regex }) };
    const read = valueAt(element, source, { sources: [source], type, required: true }, SEEN);
    return read === "unreadable" ? read : read.value;
  }

  it.each<[string, Field["type"], string?]>([
    ["<a>x1234</a><span>3</span>", "id"],
    ["x1234<br>5", "id"],
    ["<div>3</div><div>5</div>", "int"],
    ["<span>9</span>1,200円", "jpy"],
    ["IT-1001<span>1</span>", "code"],
    ["落札者あり<i>3</i>", "code"],
    ["管理番号 IT-1<b>2</b>", "code", "^管理番号 (.+)$"],
  ])("%s is refused as %s", (html, type, regex) => expect(inside(html, type, regex)).toBe("unreadable"));

  it.each<[string, Field["type"], unknown, string?]>([
    ["<div><a><b>x1234</b></a></div>", "id", "x1234"],
    ["x12<!-- -->34 <br>", "id", "x1234"],
    ["<span>¥</span><b>1,200</b> <small>円</small>", "jpy", 1_200],
    ["<span>管理番号</span> IT-1", "code", "IT-1", "^管理番号 ?(.+)$"],
    ["IT-1001<span hidden>7</span><span style='display: none'>7</span><script>7</script>", "code", "IT-1001"],
    ["\u200bIT-1001\ufeff", "code", "IT-1001"],
    ["<div>11月28日</div><div>21時30分</div>", "jst_datetime", "2026-11-28T12:30:00Z"],
    ["ルイ<em>ヴィトン</em>の財布<br>二つ折り", "text", "ルイヴィトンの財布 二つ折り"],
    ["<p>東京都</p><p>渋谷区 <span hidden>秘</span>1-1</p>", "lines", "東京都\n渋谷区 1-1"],
  ])("%s is read as %s", (html, type, expected, regex) => expect(inside(html, type, regex)).toBe(expected));
});

describe("other values", () => {
  it("counts", () => expect([value("3件", "int"), value("1,003", "int"), value("3人", "int")]).toEqual([3, 1_003, "unreadable"]));
  it("two numbers beside each other are none", () => expect([value("1 3", "int"), value("3 件", "int")]).toEqual(["unreadable", 3]));
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
