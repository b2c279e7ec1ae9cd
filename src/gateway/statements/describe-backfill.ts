// DESCRIBE BACKFILL: its intervals, rows of sluice.backfill_intervals in the order of running.

import { GatewayError } from "../../common/gateway-error.ts";
import { sql } from "../../common/sql.ts";
import { stringType } from "../../protocol/logical-type.ts";
import type { DescribeBackfill } from "../../parser/ast/describe-backfill.ts";
import type { Executor } from "./executor.ts";
import { bigintType, instantType } from "./fixed-results.ts";
import { selectView, type ViewColumns } from "./read/select-view.ts";

const columns: ViewColumns = {
  backfill_id: stringType,
  ordinal: bigintType,
  interval_start: instantType,
  interval_end: instantType,
  partition: stringType,
  instance_id: stringType,
  status: stringType,
  reason: stringType,
};

/** A backfill has at most this many intervals. */
const mostIntervals = 100_000;

export const describeBackfill: Executor<DescribeBackfill> = async (
  { backfill },
  _,
  { database },
) => {
  const view = { name: "backfill_intervals", columns, orderBy: "ordinal" };
  const result = await selectView(database, view, [sql`backfill_id = ${backfill}`], mostIntervals);
  if (result.rows.length > 0) return result;
  throw new GatewayError("BF-NOTFOUND", `backfill "${backfill}" does not exist`, {
    hint: "SHOW BACKFILLS lists the backfills.",
  });
};
