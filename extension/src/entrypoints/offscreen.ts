import { CONTRACTS, contractAt } from "../core/contracts/catalog.ts";
import { contractName } from "../core/contracts/contract.ts";
import { readPage } from "../core/contracts/engine.ts";
import { serveParse } from "../platform/offscreen.ts";

serveParse(({ contract, address, html, finalUrl, page, observedAt }) => {
  const found = CONTRACTS.find((candidate) => contractName(candidate) === contract);
  if (found === undefined) throw new Error(`${contract}: no such contract`);
  const document = new DOMParser().parseFromString(html, "text/html");
  return readPage(contractAt(found, address), { document, finalUrl, page, observedAt: new Date(observedAt) });
});
