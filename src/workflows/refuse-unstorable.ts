// PostgreSQL stores neither the zero character nor halves of surrogate pairs; JSON can carry both.

import { GatewayError } from "../common/gateway-error.ts";

/** Throws WF-TEXT if any text inside of `value`, keys included, cannot be stored. */
export function refuseUnstorable(value: unknown): void {
  if (typeof value === "string") {
    if (!/[\0\p{Surrogate}]/u.test(value)) return;
    throw new GatewayError("WF-TEXT", "a text has a character that cannot be stored", {
      detail: "The zero character and halves of surrogate pairs cannot.",
    });
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    refuseUnstorable(key);
    refuseUnstorable(part);
  }
}
