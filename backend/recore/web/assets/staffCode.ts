// A form with a staff code asks for the code first: it is checked before any question and before anything is sent, so that
// a missing or wrong one is an error at its field and everything else stays as it was. The server checks it again.
import { post } from "./csrf.ts";
import type { Problem } from "./csrf.ts";

const known = new WeakMap<HTMLInputElement, string>();

export function installStaffCode(): void {
  document.addEventListener("submit", holdBack, true);
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.name === "staff_code") clear(event.target);
  });
}

function holdBack(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
  const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
  const field = form.elements.namedItem("staff_code");
  if (!(field instanceof HTMLInputElement) || field.type === "hidden" || button?.dataset["noStaffCode"] !== undefined) return;
  const code = field.value.trim();
  if (code !== "" && known.get(field) === code) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset["checking"] !== undefined) return;
  form.dataset["checking"] = "";
  void check(field, code).then((isKnown) => {
    delete form.dataset["checking"];
    if (!isKnown) return;
    known.set(field, code);
    form.requestSubmit(button);
  });
}

/** Whether the form may go on: where the check itself gets no answer, the server tells what is wrong. */
async function check(field: HTMLInputElement, code: string): Promise<boolean> {
  const body = new URLSearchParams({ staff_code: code, operation: field.dataset["operation"] ?? "" });
  const { problem } = await post("/staff/check", body);
  if (problem === null || ![401, 403].includes(problem.status) || problem.field !== "staff_code") return true;
  show(field, problem);
  return false;
}

function show(field: HTMLInputElement, problem: Problem): void {
  clear(field);
  const note = document.createElement("div");
  note.className = "invalid-feedback staff-problem";
  note.dataset["testid"] = "problem-staff_code";
  note.setAttribute("role", "alert");
  note.textContent = problem.message + problem.remedy;
  field.classList.add("is-invalid");
  field.setAttribute("aria-invalid", "true");
  field.after(note);
  field.focus();
  field.select();
}

function clear(field: HTMLInputElement): void {
  field.classList.remove("is-invalid");
  field.removeAttribute("aria-invalid");
  field.parentElement?.querySelectorAll(".staff-problem").forEach((note) => note.remove());
}
