// Bundled by tests/contracts/test_goldens_in_chromium.py and run in a blank page: the engine with the browser's parser.
import { CONTRACTS } from "../../src/core/contracts/catalog.ts";
import { readPage } from "../../src/core/contracts/engine.ts";
import type { Reading } from "../../src/core/contracts/contract.ts";

export function read(id: string, html: string, url: string, page: number | null, observedAt: string): Reading {
  const contract = CONTRACTS.find((candidate) => candidate.id === id);
  if (contract === undefined) throw new Error(`${id}: no such contract`);
  const document = new DOMParser().parseFromString(html, "text/html");
  return readPage(contract, { document, finalUrl: url, page, observedAt: new Date(observedAt) });
}
