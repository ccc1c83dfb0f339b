import { JSDOM } from "jsdom";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ERROR_CODES } from "../../src/core/errors.ts";
import { errorLine } from "../../src/ui/errorLine.ts";
import ja from "../../public/_locales/ja/messages.json";

beforeEach(() => {
  vi.stubGlobal("document", new JSDOM("").window.document);
  const text = (key: keyof typeof ja, parts: string[]): string => ja[key].message.replace(/\$(\d)/g, (_, at: string) => parts[Number(at) - 1] ?? "");
  vi.stubGlobal("chrome", { i18n: { getMessage: text } });
});

const shown = (report: Parameters<typeof errorLine>[0]): HTMLElement => errorLine(report, { login: () => undefined, retry: () => undefined }, "本店（store-1）");

describe("R14 what a clerk reads of an error", () => {
  it.each(ERROR_CODES)("%s is said in Japanese, without what is for whoever mends it", (code) => {
    const detail = code === "BACKEND_REJECTED" ? "" : "TypeError: it cannot be clicked";
    const isOurs = ["NOTHING_TO_DO", "FILE_FAILED", "PARTLY_LISTED"].includes(code); // of these the back office tells the details
    const line = shown({ code, detail: isOurs ? "" : detail, remedy: null, subject: null });
    const text = `${line.textContent ?? ""}${line.getAttribute("title") ?? ""}`;
    expect(text).toMatch(/[ぁ-んァ-ヶ一-龠]/);
    expect(text).not.toMatch(/TypeError|undefined|\$\d/);
  });

  it("an answer of another version says what to do about it", () => {
    const line = shown({ code: "BACKEND_REJECTED", detail: "/context: /accounts must be array", remedy: null, subject: "version" });
    expect(line.textContent).toContain("拡張機能を最新の版に");
    expect(line.textContent).not.toContain("must be");
  });
});
