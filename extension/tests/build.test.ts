import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const work = mkdtempSync(join(tmpdir(), "recore-ext-"));
const published = JSON.parse(readFileSync(join(root, "shared_schemas/extension.json"), "utf8")) as {
  id: string;
  key: string;
};

afterAll(() => rmSync(work, { recursive: true }));

function build(name: string, ...flags: string[]): { manifest: chrome.runtime.ManifestV3; code: string } {
  const out = join(work, name);
  execFileSync(process.execPath, [join(root, "extension/build.mjs"), `--out=${out}`, ...flags], { stdio: "pipe" });
  const scripts = readdirSync(out).filter((file) => file.endsWith(".js"));
  const code = scripts.map((file) => readFileSync(join(out, file), "utf8")).join("\n");
  return { manifest: JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")), code };
}

function idOf(key: string): string {
  const digest = createHash("sha256").update(Buffer.from(key, "base64")).digest("hex").slice(0, 32);
  return [...digest].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16))).join("");
}

describe("R13 the built extension", () => {
  it("has the published id on every checkout", () => {
    const { manifest } = build("plain");
    expect(manifest.key).toBe(published.key);
    expect(idOf(published.key)).toBe(published.id);
  });

  it("may read Yahoo's pages only, and asks for a tenant when one is set", () => {
    const { manifest } = build("plain");
    expect(manifest.host_permissions).toEqual([
      "https://auctions.yahoo.co.jp/*",
      "https://onavi.auctions.yahoo.co.jp/*",
      "https://auctions.store.yahoo.co.jp/*",
      "https://pro.store.yahoo.co.jp/*",
      "https://login.yahoo.co.jp/*",
      "https://login.bizmanager.yahoo.co.jp/*",
    ]);
    expect(manifest.permissions).toEqual(["alarms", "downloads", "offscreen", "scripting", "storage"]);
    expect(manifest.optional_host_permissions).toEqual(["https://*/*", "http://localhost/*", "http://*.localhost/*"]);
    expect(manifest.content_scripts).toBeUndefined();
  });

  it("knows the sandbox at its port in a sandbox build", () => {
    const { manifest, code } = build("sandbox", "--sandbox=http://yahoo.localhost:9123");
    expect(manifest.host_permissions).toContain("http://onavi.auctions.yahoo.localhost/*");
    expect(code).toContain("http://onavi.auctions.yahoo.localhost:9123");
  });

  it("has neither key nor sandbox in the store's package", () => {
    const { manifest, code } = build("store", "--store");
    expect(manifest.key).toBeUndefined();
    expect(code).not.toContain("yahoo.localhost");
    expect(JSON.stringify(manifest)).not.toContain("yahoo.localhost");
  });

  it("evaluates no text as code", () => {
    const { code } = build("plain");
    expect(code).not.toMatch(/\beval\(|new Function\(|\.innerHTML\s*=[^=]|insertAdjacentHTML|document\.write/);
  });

  it("refuses a sandbox that is not on this machine, and one for the store", () => {
    expect(() => build("bad", "--sandbox=http://yahoo.example.com")).toThrow();
    expect(() => build("bad", "--store", "--sandbox=http://yahoo.localhost:8100")).toThrow();
  });
});
