// ALTER QUEUE … SET (…).

import type { Identifier } from "./name.ts";
import type { OptionPair } from "./option.ts";

export interface AlterQueue {
  readonly kind: "alter-queue";
  readonly queue: Identifier;
  readonly options: readonly OptionPair[];
}
