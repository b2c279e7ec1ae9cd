// A REFRESH task of a user's workflow: which partitions of its table it is about. With a PARTITION
// clause the one that its values name once the variables have theirs; without, the cells of the
// data interval, by the table's own rule, or the whole table. What was true when the workflow was
// written (the table, its keys, that a partition can be computed alone) is looked at again when it
// runs.

import type { Catalog } from "../catalog/catalog.ts";
import { isTextType } from "../catalog/flink-type.ts";
import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import type { PartitionSpec } from "../catalog/partition.ts";
import { GatewayError } from "../common/gateway-error.ts";
import type { Database } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import { readClock } from "../refresh/define-table.ts";
import { isFrozenSpec } from "../refresh/frozen.ts";
import { resolveSpec } from "../refresh/partition-spec.ts";
import type { RefreshRequest } from "../refresh/refresh-request.ts";
import type { RefreshAction } from "../refresh/table-workflow.ts";
import type { ClaimedTask } from "../scheduler/task-runner.ts";
import {
  referenceStart,
  substituteText,
  type Variables,
} from "../scheduler/variables/references.ts";
import { requestOf } from "./request-of.ts";
import { serverZone } from "../common/server-zone.ts";

/** The action of such a task. */
export interface WorkflowRefreshAction extends RefreshAction {
  /** For messages, when the table is gone. */
  readonly identifier: ObjectIdentifier;
  /** Values may hold references to variables; null: the data interval decides. */
  readonly partition: PartitionSpec | null;
}

/** Tells tasks of users' workflows from those of tables. */
export function isOfWorkflow(action: RefreshAction): action is WorkflowRefreshAction {
  return "partition" in action;
}

type Run = Pick<ClaimedTask, "trigger" | "interval" | "request" | "variables">;

/** The request of a run, with `spec` for a task that names a partition. Pure. */
export function workflowRequest(run: Run, spec: PartitionSpec | null): RefreshRequest {
  if (run.trigger === "BACKFILL") {
    const backfill = requestOf(run);
    return spec === null || backfill.kind !== "backfill"
      ? backfill
      : { ...backfill, partitions: [spec] };
  }
  if (spec !== null) return { kind: "manual", partitions: [spec], force: false };
  const { start, end } = run.interval;
  if (start < end) return { kind: "scheduled", interval: run.interval };
  return { kind: "manual", partitions: [], force: false };
}

/**
 * What is known of the partition before a server is asked: values with references count only for
 * columns of text, for others the server may print them in other words. Null: nothing. Pure.
 */
export function claimedSpec(
  { partition, cells }: WorkflowRefreshAction,
  variables: Variables,
): PartitionSpec | null {
  const known = Object.entries(partition ?? {}).flatMap(([key, value]) => {
    const isFixed = value === null || !value.includes(referenceStart);
    const type = cells?.keys.times.find((time) => time.column === key)?.type ?? "";
    if (!isFixed && !isTextType(type)) return [];
    return [[key, value === null ? null : substituteText(value, variables)] as const];
  });
  return known.length === 0 ? null : Object.fromEntries(known);
}

/**
 * The partition as the ledger names it; null: the task names none. Throws MT-NOTFOUND, MT-SPEC-*
 * and WF-VARIABLE.
 */
export async function resolveWorkflowSpec(
  services: { readonly database: Database; readonly catalog: Catalog },
  task: ClaimedTask,
): Promise<PartitionSpec | null> {
  const { tableId, identifier, partition } = task.action as unknown as WorkflowRefreshAction;
  const table = await services.catalog.findById(services.database, tableId);
  if (table === null) {
    const { database, name } = identifier;
    throw new GatewayError(
      "MT-NOTFOUND",
      `materialized table "${database}.${name}" does not exist`,
    );
  }
  if (partition === null) return null;
  const spec = Object.fromEntries(
    Object.entries(partition).map(([key, value]) => [
      key,
      value === null ? null : substituteText(value, task.variables),
    ]),
  );
  return services.database.transaction(async (tx) => {
    const zone = serverZone(table.timeZone);
    await tx.query(sql`SELECT pg_catalog.set_config('TimeZone', ${zone}, true)`);
    const resolved = await resolveSpec(tx, table, spec);
    if (isForced(task)) return resolved;
    if (isFrozenSpec(table, resolved, await readClock(tx))) throw frozen(table);
    return resolved;
  });
}

function isForced({ trigger, request }: ClaimedTask): boolean {
  return trigger === "BACKFILL" && request["force"] === true;
}

function frozen(table: MaterializedTable): GatewayError {
  const { name } = table.identifier;
  return new GatewayError(
    "MT-SPEC-FROZEN",
    `the partition of materialized table "${name}" is frozen`,
    {
      detail: `Partitions older than ${table.options["freeze.after"]} are not computed again.`,
      hint: "BACKFILL … WITH ('force' = 'true') computes them all the same.",
    },
  );
}
