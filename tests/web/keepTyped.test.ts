// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";

vi.mock("../../backend/recore/web/assets/toast.ts", () => ({ toast: vi.fn() }));
const { toast } = await import("../../backend/recore/web/assets/toast.ts");
const { installKeepTyped } = await import("../../backend/recore/web/assets/keepTyped.ts");

const FORM = `<form method="post" action="/buyin/1/lines"><input type="hidden" name="csrf_token" value="new">
  <input name="name"><input type="radio" name="route" value="A"><input type="radio" name="route" value="B"><textarea name="note"></textarea>
  <input name="buyout"><input type="checkbox" name="buyout" value="none"></form>`;
const TYPED = FORM.replace('name="name"', 'name="name" value="𠮷田の時計"').replace('value="B"', 'value="B" checked').replace('value="none"', 'value="none" checked').replace('<input name="buyout">', '<input name="buyout" disabled>');
const REFUSED = "<main data-unsent></main>";

/** The next page of this tab. */
function open(html: string): HTMLFormElement {
  document.body.innerHTML = html;
  installKeepTyped();
  return document.querySelector("form") as HTMLFormElement;
}

function send(form: HTMLFormElement): void {
  form.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
}

const typedIn = (form: HTMLFormElement) => Object.fromEntries(new FormData(form));

describe("R8: what was typed", () => {
  beforeEach(() => {
    sessionStorage.clear();
    vi.mocked(toast).mockClear();
  });

  it("stands in the form again after a login in between, and it is said that nothing was sent", () => {
    send(open(TYPED));
    open(REFUSED);
    expect(typedIn(open(FORM))).toEqual({ csrf_token: "new", name: "𠮷田の時計", route: "B", note: "", buyout: "none" });
    expect(document.querySelector<HTMLInputElement>("[name=buyout]")?.value).toBe("");
    expect(toast).toHaveBeenCalledOnce();
    expect(typedIn(open(FORM))["name"]).toBe(""); // once
  });

  it("waits on pages without that form, as the start page after a login", () => {
    send(open(TYPED));
    open(REFUSED);
    open("<p>ホーム</p>");
    expect(typedIn(open(FORM))["name"]).toBe("𠮷田の時計");
  });

  it("does not come back once it was sent", () => {
    send(open(TYPED));
    expect(typedIn(open(FORM))["name"]).toBe("");
    expect(toast).not.toHaveBeenCalled();
  });

  it.each([
    ["passwords", TYPED.replace("<textarea", '<input type="password" name="p" value="x"><textarea')],
    ["forms that say so", TYPED.replace("<form", "<form data-no-keep")],
  ])("is not kept of %s", (_, html) => {
    send(open(html));
    expect(sessionStorage.length).toBe(0);
  });
});
