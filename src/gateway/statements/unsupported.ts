// Statements that only Flink knows (ADD JAR, BEGIN STATEMENT SET, …): understood, and answered with
// one sentence.

import { GatewayError } from "../../common/gateway-error.ts";
import type { Unsupported } from "../../parser/ast/unsupported.ts";
import type { Executor } from "./executor.ts";

export const unsupported: Executor<Unsupported> = async ({ words, sentence, hint }) => {
  throw notSupported(words, sentence, hint);
};

/**
 * GW-NOT-SUPPORTED for the words of a statement or clause; the sentence says why, the hint what to
 * do.
 */
export function notSupported(words: string, sentence: string, hint: string | null): GatewayError {
  return new GatewayError("GW-NOT-SUPPORTED", `${words} is not supported`, {
    detail: sentence,
    hint: hint ?? undefined,
  });
}
