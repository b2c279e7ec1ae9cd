// A command that somebody gave with sluice.refresh() or its kin (migration 5): what the row says.
// The functions have checked names and options; what can only be known later is checked when the
// command is carried out.

import { GatewayError } from "../common/gateway-error.ts";

export type Texts = Readonly<Record<string, string>>;

/** What is to be done to the table or workflow `targetId`. */
export type Command =
  | {
      readonly kind: "refresh";
      readonly partition: Readonly<Record<string, string | null>> | null;
      readonly options: Texts;
    }
  | {
      readonly kind: "backfill";
      readonly from: string;
      readonly to: string;
      readonly options: Texts;
    }
  | { readonly kind: "suspend"; readonly options: Texts }
  | { readonly kind: "resume"; readonly options: Texts }
  | {
      readonly kind: "execute-workflow";
      /** `yyyy-MM-dd HH:mm:ss.fff` in the workflow's zone; null: now. */
      readonly at: string | null;
      readonly variables: Texts;
    }
  | {
      readonly kind: "backfill-workflow";
      readonly from: string;
      readonly to: string;
      readonly variables: Texts;
      readonly options: Texts;
    };

export interface TakenCommand {
  /** What the function returned. */
  readonly id: string;
  /** Order of giving. */
  readonly seq: number;
  /** The table's or workflow's id. */
  readonly targetId: string;
  /** As it was called then. */
  readonly name: string;
  readonly command: Command;
  /** Times that it met a passing error of the database. */
  readonly attempts: number;
}

/** What carrying a command out left behind. */
export interface CommandEffect {
  readonly instanceId: string | null;
  readonly backfillId: string | null;
}

const kinds: readonly string[] = [
  "refresh",
  "backfill",
  "suspend",
  "resume",
  "execute-workflow",
  "backfill-workflow",
] satisfies readonly Command["kind"][];

/** The command of a row; the functions alone write them. Throws GW-INTERNAL for any other. */
export function commandOf(kind: string, written: Readonly<Record<string, unknown>>): Command {
  if (!kinds.includes(kind)) {
    throw new GatewayError("GW-INTERNAL", `there is no command "${kind}"`);
  }
  return { ...written, kind } as unknown as Command;
}
