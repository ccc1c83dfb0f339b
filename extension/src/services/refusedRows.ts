import type { RefusedRow } from "../core/contracts/contract.ts";
import type { OutcomeRequest, Upload } from "../generated/api.ts";

const MOST_ROWS = 5_000;
const LONGEST_REASON = 500;

/** Refused rows as the back office takes them: by their place in the file, each once with all its reasons. */
export function byPosition(refused: RefusedRow[], items: Upload["items"]): OutcomeRequest["refused"] {
  const reasons = new Map<number, string[]>();
  for (const { item, reason } of refused) {
    const position =
      typeof item === "number" ? item : items.find(({ management_number }) => management_number === item)?.position;
    if (position === undefined || position < 1 || position > MOST_ROWS) continue;
    reasons.set(position, [...(reasons.get(position) ?? []), reason]);
  }
  return [...reasons].map(([position, all]) => ({ position, reason: all.join("、").slice(0, LONGEST_REASON) }));
}
