// DROP QUEUE [IF EXISTS] ….

import type { Identifier } from "./name.ts";

export interface DropQueue {
  readonly kind: "drop-queue";
  readonly queue: Identifier;
  readonly ifExists: boolean;
}
