// Whether a claimed run may work now: after 'refresh.delay', when its parents are ready, and if
// 'refresh.condition' says so, in this order. A run that may not work yet goes back to the queue
// and holds neither a worker nor a connection meanwhile.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { Database } from "../common/pg.ts";
import { sql, trusted } from "../common/sql.ts";
import { type Instant, instant } from "../common/time.ts";
import type { ClaimedTask, TaskContext } from "../scheduler/task-runner.ts";
import { askParents, type ParentsVerdict } from "./await-parents.ts";
import type { Reason } from "./reasons.ts";
import type { RefreshRequest } from "./refresh-request.ts";
import { policiesOf } from "./table-policies.ts";

export type Admission =
  /** `reason`: what the record of the run must say. */
  | { readonly kind: "run"; readonly reason: Reason | null }
  | { readonly kind: "skip"; readonly reason: Reason }
  | { readonly kind: "defer"; readonly until: Instant; readonly detail: string | null };

export interface Candidate {
  readonly table: MaterializedTable;
  readonly task: ClaimedTask;
  readonly request: RefreshRequest;
  /** The table reads other materialized tables. */
  readonly hasParents: boolean;
  /** The database's clock. */
  readonly now: Instant;
}

/** Rejects with the error of the condition's query. */
export async function admit(
  database: Database,
  run: Candidate,
  context: TaskContext,
): Promise<Admission> {
  const { table, task, request, now } = run;
  const { delay, condition } = policiesOf(table);
  const bySchedule = task.trigger === "SCHEDULE" || task.trigger === "CATCH_UP";
  const own = task.workflowId === table.workflowId;
  const start = instant(task.scheduledAt + delay);
  if (own && bySchedule && now < start) return { kind: "defer", until: start, detail: null };
  let reason: Reason | null = null;
  if (own && run.hasParents) {
    const verdict = await askTwice(database, run);
    if (verdict.kind === "failed") return { kind: "skip", reason: "UPSTREAM_FAILED" };
    if (verdict.kind === "wait") {
      return { kind: "defer", until: verdict.until, detail: "WAITING_UPSTREAM" };
    }
    reason = verdict.reason;
  }
  const asks = request.kind !== "initial" && request.kind !== "backfill";
  if (condition !== null && asks && !(await holds(database, table, condition, context))) {
    return { kind: "skip", reason: "CONDITION" };
  }
  return { kind: "run", reason };
}

/**
 * A parent that ends between the question and the return to the queue must not be missed: who would
 * wait leaves a note for it, and looks once more.
 */
async function askTwice(
  database: Database,
  { table, task, request, now }: Candidate,
): Promise<ParentsVerdict> {
  const { trigger, instanceId, taskInstanceId } = task;
  const question = { table, trigger, request, instanceId, now };
  const verdict = await askParents(database, question);
  if (verdict.kind !== "wait") return verdict;
  await database.execute(sql`
    INSERT INTO sluice_private.task_wakes (task_instance_id, resource, woken)
    VALUES (${taskInstanceId}, ${table.id}, false)
    ON CONFLICT (task_instance_id) DO UPDATE SET woken = false`);
  const again = await askParents(database, question);
  if (again.kind !== "wait") {
    await database.execute(sql`
      DELETE FROM sluice_private.task_wakes WHERE task_instance_id = ${taskInstanceId}`);
  }
  return again;
}

/** Longer than this a condition may not compute. */
const conditionTimeout = "60s";

/** No row, NULL or false in the first column: it does not. */
async function holds(
  database: Database,
  table: MaterializedTable,
  condition: string,
  context: TaskContext,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    await context.attachBackend(tx.backendPid);
    await tx.query(sql`
      SELECT pg_catalog.set_config('transaction_read_only', 'on', true),
        pg_catalog.set_config('search_path', pg_catalog.quote_ident(${table.identifier.database}),
          true),
        pg_catalog.set_config('TimeZone', ${table.timeZone}, true),
        pg_catalog.set_config('statement_timeout', ${conditionTimeout}, true)`);
    // The text was checked to be one query when the option was set.
    const rows = await tx.query<{ verdict: unknown }>(
      sql`SELECT c.verdict FROM (${trusted(condition)}\n) AS c (verdict) LIMIT 1`,
    );
    const verdict = rows[0]?.verdict ?? null;
    return verdict !== null && verdict !== false;
  });
}
