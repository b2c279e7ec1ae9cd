// SHOW QUEUES: rows of sluice.queues.

import { stringType } from "../../protocol/logical-type.ts";
import type { ShowQueues } from "../../parser/ast/show-queues.ts";
import type { Executor } from "./executor.ts";
import { bigintType } from "./fixed-results.ts";
import { selectView, type ViewColumns } from "./read/select-view.ts";
import { defaultLimit } from "./show-refreshes.ts";

const columns: ViewColumns = {
  queue: stringType,
  concurrency: bigintType,
  running: bigintType,
  pending: bigintType,
};

export const showQueues: Executor<ShowQueues> = async (_, __, { database }) =>
  selectView(database, { name: "queues", columns, orderBy: 'queue COLLATE "C"' }, [], defaultLimit);
