// CREATE QUEUE [IF NOT EXISTS] … [WITH (…)]. Queues belong to no database.

import type { Identifier } from "./name.ts";
import type { OptionPair } from "./option.ts";

export interface CreateQueue {
  readonly kind: "create-queue";
  readonly queue: Identifier;
  readonly ifNotExists: boolean;
  readonly options: readonly OptionPair[];
}
