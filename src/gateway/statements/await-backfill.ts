// `'table.dml-sync' = 'true'`: BACKFILL ends when the backfill has ended, and fails if intervals of
// it failed. Cancelling the statement cancels the backfill.

import { GatewayError } from "../../common/gateway-error.ts";
import type { Queryable } from "../../common/pg.ts";
import { sql } from "../../common/sql.ts";
import { milliseconds } from "../../common/time.ts";
import { waitsForRuns } from "./await-run.ts";
import type { StatementServices } from "./executor.ts";
import type { StatementContext } from "./statement-context.ts";

/** A backfill takes seconds at least: asking more often tells nobody more. */
const pollInterval = milliseconds(200);

/** Waits for the end if the session wants it. */
export async function awaitBackfill(
  id: string,
  context: StatementContext,
  { database, backfills, clock }: StatementServices,
): Promise<void> {
  if (!waitsForRuns(context)) return;
  for (;;) {
    const state = await findState(database, id);
    if (state !== undefined && state.ended) return requireSuccess(id, state);
    await clock.sleep(pollInterval, context.signal);
    if (!context.signal.aborted) continue;
    await backfills.cancel(id);
    throw new GatewayError("GW-CANCELED", "the statement was cancelled, and its backfill with it");
  }
}

interface BackfillState {
  readonly status: string;
  readonly ended: boolean;
  readonly failed: number;
  readonly total: number;
}

async function findState(on: Queryable, id: string): Promise<BackfillState | undefined> {
  const [row] = await on.query<BackfillState>(sql`
    SELECT status, finished_at IS NOT NULL AS ended, failed, total
    FROM sluice.backfills WHERE backfill_id = ${id}`);
  return row;
}

function requireSuccess(id: string, { status, failed, total }: BackfillState): void {
  const hint = `DESCRIBE BACKFILL '${id}' lists its intervals.`;
  if (status === "FAILED") {
    const message = `${failed} of ${total} intervals of the backfill failed`;
    throw new GatewayError("BF-RUN-FAILED", message, { hint });
  }
  if (status === "CANCELED") {
    throw new GatewayError("BF-RUN-CANCELED", "the backfill was cancelled", { hint });
  }
}
