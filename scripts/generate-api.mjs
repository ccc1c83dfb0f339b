// Writes extension/src/generated/ from shared_schemas/api/: TypeScript types and validators without eval
// (the extension's Content-Security-Policy forbids it). `--check` writes nothing and fails when the
// committed files are not what the schemas give.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import { compile } from "json-schema-to-typescript";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const apiFolder = join(root, "shared_schemas/api");
const outFolder = join(root, "extension/src/generated");
const banner = "// Made by `npm run generate` from shared_schemas/api/. Do not edit.\n";

function readSchema(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Every API schema, by its $id ("page.schema.json"). */
function apiSchemas() {
  const names = readdirSync(apiFolder).filter((name) => name.endsWith(".schema.json"));
  return names.sort().map((name) => readSchema(join(apiFolder, name)));
}

/** "page_answer.schema.json" -> "pageAnswer" */
function validatorName(id) {
  return id.replace(".schema.json", "").replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
}

async function typesOf(schemas, cwd) {
  const properties = Object.fromEntries(
    schemas.map((schema) => [validatorName(schema.$id), { $ref: schema.$id }]),
  );
  const all = { title: "Bodies", type: "object", additionalProperties: false, properties };
  return compile(all, "Bodies", {
    cwd,
    bannerComment: banner,
    additionalProperties: false,
    // A tuple type for each possible length of an array would be hundreds of lines of noise.
    ignoreMinAndMaxItems: true,
    style: { printWidth: 110 },
  });
}

function validatorsOf(schemas) {
  const ajv = new Ajv2020({
    schemas,
    code: { source: true, esm: true, lines: true },
    allowUnionTypes: true,
    inlineRefs: false,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    unicodeRegExp: true,
  });
  const exported = Object.fromEntries(schemas.map((schema) => [validatorName(schema.$id), schema.$id]));
  const code = standalone.default(ajv, exported);
  // Ajv writes `require` for its string-length helper even into ES modules. A length is in code points.
  const helper = /require\("(ajv\/dist\/runtime\/ucs2length)"\)\.default/g;
  const module = code.replace('"use strict";', "").replace(helper, "codePoints");
  if (module.includes("require(")) throw new Error("a validator needs a helper that is not known here");
  return `${banner}const codePoints = (text) => Array.from(text).length;\n${module}\n`;
}

function validatorTypes(schemas) {
  const lines = schemas.map(({ $id, title }) => `export const ${validatorName($id)}: Validate<Bodies.${title}>;`);
  return [
    banner.trimEnd(),
    'import type * as Bodies from "./api.ts";',
    "export interface Validate<T> {",
    "  (body: unknown): body is T;",
    "  errors?: { instancePath: string; message?: string }[] | null;",
    "}",
    ...lines,
    "",
  ].join("\n");
}

async function generated() {
  const api = apiSchemas();
  return {
    "api.ts": await typesOf(api, apiFolder),
    "validators.js": validatorsOf(api),
    "validators.d.ts": validatorTypes(api),
  };
}

function stale(files) {
  return Object.entries(files).filter(([name, text]) => {
    try {
      return readFileSync(join(outFolder, name), "utf8") !== text;
    } catch {
      return true;
    }
  });
}

const files = await generated();
if (process.argv.includes("--check")) {
  const names = stale(files).map(([name]) => name);
  if (names.length > 0) {
    console.error(`extension/src/generated: not current: ${names.join(", ")} (run: npm run generate)`);
    process.exit(1);
  }
} else {
  mkdirSync(outFolder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(outFolder, name), text);
}
