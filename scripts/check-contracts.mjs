// Every page contract obeys shared_schemas/page_contracts/page_contract.schema.json.
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), "shared_schemas/page_contracts");

function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Throws an error that names the file and what is wrong in it. */
export function assertContractsAreValid() {
  const validate = new Ajv2020({ allErrors: true, strictRequired: false }).compile(
    readJson(join(folder, "page_contract.schema.json")),
  );
  for (const site of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    for (const name of readdirSync(join(folder, site.name))) {
      const contract = readJson(join(folder, site.name, name));
      if (!validate(contract)) {
        const faults = validate.errors.map(({ instancePath, message }) => `${instancePath} ${message}`);
        throw new Error(`${site.name}/${name}: ${faults.join("; ")}`);
      }
      if (name !== `${contract.id}.v${contract.version}.json`) throw new Error(`${site.name}/${name}: other id inside`);
    }
  }
}
