// tests/contracts/golden/<contract>/<case>.html + .expected.json; the same cases run in Chromium
// (tests/contracts/test_goldens_in_chromium.py).
import { readdirSync, readFileSync } from "node:fs";
import { JSDOM } from "jsdom";
import { describe, expect, it } from "vitest";
import { CONTRACTS, contractAt, pageUrl } from "../src/core/contracts/catalog.ts";
import type { Field, Fields, PageContract, Phase, Reading, RowRules } from "../src/core/contracts/contract.ts";
import { readPage } from "../src/core/contracts/engine.ts";
import { Places } from "../src/core/contracts/places.ts";
import { apiRows } from "../src/core/contracts/records.ts";
import * as validators from "../src/generated/validators.js";

interface Golden {
  contract: PageContract;
  name: string;
  html: string;
  url: string;
  page: number | null;
  observed_at: string;
  /** A changed page: it must be refused, or read as this case is. */
  mutant_of?: string;
  reading: Reading;
}

const PHASES: string[] = ["selling", "closed", "won", "numbered", "detail"];
const folder = new URL("../../tests/contracts/golden/", import.meta.url);

function goldensOf(contract: PageContract): Golden[] {
  const own = new URL(`${contract.id}/`, folder);
  const names = readdirSync(own).filter((name) => name.endsWith(".html"));
  return names.map((file) => {
    const name = file.replace(".html", "");
    const expected = JSON.parse(readFileSync(new URL(`${name}.expected.json`, own), "utf8")) as Omit<Golden, "html">;
    return { ...expected, contract, name, html: readFileSync(new URL(file, own), "utf8") };
  });
}

function readingOf({ contract, html, url, page, observed_at }: Golden): Reading {
  const { document } = new JSDOM(html).window;
  return readPage(contract, { document, finalUrl: url, page, observedAt: new Date(observed_at) });
}

/** What of a reading would be taken over. */
function content(reading: Reading): unknown {
  if (reading.kind === "rows") return { store: reading.store, rows: reading.rows, more: reading.more };
  if (reading.kind === "record") return { store: reading.store, fields: reading.fields, lists: reading.lists };
  if (reading.kind === "answer") return { answer: reading.answer, refused: reading.refused };
  return reading.kind;
}

/** A page of which nothing is taken over. */
function isRefused(reading: Reading): boolean {
  return ["drift", "loading", "blocked"].includes(reading.kind);
}

/** Every field of a contract with the elements of one row, or of the record, that it is read from. */
function fieldPlaces(contract: PageContract, document: Document): { name: string; field: Field; places: Element[] }[] {
  const groups: { prefix: string; scope: Element | null | undefined; fields: Fields }[] = [];
  const row = (rules: RowRules) => document.querySelectorAll(rules.rows[0] ?? "").item(1) ?? document.querySelector(rules.rows[0] ?? "");
  if (contract.list !== undefined) groups.push({ prefix: "", scope: row(contract.list), fields: contract.list.fields });
  if (contract.record !== undefined) {
    const scope = document.querySelector(contract.record.scope?.[0] ?? "body");
    groups.push({ prefix: "", scope, fields: contract.record.fields });
    for (const [name, rules] of Object.entries(contract.record.lists)) {
      groups.push({ prefix: `${name}.`, scope: row(rules), fields: rules.fields });
    }
  }
  return groups.flatMap(({ prefix, scope, fields }) =>
    Object.entries(fields).map(([name, field]) => {
      const sources = [...field.sources, ...(field.parts ?? []).flatMap((part) => part.sources)];
      return { name: prefix + name, field, places: sources.flatMap((source) => (scope ? new Places().all(scope, source) : [])) };
    }),
  );
}

/** The words that bind the contract's fields to their cells: headings of columns, labels. */
function bindingWords(part: unknown): string[] {
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === "column" || key === "label" ? [value as string | string[]].flat() : bindingWords(value),
  );
}

/** The contract after somebody has edited its data: every heading and label has a new name beside its old one. */
function mended(contract: PageContract, renamed: (word: string) => string): PageContract {
  const text = JSON.stringify(contract, (key, value: unknown) =>
    key === "column" || key === "label" ? [value as string | string[]].flat().flatMap((word) => [word, renamed(word)]) : value,
  );
  return JSON.parse(text) as PageContract;
}

describe.each(CONTRACTS.filter(({ list, record }) => bindingWords({ list, record }).length > 0))("R28 $id", (contract) => {
  it("is mended for headings that nobody knew by editing data alone", () => {
    const normal = goldensOf(contract).find(({ name }) => name === "normal") ?? expect.fail();
    const renamed = (word: string) => `${word}（新）`;
    const words = new Set(bindingWords({ list: contract.list, record: contract.record }));
    const { document } = new JSDOM(normal.html).window;
    for (const element of document.querySelectorAll("*")) {
      const word = (element.textContent ?? "").trim();
      if (element.childElementCount === 0 && words.has(word)) element.textContent = renamed(word);
    }
    const html = document.documentElement.outerHTML;
    expect(isRefused(readingOf({ ...normal, html }))).toBe(true);
    expect(content(readingOf({ ...normal, html, contract: mended(contract, renamed) }))).toEqual(content(normal.reading));
  });
});

describe("R19 a list that this store has elsewhere", () => {
  const contract = CONTRACTS.find(({ id }) => id === "current_selling") ?? expect.fail();
  const normal = goldensOf(contract).find(({ name }) => name === "normal") ?? expect.fail();
  const elsewhere = { ...normal, url: "https://auctions.store.yahoo.co.jp/serinavi/items-on-sale?sort=end&page=1" };
  const at = (address: string) => readingOf({ ...elsewhere, contract: contractAt(contract, address) });

  it("is read there once its address is known, and refused before", () => {
    expect(readingOf(elsewhere).kind).toBe("drift");
    expect(at("https://auctions.store.yahoo.co.jp/serinavi/items-on-sale?sort=end")).toEqual(normal.reading);
  });

  it("is asked for page by page", () => {
    const url = (address: string) => pageUrl(contractAt(contract, address), "s", 3, null);
    expect(url("https://auctions.store.yahoo.co.jp/x")).toBe("https://auctions.store.yahoo.co.jp/x?page=3");
    expect(url("https://auctions.store.yahoo.co.jp/x?sort=end")).toBe("https://auctions.store.yahoo.co.jp/x?sort=end&page=3");
    expect(url("https://auctions.store.yahoo.co.jp/x/{page}/")).toBe("https://auctions.store.yahoo.co.jp/x/3/");
  });

  it("is never read on another host", () => {
    expect(contractAt(contract, "https://evil.example.com/serinavi/selling")).toBe(contract);
  });
});

describe.each(CONTRACTS)("R17 $id", (contract) => {
  const goldens = goldensOf(contract);

  it.each(goldens)("$name", (golden) => {
    expect(readingOf(golden)).toEqual(golden.reading);
  });

  it.each(goldens.filter(({ mutant_of }) => mutant_of !== undefined))("$name is never read wrong", (golden) => {
    const original = goldens.find(({ name }) => name === golden.mutant_of);
    const reading = readingOf(golden);
    if (!isRefused(reading)) expect(content(reading)).toEqual(content(original?.reading ?? reading));
    expect(original).toBeDefined();
  });

  const normal = goldens.find(({ name }) => name === "normal") ?? expect.fail(`${contract.id} has no normal page`);

  it("is read the same beside what nobody sees: places for messages, words that wait for their turn, scripts", () => {
    const { document } = new JSDOM(normal.html).window;
    const markers = [...(contract.list?.empty ?? []), ...(contract.form?.answers ?? []).flatMap((answer) => answer.markers)];
    const words = [...markers, ...(contract.trouble ?? [])].map(({ text, contains }) => text ?? contains ?? "").join(" ");
    const ids = markers.flatMap(({ selector }) => /#(\w+)/.exec(selector)?.[1] ?? []).filter((id) => document.getElementById(id) === null);
    const waiting = [...markers.map(({ text }) => `<p>${text ?? ""}</p>`), ...ids.map((id) => `<p id="${id}">${words}</p>`)].join("");
    (document.querySelector("main") ?? document.body).insertAdjacentHTML(
      "afterbegin",
      `<div role="alert"></div><div role="status"> </div><div style="display:none">${waiting}</div><p hidden>${words}</p><script>say("${words}")</script>`,
    );
    expect(readingOf({ ...normal, html: document.documentElement.outerHTML })).toEqual(normal.reading);
  });

  const fields = fieldPlaces(contract, new JSDOM(normal.html).window.document).map(({ name, field }) => ({ name, field }));

  it.each(fields)("a page that lost $name in one row is refused", ({ name, field }) => {
    const { document } = new JSDOM(normal.html).window;
    const { places } = fieldPlaces(contract, document).find((each) => each.name === name) ?? expect.fail();
    expect(places, "it stands somewhere").not.toEqual([]);
    for (const place of places) place.remove();
    const reading = readPage(contract, { document, finalUrl: normal.url, page: normal.page, observedAt: new Date(normal.observed_at) });
    const isNeeded = field.required || (field.min_found ?? 1) === 1;
    if (isNeeded) expect(reading.kind).toBe("drift");
    else expect(["drift", normal.reading.kind]).toContain(reading.kind);
  });

  it.each(fields.filter(({ field }) => field.required))("a page that lost the value of $name in one row is refused", ({ name }) => {
    const { document } = new JSDOM(normal.html).window;
    const { places } = fieldPlaces(contract, document).find((each) => each.name === name) ?? expect.fail();
    for (const place of places.filter((each) => each.isConnected)) {
      place.textContent = "";
      for (const attribute of [...place.attributes]) place.removeAttribute(attribute.name);
    }
    const reading = readPage(contract, { document, finalUrl: normal.url, page: normal.page, observedAt: new Date(normal.observed_at) });
    expect(reading.kind).toBe("drift");
  });

  it.each(goldens.filter(({ reading }) => PHASES.includes(contract.phase) && ["rows", "record"].includes(reading.kind)))("$name fits the API", (golden) => {
    const about = { seq: 1, phase: contract.phase, page: 1, contract: `${contract.id}@1`, last_page: true };
    const body = { ...about, unchanged: [], observed_at: golden.observed_at, ...apiRows(contract.phase as Phase, golden.reading) };
    expect(validators.page(body), JSON.stringify(validators.page.errors)).toBe(true);
  });

  it("has every case that a contract needs", () => {
    const names = goldens.map(({ name }) => name);
    const needed = ["normal", "login", "error", "personal", "other_store", "reshuffled", "mutant_class", "missing", "renamed"];
    const ofLists = contract.list?.page === undefined ? [] : ["empty", "full", "last"];
    const ofUploads = contract.form === undefined ? [] : ["accepted", "refused", "stale_token", "connection_error"];
    const ofScripts = contract.load === "tab" && contract.loading !== undefined ? ["loading", "failed_data"] : [];
    expect(names).toEqual(expect.arrayContaining([...needed, ...ofLists, ...ofUploads, ...ofScripts]));
  });
});
