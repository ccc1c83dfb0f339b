// Bundled and run by tests/contracts/make_goldens.py: reads cases from standard input, prints what the engine reads.
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";
import { CONTRACTS } from "../../src/core/contracts/catalog.ts";
import { readPage } from "../../src/core/contracts/engine.ts";

interface Case {
  contract: string;
  html: string;
  url: string;
  page: number | null;
  observed_at: string;
}

const cases = JSON.parse(readFileSync(0, "utf8")) as Case[];
const readings = cases.map(({ contract: id, html, url, page, observed_at }) => {
  const contract = CONTRACTS.find((candidate) => candidate.id === id);
  if (contract === undefined) throw new Error(`${id}: no such contract`);
  const { document } = new JSDOM(html).window;
  return readPage(contract, { document, finalUrl: url, page, observedAt: new Date(observed_at) });
});
process.stdout.write(JSON.stringify(readings));
