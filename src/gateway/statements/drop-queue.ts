// DROP QUEUE [IF EXISTS]: refused while something uses it.

import type { DropQueue } from "../../parser/ast/drop-queue.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";

export const dropQueue: Executor<DropQueue> = async ({ queue, ifExists }, _, { queues }) => {
  await queues.drop(queue.name, { ifExists });
  return okResult;
};
