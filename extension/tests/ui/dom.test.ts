import { JSDOM } from "jsdom";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { h, show } from "../../src/ui/dom.ts";

let root: HTMLElement;
let pressed: string[];

beforeEach(() => {
  const { document } = new JSDOM("<main></main>").window;
  vi.stubGlobal("document", document);
  root = document.querySelector("main") ?? expect.fail();
  pressed = [];
});

const button = (testid: string, text: string, act = testid, disabled = false): HTMLElement =>
  h("button", { testid, disabled, onclick: () => pressed.push(act) }, text);
const find = (testid: string): HTMLElement => root.querySelector(`[data-testid=${testid}]`) ?? expect.fail(testid);
/** As a browser does: a click goes to the element on which the button went down and up again. */
function upAfter(down: HTMLElement): void {
  if (down.isConnected) down.click();
}

describe("R14 a popup that is drawn anew under a pressed mouse button", () => {
  it("does not lose the click", () => {
    show(root, h("p", {}, "1件"), button("sync", "同期開始"));
    const down = find("sync");
    show(root, h("p", {}, "2件"), h("small", {}, "終わりました"), button("sync", "同期開始"), h("progress", { value: 3 }));
    upAfter(down);
    expect(pressed).toEqual(["sync"]);
    expect(root.innerHTML).toBe(h("main", {}, h("p", {}, "2件"), h("small", {}, "終わりました"), button("sync", "同期開始"), h("progress", { value: 3 })).innerHTML);
  });

  it("does what the button says now, once", () => {
    show(root, button("error-action", "もう一度", "first"));
    const down = find("error-action");
    for (const act of ["second", "third"]) show(root, button("error-action", "もう一度", act));
    upAfter(down);
    expect(pressed).toEqual(["third"]);
  });

  it("never presses another button that has come to stand there", () => {
    show(root, button("error-action", "ログインする", "login"));
    const down = find("error-action");
    show(root, button("error-action", "もう一度", "retry"));
    upAfter(down);
    expect(pressed).toEqual([]);
    find("error-action").click();
    expect(pressed).toEqual(["retry"]);
  });

  it("does nothing by a button that has nothing to do any more", () => {
    show(root, h("div", { testid: "a", onclick: () => pressed.push("old") }));
    const down = find("a");
    show(root, h("div", { testid: "a" }));
    upAfter(down);
    expect(pressed).toEqual([]);
  });

  it("keeps the focus, and a list open that the reader opened", () => {
    const list = (count: number) => h("details", { testid: "items" }, h("summary", {}, `${count}件`), h("ul", {}, h("li", {}, "a")));
    show(root, button("go", "はい"), list(1));
    find("go").focus();
    (find("items") as HTMLDetailsElement).open = true;
    show(root, button("go", "はい", "go", true), list(2));
    show(root, button("go", "はい"), list(2));
    expect(document.activeElement).toBe(find("go"));
    expect(find("items").outerHTML).toContain("2件");
    expect((find("items") as HTMLDetailsElement).open).toBe(true);
    expect(find("go").hasAttribute("disabled")).toBe(false);
  });

  it("opens a list that is to be open, once: it stays closed when its reader closes it", () => {
    const list = (open: boolean) => h("details", { testid: "items", open }, h("summary", {}, "1件"));
    const isOpen = () => (find("items") as HTMLDetailsElement).open;
    show(root, list(false));
    show(root, list(true));
    expect(isOpen()).toBe(true);
    (find("items") as HTMLDetailsElement).open = false;
    show(root, list(true));
    expect(isOpen()).toBe(false);
  });

  it.each([
    [["a", "b", "c"], ["c"]],
    [["a"], ["b", "a", "c"]],
    [["a", "b"], ["b", "a"]],
    [[], ["a"]],
    [["a", "b"], []],
  ])("shows %j and then %j, in order", (before, after) => {
    show(root, ...before.map((id) => button(id, id)));
    show(root, ...after.map((id) => button(id, id)), "words");
    expect([...root.children].map((child) => child.textContent)).toEqual(after);
    expect(root.lastChild?.nodeValue).toBe("words");
  });
});
