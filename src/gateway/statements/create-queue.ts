// CREATE QUEUE [IF NOT EXISTS].

import type { CreateQueue } from "../../parser/ast/create-queue.ts";
import { optionRecord } from "../../parser/ast/option.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";

export const createQueue: Executor<CreateQueue> = async (
  { queue, options, ifNotExists },
  _,
  { queues },
) => {
  await queues.create(queue.name, optionRecord(options), { ifNotExists });
  return okResult;
};
