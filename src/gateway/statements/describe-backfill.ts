// DESCRIBE BACKFILL: understood, not carried out yet.

import type { DescribeBackfill } from "../../parser/ast/describe-backfill.ts";
import type { Executor } from "./executor.ts";
import { notYetError } from "./not-yet.ts";

export const describeBackfill: Executor<DescribeBackfill> = async () => {
  throw notYetError(
    "DESCRIBE BACKFILL",
    "Backfills and workflows of your own come in a later version.",
  );
};
