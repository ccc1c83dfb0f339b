// Bundles the back office's own scripts, styles and fonts into backend/recore/web/static/dist/.
// `--watch` keeps rebuilding while one works on a page.
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const assets = join(root, "backend/recore/web/assets");
const outdir = join(root, "backend/recore/web/static/dist");

const options = {
  entryPoints: [join(assets, "app.ts"), join(assets, "app.css")],
  outdir,
  bundle: true,
  minify: true,
  sourcemap: "linked",
  format: "iife",
  target: ["es2022"],
  // Fonts keep one stable name: the page's Content-Security-Policy allows them from 'self' only.
  loader: { ".woff2": "file", ".woff": "file", ".svg": "file", ".png": "file" },
  assetNames: "fonts/[name]",
  legalComments: "linked",
  logLevel: "info",
};

rmSync(outdir, { recursive: true, force: true });
if (process.argv.includes("--watch")) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  await esbuild.build(options);
}
