// Made by `npm run generate` from shared_schemas/api/. Do not edit.
import type * as Bodies from "./api.ts";
export interface Validate<T> {
  (body: unknown): body is T;
  errors?: { instancePath: string; message?: string }[] | null;
}
export const batch: Validate<Bodies.Batch>;
export const batchRequest: Validate<Bodies.BatchRequest>;
export const batchRequestAnswer: Validate<Bodies.BatchRequestAnswer>;
export const batches: Validate<Bodies.Batches>;
export const command: Validate<Bodies.Command>;
export const commandAnswer: Validate<Bodies.CommandAnswer>;
export const commandGiveBackRequest: Validate<Bodies.CommandGiveBackRequest>;
export const commandOutcomeRequest: Validate<Bodies.CommandOutcomeRequest>;
export const commandSeen: Validate<Bodies.CommandSeen>;
export const commandSendingRequest: Validate<Bodies.CommandSendingRequest>;
export const context: Validate<Bodies.Context>;
export const downloadAnswer: Validate<Bodies.DownloadAnswer>;
export const downloadRequest: Validate<Bodies.DownloadRequest>;
export const finishAnswer: Validate<Bodies.FinishAnswer>;
export const finishRequest: Validate<Bodies.FinishRequest>;
export const known: Validate<Bodies.Known>;
export const leftOut: Validate<Bodies.LeftOut>;
export const notice: Validate<Bodies.Notice>;
export const outcomeRequest: Validate<Bodies.OutcomeRequest>;
export const page: Validate<Bodies.Page>;
export const pageAnswer: Validate<Bodies.PageAnswer>;
export const paired: Validate<Bodies.Paired>;
export const pairingAnswer: Validate<Bodies.PairingAnswer>;
export const pairingPollAnswer: Validate<Bodies.PairingPollAnswer>;
export const pairingPollRequest: Validate<Bodies.PairingPollRequest>;
export const pairingRequest: Validate<Bodies.PairingRequest>;
export const planRequest: Validate<Bodies.PlanRequest>;
export const problem: Validate<Bodies.Problem>;
export const runAnswer: Validate<Bodies.RunAnswer>;
export const runRequest: Validate<Bodies.RunRequest>;
export const sendingRequest: Validate<Bodies.SendingRequest>;
export const upload: Validate<Bodies.Upload>;
