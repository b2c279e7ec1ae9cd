// ALTER BACKFILL '<id>' PAUSE | RESUME | CANCEL | RETRY FAILED.

import { unreachable } from "../../common/assert.ts";
import type { AlterBackfill } from "../../parser/ast/alter-backfill.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";

export const alterBackfill: Executor<AlterBackfill> = async (
  { backfill, action },
  _,
  { backfills },
) => {
  switch (action) {
    case "PAUSE":
      await backfills.pause(backfill);
      return okResult;
    case "RESUME":
      await backfills.resume(backfill);
      return okResult;
    case "CANCEL":
      await backfills.cancel(backfill);
      return okResult;
    case "RETRY FAILED":
      await backfills.retryFailed(backfill);
      return okResult;
    default:
      return unreachable(action);
  }
};
