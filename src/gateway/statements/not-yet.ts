// Statements of ours that this version understands but does not carry out yet.

import { GatewayError } from "../../common/gateway-error.ts";
import type { NotYet } from "../../parser/ast/not-yet.ts";
import type { Executor } from "./executor.ts";

export const notYet: Executor<NotYet> = async ({ words, sentence }) => {
  throw notYetError(words, sentence);
};

/** GW-NOT-YET for the words of a statement. */
export function notYetError(words: string, sentence: string): GatewayError {
  return new GatewayError("GW-NOT-YET", `${words} is not supported yet`, { detail: sentence });
}
