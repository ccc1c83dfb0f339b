// tests/contracts/golden/<contract>/<case>.html + .expected.json; the same cases run in Chromium
// (tests/contracts/test_goldens_in_chromium.py).
import { readdirSync, readFileSync } from "node:fs";
import { JSDOM } from "jsdom";
import { describe, expect, it } from "vitest";
import { CONTRACTS } from "../src/core/contracts/catalog.ts";
import type { PageContract, Phase, Reading } from "../src/core/contracts/contract.ts";
import { readPage } from "../src/core/contracts/engine.ts";
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
  return reading.kind;
}

describe.each(CONTRACTS)("R17 $id", (contract) => {
  const goldens = goldensOf(contract);

  it.each(goldens)("$name", (golden) => {
    expect(readingOf(golden)).toEqual(golden.reading);
  });

  it.each(goldens.filter(({ mutant_of }) => mutant_of !== undefined))("$name is never read wrong", (golden) => {
    const original = goldens.find(({ name }) => name === golden.mutant_of);
    const reading = readingOf(golden);
    if (reading.kind !== "drift") expect(content(reading)).toEqual(content(original?.reading ?? reading));
    expect(original).toBeDefined();
  });

  it.each(goldens.filter(({ reading }) => ["rows", "record"].includes(reading.kind)))("$name fits the API", (golden) => {
    const about = { seq: 1, phase: contract.phase, page: 1, contract: `${contract.id}@1`, last_page: true };
    const body = { ...about, unchanged: [], observed_at: golden.observed_at, ...apiRows(contract.phase as Phase, golden.reading) };
    expect(validators.page(body), JSON.stringify(validators.page.errors)).toBe(true);
  });

  it("has every case that a contract needs", () => {
    const names = goldens.map(({ name }) => name);
    const needed = ["normal", "login", "error", "personal", "other_store", "reshuffled", "mutant_class", "mutant_missing"];
    const ofLists = contract.list === undefined ? [] : ["empty", "last", "mutant_columns"];
    expect(names).toEqual(expect.arrayContaining([...needed, ...ofLists]));
  });
});
