// @vitest-environment jsdom
import { Modal } from "bootstrap";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ask } from "../../backend/recore/web/assets/confirm.ts";

const one = (name: string) => document.querySelector(`[data-testid=confirm-${name}]`) as HTMLElement;

describe("a question before something is sent", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    document.body.innerHTML = "";
  });

  it.each(["yes", "no"])("hears %s that comes while it still fades in", async (word) => {
    // Bootstrap's own rule: what moves is not hidden.
    let isMoving = true;
    const emit = (name: string) => one("dialog").dispatchEvent(new Event(`${name}.bs.modal`));
    vi.spyOn(Modal.prototype, "show").mockImplementation(() => undefined);
    vi.spyOn(Modal.prototype, "dispose").mockImplementation(() => undefined);
    vi.spyOn(Modal.prototype, "hide").mockImplementation(() => {
      if (!isMoving) emit("hidden");
    });
    const answer = ask("本当に？");
    one(word).click();
    isMoving = false;
    emit("shown");
    expect(await answer).toBe(word === "yes");
  });
});
