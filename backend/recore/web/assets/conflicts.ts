// Fields that two people changed at the same time: both values stand at the field until somebody chooses. What is typed here
// stays in the field meanwhile.
import { fieldOf, inWords, show } from "./formFields.ts";
import { valuesOf } from "./merge.ts";

export class Conflicts {
  readonly theirs = new Map<string, string[]>();

  /** `decided(name)`: the field now holds what shall be saved. */
  constructor(
    private readonly form: HTMLFormElement,
    private readonly decided: (name: string) => void,
  ) {}

  get areOpen(): boolean {
    return this.theirs.size > 0;
  }

  get names(): string[] {
    return [...this.theirs.keys()];
  }

  focus(): void {
    const first = this.form.querySelector<HTMLElement>(".field-conflict button");
    first?.closest("details")?.setAttribute("open", "");
    first?.scrollIntoView({ block: "center" });
    first?.focus();
  }

  /** Ask for this field; again with their newer value where it is asked for already. */
  open(name: string, theirs: string[], by: string, at: string): void {
    this.theirs.set(name, theirs);
    this.box(name)?.remove();
    const block = fieldOf(this.form, name);
    const mine = valuesOf(new FormData(this.form))[name] ?? [];
    const box = document.createElement("div");
    box.className = "field-conflict";
    box.role = "alert";
    box.dataset["testid"] = `conflict-${name}`;
    box.append(
      row(`${by}（${at}）の入力`, inWords(this.form, name, theirs), this.button("相手の入力にする", `take-theirs-${name}`, () => this.close(name, true))),
      row("あなたの入力", inWords(this.form, name, mine), this.button("自分の入力にする", `keep-mine-${name}`, () => this.close(name, false))),
    );
    block?.closest("details")?.setAttribute("open", "");
    block?.append(box);
  }

  /** Both have the same value by now. */
  drop(name: string): void {
    this.theirs.delete(name);
    this.box(name)?.remove();
  }

  private close(name: string, takeTheirs: boolean): void {
    const theirs = this.theirs.get(name) ?? [];
    this.drop(name);
    if (takeTheirs) show(this.form, name, theirs);
    this.decided(name);
    fieldOf(this.form, name)?.querySelector<HTMLElement>("input, select, textarea")?.focus();
  }

  private box(name: string): Element | null | undefined {
    return fieldOf(this.form, name)?.querySelector(".field-conflict");
  }

  private button(text: string, testid: string, act: () => void): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-outline-primary text-nowrap";
    button.textContent = text;
    button.dataset["testid"] = testid;
    button.addEventListener("click", act);
    return button;
  }
}

function row(who: string, value: string, button: HTMLElement): HTMLElement {
  const line = document.createElement("div");
  line.className = "conflict-line";
  const name = document.createElement("span");
  name.className = "small fw-bold";
  name.textContent = who;
  const text = document.createElement("span");
  text.className = "conflict-value";
  text.textContent = value;
  line.append(name, text, button);
  return line;
}
