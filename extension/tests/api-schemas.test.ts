// The same instances are judged by tests/contracts/test_api_schemas.py.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as validators from "../src/generated/validators.js";

interface Instances {
  schema: string;
  valid: { name: string; body: unknown }[];
  invalid: { name: string; body: unknown }[];
}

const folder = new URL("../../tests/contracts/api_instances/", import.meta.url);
const groups = readdirSync(folder).map(
  (name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Instances,
);

function validatorFor(schema: string): (body: unknown) => boolean {
  const name = schema.replace(".schema.json", "").replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return (validators as unknown as Record<string, (body: unknown) => boolean>)[name] ?? expect.fail(name);
}

describe.each(groups)("$schema", ({ schema, valid, invalid }) => {
  it.each(valid)("accepts $name", ({ body }) => {
    expect(validatorFor(schema)(body)).toBe(true);
  });
  it.each(invalid)("refuses $name", ({ body }) => {
    expect(validatorFor(schema)(body)).toBe(false);
  });
});
