// data-confirm="…" on a form or a button asks before anything is sent; htmx's hx-confirm uses the same dialog.
import { Modal } from "bootstrap";

const agreed = new WeakSet<HTMLFormElement>();

export function installConfirm(): void {
  document.addEventListener("submit", holdBack, true);
  document.addEventListener("htmx:confirm", (event) => {
    const detail = (event as CustomEvent<{ question: string | null; issueRequest: (skip: boolean) => void }>).detail;
    if (!detail.question) return;
    event.preventDefault();
    void ask(detail.question).then((yes) => yes && detail.issueRequest(true));
  });
}

function holdBack(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (agreed.delete(form)) return;
  const submitter = event.submitter;
  const question = submitter?.dataset["confirm"] ?? form.dataset["confirm"];
  if (!question) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  void ask(filled(question, form), submitter?.textContent?.trim()).then((yes) => {
    if (!yes) return;
    agreed.add(form);
    form.requestSubmit(submitter);
  });
}

/** `{selected}` is how many rows are ticked, `{name}` what the field of that name shows. */
function filled(question: string, form: HTMLFormElement): string {
  return question.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    if (name === "selected") return String(form.querySelectorAll("input[data-select]:checked").length);
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLSelectElement) return field.selectedOptions[0]?.text ?? whole;
    return field instanceof HTMLInputElement ? field.value : whole;
  });
}

/** Whether the person agreed. Closing the dialog in any way means no. */
export function ask(question: string, verb = "はい"): Promise<boolean> {
  const box = document.createElement("div");
  box.className = "modal fade";
  box.tabIndex = -1;
  box.dataset["testid"] = "confirm-dialog";
  box.setAttribute("aria-labelledby", "confirm-question");
  box.innerHTML = `<div class="modal-dialog modal-dialog-centered"><div class="modal-content">
    <div class="modal-body py-4"><p class="mb-0 fs-6" id="confirm-question"></p></div>
    <div class="modal-footer"><button type="button" class="btn btn-outline-secondary" data-testid="confirm-no">やめる</button>
    <button type="button" class="btn btn-primary" data-testid="confirm-yes"></button></div></div></div>`;
  const text = box.querySelector("p") as HTMLElement;
  const yes = box.querySelector("[data-testid=confirm-yes]") as HTMLElement;
  const no = box.querySelector("[data-testid=confirm-no]") as HTMLElement;
  text.textContent = question;
  yes.textContent = verb || "はい";
  document.body.append(box);
  const dialog = Modal.getOrCreateInstance(box);
  return new Promise((resolve) => {
    let answer: boolean | null = null;
    const take = (given: boolean) => {
      answer = given;
      dialog.hide();
    };
    yes.addEventListener("click", () => take(true));
    no.addEventListener("click", () => take(false));
    box.addEventListener("shown.bs.modal", () => {
      if (answer === null) yes.focus();
      else dialog.hide(); // answered while it faded in: Bootstrap hides nothing that still moves
    });
    box.addEventListener("hidden.bs.modal", () => {
      dialog.dispose();
      box.remove();
      resolve(answer === true);
    });
    dialog.show();
  });
}
