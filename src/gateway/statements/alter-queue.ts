// ALTER QUEUE … SET (…): takes effect with the next claim.

import type { AlterQueue } from "../../parser/ast/alter-queue.ts";
import { optionRecord } from "../../parser/ast/option.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";

export const alterQueue: Executor<AlterQueue> = async ({ queue, options }, _, { queues }) => {
  await queues.alter(queue.name, optionRecord(options));
  return okResult;
};
