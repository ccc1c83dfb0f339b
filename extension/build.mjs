// Builds the extension.
//   --sandbox=http://yahoo.localhost:8100  reads the pretend marketplace there instead of the real one
//   --out=DIR                              default: extension/dist, or extension/dist-sandbox
//   --kill-points                          tests stop the worker before any outside call (platform/killPoints.ts)
//   --store                                without the key, and zipped into extension/package/
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as esbuild from "esbuild";
import { zipSync } from "fflate";
import { assertContractsAreValid } from "../scripts/check-contracts.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const readJson = (...parts) => JSON.parse(readFileSync(join(root, ...parts), "utf8"));

const { values: flags } = parseArgs({
  options: {
    sandbox: { type: "string" },
    out: { type: "string" },
    "kill-points": { type: "boolean", default: false },
    store: { type: "boolean", default: false },
  },
});
if (flags.store && (flags.sandbox || flags["kill-points"])) throw new Error("the store's package is nobody's test");

/** {"https://auctions.yahoo.co.jp": "http://auctions.yahoo.localhost:8100", …}; empty without --sandbox. */
function sandboxOrigins() {
  if (!flags.sandbox) return {};
  const sandbox = new URL(flags.sandbox);
  if (sandbox.hostname !== "localhost" && !sandbox.hostname.endsWith(".localhost")) {
    throw new Error(`a sandbox is on this machine: ${flags.sandbox}`);
  }
  const { domain, origins } = readJson("shared_schemas/page_contracts/hosts.json").yahoo_auction;
  return Object.fromEntries(
    origins.map((origin) => {
      const { hostname } = new URL(origin);
      return [origin, `${sandbox.protocol}//${hostname.replace(domain, sandbox.host)}`];
    }),
  );
}

function marketplaceHosts(sandbox) {
  const { origins } = readJson("shared_schemas/page_contracts/hosts.json").yahoo_auction;
  // A match pattern names no port: it stands for all of them.
  const local = Object.values(sandbox).map((origin) => `http://${new URL(origin).hostname}/*`);
  return [...origins.map((origin) => `${origin}/*`), ...local];
}

async function manifestOf(context) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(here, "manifest.ts")],
    format: "esm",
    write: false,
  });
  const source = Buffer.from(outputFiles[0].contents).toString("base64");
  const { manifest } = await import(`data:text/javascript;base64,${source}`);
  return manifest(context);
}

function zipFolder(folder, target) {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = names.map((entry) => join(entry.parentPath, entry.name)).sort();
  // A fixed time keeps the same source giving the same bytes.
  const members = files.map((path) => [relative(folder, path), [readFileSync(path), { mtime: "2020-01-01T00:00:00" }]]);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, zipSync(Object.fromEntries(members)));
}

assertContractsAreValid();
const sandbox = sandboxOrigins();
const name = flags.sandbox ? "dist-sandbox" : flags.store ? "dist-store" : "dist";
const outdir = flags.out ? resolve(flags.out) : join(here, name);
const entrypoints = join(here, "src/entrypoints");
const { version } = readJson("package.json");

rmSync(outdir, { recursive: true, force: true });
cpSync(join(here, "public"), outdir, { recursive: true });
for (const page of ["popup.html", "options.html", "offscreen.html", "handover.html"]) {
  cpSync(join(entrypoints, page), join(outdir, page));
}
await esbuild.build({
  entryPoints: ["background.ts", "offscreen.ts", "handover.ts", "popup.ts", "options.ts", "popup.css", "options.css"].map((file) =>
    join(entrypoints, file),
  ),
  outdir,
  bundle: true,
  format: "esm",
  target: ["chrome120"],
  charset: "utf8",
  minifySyntax: true,
  minifyWhitespace: flags.store,
  legalComments: "none",
  define: { SANDBOX_ORIGINS: JSON.stringify(sandbox), KILL_POINTS: JSON.stringify(flags["kill-points"]) },
  logLevel: "warning",
});
const manifest = await manifestOf({
  version,
  key: flags.store ? null : readJson("shared_schemas/extension.json").key,
  marketplaceHosts: marketplaceHosts(sandbox),
});
writeFileSync(join(outdir, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
if (flags.store) zipFolder(outdir, join(here, `package/recore-extension-${version}.zip`));
console.log(`extension ${version} in ${relative(process.cwd(), outdir) || "."}`);
