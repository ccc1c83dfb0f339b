import { expect } from "vitest";
import * as validators from "../../src/generated/validators.js";
import type { Command, CommandOutcomeRequest, CommandSeen } from "../../src/generated/api.ts";

export function shipCommand(values: Partial<Command> = {}): Command {
  const target = { id: 1, account_id: 1, key: "x1", label: "OD0000001", carrier: "1001", tracking_number: "1234" };
  return { ...target, kind: "ship", state: "queued", reason: null, ...values };
}

export function endCommand(values: Partial<Command> = {}): Command {
  return shipCommand({ kind: "end", key: "a1", label: "IT1", carrier: null, tracking_number: null, ...values });
}

/** The commands of a back office: handed out, sent and concluded by the rules of docs/developers/extension-api.md. */
export class FakeCommands {
  readonly all: (Command & { nonce: string | null; clicks: number; isPutOff: boolean })[] = [];
  readonly givenBack: string[] = [];
  readonly outcomes: CommandOutcomeRequest[] = [];

  add(command: Command): void {
    this.all.push({ ...command, nonce: null, clicks: 0, isPutOff: false });
  }

  waiting(accountId: number): number {
    return this.all.filter((each) => each.account_id === accountId && isHandedOut(each)).length;
  }

  /** As staff do. */
  takeBack(id: number): void {
    for (const each of this.all) if (each.id === id) each.state = "cancelled";
  }

  /** Time has gone by: what was put off is due. */
  wait(): void {
    for (const each of this.all) each.isPutOff = false;
  }

  answer(path: string, body: unknown): Response {
    const [, kind, id, what] = path.split("/");
    if (kind === "accounts") return json({ command: this.claimed(Number(id)) });
    const command = this.all.find((each) => each.id === Number(id));
    if (command === undefined) return problem(404, "NO_SUCH_COMMAND");
    if (what === "sending") return this.send(command, body);
    if (what === "seen") {
      expect(validators.commandSeen(body)).toBe(true);
      this.judge(command, body as CommandSeen);
    } else if (what === "outcome") {
      if (!validators.commandOutcomeRequest(body)) return problem(422, "BODY");
      this.outcomes.push(body);
      if (command.state === "sending") command.state = body.kind === "refused" ? "failed" : "queued";
    } else if (what === "give-back") {
      this.givenBack.push((body as { code: string }).code);
      if (command.state === "claimed") command.state = "queued";
      command.isPutOff = true;
    }
    return json(command);
  }

  private claimed(accountId: number): Command | null {
    const due = this.all.filter((each) => each.account_id === accountId && isHandedOut(each));
    const next = due.find(({ state }) => state === "sending") ?? due[0];
    if (next === undefined) return null;
    if (next.state === "queued") next.state = "claimed";
    return next;
  }

  private send(command: FakeCommands["all"][number], body: unknown): Response {
    if (!validators.commandSendingRequest(body)) return problem(422, "BODY");
    if (command.state === "sending" && command.nonce === body.nonce) return json(command);
    if (command.state !== "claimed") return problem(409, "COMMAND_OVER");
    if (isUntouched(body.seen)) Object.assign(command, { state: "sending", nonce: body.nonce, clicks: command.clicks + 1 });
    else this.judge(command, body.seen);
    return json(command);
  }

  private judge(command: FakeCommands["all"][number], seen: CommandSeen): void {
    if (command.state !== "claimed" && command.state !== "sending") return;
    if (isUntouched(seen) || (seen.status === null && seen.is_selling === null)) {
      command.isPutOff = true;
      if (command.state === "claimed") command.state = "queued";
    } else if (seen.status === "発送済み" || seen.result === "取消") command.state = "done";
    else command.state = "cancelled";
  }
}

function isHandedOut({ state, isPutOff }: FakeCommands["all"][number]): boolean {
  return ["queued", "claimed", "sending"].includes(state) && !isPutOff;
}

function isUntouched({ status, is_selling: isSelling, bid_count: bids }: CommandSeen): boolean {
  return status === "入金済み" || (isSelling === true && bids === 0);
}

function json(body: unknown): Response {
  return Response.json(body);
}

function problem(status: number, code: string): Response {
  const body = { type: `urn:recore:problem:${code.toLowerCase()}`, title: code, status, code, detail: "" };
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json" } });
}
