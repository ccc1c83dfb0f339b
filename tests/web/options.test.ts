// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from "vitest";
import { installOptions } from "../../backend/recore/web/assets/options.ts";

const PAGE = `<input id="asin" name="asin">
  <div><input id="q" type="search" value="時計" data-category-search aria-controls="hits"><button type="button" data-asks>探す</button></div>
  <div id="hits" data-fill="asin"></div>`;
const HITS = `<div role="listbox"><div role="option" data-value="B000000001">時計</div><div role="option" data-value="B000000002">置時計</div></div>`;

const one = <T extends HTMLElement>(selector: string) => document.querySelector(selector) as T;
const press = (key: string) => document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

/** The server's answer, as htmx puts it into the page. */
function answer(): void {
  one("#hits").innerHTML = HITS;
  one("#hits").dispatchEvent(new CustomEvent("htmx:afterSwap", { bubbles: true }));
}

describe("R11: a product searched for by a button", () => {
  Element.prototype.scrollIntoView = () => undefined;
  installOptions();
  beforeEach(() => {
    document.body.innerHTML = PAGE;
  });

  it("is found: the options stay, though the button was pressed, and one is chosen by keyboard", () => {
    one("button").focus();
    one("button").click();
    answer();
    expect(document.querySelectorAll("[role=option]")).toHaveLength(2);
    for (const key of ["ArrowDown", "ArrowDown", "Enter"]) press(key);
    expect(one<HTMLInputElement>("#asin").value).toBe("B000000002");
  });

  it("is asked for with Enter too, and never taken unseen", () => {
    let asked = 0;
    one("button").addEventListener("click", () => (asked += 1));
    one("#q").focus();
    press("Enter");
    answer();
    press("Enter");
    expect([asked, one<HTMLInputElement>("#asin").value]).toEqual([2, ""]);
  });
});
