// SHOW QUEUES: understood, not carried out yet.

import type { ShowQueues } from "../../parser/ast/show-queues.ts";
import type { Executor } from "./executor.ts";
import { notYetError } from "./not-yet.ts";

export const showQueues: Executor<ShowQueues> = async () => {
  throw notYetError("SHOW QUEUES", "Backfills and workflows of your own come in a later version.");
};
