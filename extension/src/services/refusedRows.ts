import type { RefusedRow } from "../core/contracts/contract.ts";
import type { OutcomeRequest, Upload } from "../generated/api.ts";

/** Refused rows as the back office takes them: by their place in the file. */
export function byPosition(refused: RefusedRow[], items: Upload["items"]): OutcomeRequest["refused"] {
  return refused.flatMap(({ item, reason }) => {
    const position =
      typeof item === "number" ? item : items.find(({ management_number }) => management_number === item)?.position;
    return position === undefined || position < 1 ? [] : [{ position, reason: reason.slice(0, 500) }];
  });
}
