import type { Backend } from "../api/backend.ts";
import { retryDelayMs } from "../core/backoff.ts";
import { AppError, asAppError, type ErrorReport } from "../core/errors.ts";
import type { CommandsJob } from "../core/state.ts";
import type { Account, Command, CommandOutcomeRequest, CommandSeen } from "../generated/api.ts";
import { lastLook, look, readied } from "./commandPages.ts";
import { pairedBackend } from "./paired.ts";
import type { Ports } from "./ports.ts";
import { contractOf, siteAnswer, toolOf } from "./storeTool.ts";

const PATIENCE = { withinMs: 60_000, strangeForMs: 10_000 };
const MAX_TRIES = 3;
const MAX_PER_VISIT = 200;
/** None of the others could be done either. */
const ENDS_THE_VISIT = ["LOGIN_REQUIRED", "WRONG_ACCOUNT", "NOT_STORE", "PERMISSION_MISSING", "MAINTENANCE"];

/**
 * Does what the back office asks for on this store's pages, from wherever the last worker left it. Never throws: what went
 * wrong is kept for the popup, and a sync goes on all the same.
 */
export async function runCommands(ports: Ports, account: Account): Promise<void> {
  const { commands } = await ports.store.read();
  if (commands?.accountId !== account.id) {
    if ((account.commands_waiting ?? 0) === 0) return;
    await ports.store.update(() => ({ commands: newJob(account, ports.clock.uuid()) }));
  }
  for (;;) {
    const { commands: job } = await ports.store.read();
    if (job === null) return;
    try {
      const next = await stepped(ports, await pairedBackend(ports), job);
      if (next === null) return await finish(ports, job, job.error);
      await keep(ports, { ...next, failures: 0 });
    } catch (thrown) {
      if (!(await goesOnAfter(ports, job, asAppError(thrown)))) return;
    }
  }
}

function newJob({ id, name }: Account, key: string): CommandsJob {
  const counts = { handled: 0, shipped: 0, ended: 0, refused: 0, failures: 0 };
  return { accountId: id, accountName: name, key, step: "claiming", command: null, nonce: "", answer: null, ...counts, error: null };
}

async function keep(ports: Ports, job: CommandsJob): Promise<void> {
  await ports.store.update(({ commands }) => (commands?.key === job.key ? { commands: job } : {}));
}

async function finish(ports: Ports, job: CommandsJob, error: ErrorReport | null): Promise<void> {
  const { shipped, ended, refused } = job;
  const result = { shipped, ended, refused, error, at: new Date(ports.clock.now()).toISOString() };
  await ports.store.update(({ commands, commandResults }) =>
    commands?.key === job.key ? { commands: null, commandResults: { ...commandResults, [job.accountId]: result } } : {},
  );
}

/** The job after one step, or null when nothing is left to do. */
async function stepped(ports: Ports, backend: Backend, job: CommandsJob): Promise<CommandsJob | null> {
  if (job.step === "claiming" || job.command === null) return claimed(ports, backend, job);
  switch (job.step) {
    case "doing":
      return clicked(ports, backend, job, job.command);
    case "sent":
      return answered(ports, job, job.command);
    case "concluding":
      return concluded(backend, job, job.command);
    case "reading_back":
      return over(job, await backend.noteSeen(job.command.id, await look(ports, await toolOf(ports, job), job.command)));
  }
}

async function claimed(ports: Ports, backend: Backend, job: CommandsJob): Promise<CommandsJob | null> {
  if (job.handled >= MAX_PER_VISIT) return null;
  const command = await backend.claimCommand(job.accountId);
  if (command === null) return null;
  // What was sent before is never clicked again before somebody has looked.
  const step = command.state === "sending" ? "reading_back" : "doing";
  return { ...job, command, step, nonce: ports.clock.uuid(), answer: null, handled: job.handled + 1 };
}

/** Everything up to the one click. A kill on the way begins it anew: nothing was clicked. */
async function clicked(ports: Ports, backend: Backend, job: CommandsJob, command: Command): Promise<CommandsJob> {
  const tool = await toolOf(ports, job);
  const ready = await readied(ports, tool, command);
  if (ready.click === null) return over(job, await backend.noteSeen(command.id, ready.seen));
  const told = await backend.sendCommand(command.id, job.nonce, ready.seen);
  if (told.state !== "sending") return over(job, told);
  const stop = await lastWord(ports, job, command);
  if (stop !== null && "kind" in stop) return { ...job, answer: stop, step: "concluding" };
  if (stop !== null) return over(job, await backend.noteSeen(command.id, stop));
  // From here on it may have happened, whatever becomes of this worker.
  const sent: CommandsJob = { ...job, step: "sent" };
  await keep(ports, sent);
  const { commands } = await ports.store.read();
  if (commands?.key !== job.key || commands.step !== "sent") throw new AppError("INTERNAL", "it was forgotten");
  // A page that goes away under the click says nothing about it: only a certain "no" is one.
  const isCertainlyNot = (await ports.tab.click(ready.click)) === false;
  return isCertainlyNot ? { ...sent, answer: { kind: "not_taken", message: "" }, step: "concluding" } : sent;
}

/** Why there is to be no click after all: a bid that came just now, or a page that cannot say that there is none; of that the
 * back office has the words by its code. */
async function lastWord(ports: Ports, job: CommandsJob, command: Command): Promise<CommandSeen | CommandOutcomeRequest | null> {
  try {
    return await lastLook(ports, await toolOf(ports, job), command);
  } catch (thrown) {
    return { kind: "not_taken", message: asAppError(thrown).code };
  }
}

/** What the site says. No answer is an answer too: only its pages can tell then. */
async function answered(ports: Ports, job: CommandsJob, command: Command): Promise<CommandsJob> {
  const contract = contractOf(await toolOf(ports, job), command.kind === "ship" ? "ship" : "withdraw");
  const answer = await siteAnswer(ports, contract, PATIENCE);
  const isOver = answer?.answer === "refused" || answer?.answer === "not_taken";
  if (!isOver) return { ...job, step: "reading_back" };
  const kind = answer.answer === "refused" ? "refused" : "not_taken";
  return { ...job, answer: { kind, message: answer.message.slice(0, 1_000) }, step: "concluding" };
}

async function concluded(backend: Backend, job: CommandsJob, command: Command): Promise<CommandsJob> {
  if (job.answer === null) throw new AppError("INTERNAL", "no answer to report");
  return over(job, await backend.concludeCommand(command.id, { ...job.answer, nonce: job.nonce }));
}

/** On to the next one; what became of this one is counted. */
function over(job: CommandsJob, { kind, state }: Command): CommandsJob {
  const isDone = state === "done";
  return {
    ...job,
    step: "claiming",
    command: null,
    answer: null,
    shipped: job.shipped + Number(isDone && kind === "ship"),
    ended: job.ended + Number(isDone && kind === "end"),
    refused: job.refused + Number(state === "failed" || state === "needs_review"),
  };
}

/** Whether there is more to do: what cannot be done now goes back with its reason, and the others follow. */
async function goesOnAfter(ports: Ports, job: CommandsJob, error: AppError): Promise<boolean> {
  const { commands: now } = await ports.store.read();
  if (now?.key !== job.key) return false;
  const { command } = now;
  if (error.retryable && now.failures + 1 < MAX_TRIES) {
    await keep(ports, { ...now, failures: now.failures + 1 });
    await ports.clock.sleep(retryDelayMs(now.failures, error.retryAfterMs, ports.clock.random()));
    return true;
  }
  const isTheirs = error.code === "COMMAND_OVER" || error.code === "BACKEND_REJECTED";
  if (command === null || error.code === "NOT_PAIRED" || error.code === "BACKEND_DOWN") {
    await finish(ports, now, error.report);
    return false;
  }
  const told = isTheirs ? null : await givenBack(ports, command, error);
  if (ENDS_THE_VISIT.includes(error.code) || told === "unreachable") {
    await finish(ports, now, error.report);
    return false;
  }
  await keep(ports, { ...now, step: "claiming", command: null, answer: null, failures: 0, error: isTheirs ? now.error : error.report });
  return true;
}

async function givenBack(ports: Ports, { id }: Command, { code }: AppError): Promise<"told" | "unreachable"> {
  try {
    await (await pairedBackend(ports)).giveCommandBack(id, code);
    return "told";
  } catch (thrown) {
    // Its lease runs out by itself.
    return asAppError(thrown).code === "BACKEND_DOWN" ? "unreachable" : "told";
  }
}
