// What a request is resolved against, read in the transaction that stores the outcome.

import type { PartitionSpec } from "../catalog/partition.ts";
import { GatewayError } from "../common/gateway-error.ts";
import type { Tx } from "../common/pg.ts";
import { serverZone } from "../common/server-zone.ts";
import { sql } from "../common/sql.ts";
import type { Instant } from "../common/time.ts";
import { whyNotLocal } from "../query/query-analysis.ts";
import { resolveSpec } from "../refresh/partition-spec.ts";
import { loadAnalysis } from "../refresh/stored-analysis.ts";
import { type Resolved, resolveWorkflow } from "./resolve-workflow.ts";
import { readClock } from "./stored-workflow.ts";
import { lockTables, type TableFacts } from "./table-facts.ts";
import { queueOf } from "./workflow-options.ts";
import type { PositionOf, WorkflowRequest } from "./workflow-request.ts";
import type { WorkflowServices } from "./workflow-services.ts";

/** Throws what resolveWorkflow throws. */
export async function resolveIn(
  tx: Tx,
  { catalog }: Pick<WorkflowServices, "catalog">,
  asked: {
    readonly request: WorkflowRequest;
    readonly positionOf: PositionOf;
    readonly createdAt: Instant;
  },
): Promise<Resolved> {
  const { request } = asked;
  const names = request.tasks.flatMap(({ action }) =>
    action.kind === "refresh" ? [action.table] : [],
  );
  return resolveWorkflow(request, {
    ...asked,
    tables: await lockTables(tx, catalog.catalogName, { names, ids: [] }),
    queues: await knownQueues(tx, request),
    now: await readClock(tx),
    kindOf: (identifier) => catalog.kindOf(tx, identifier),
    castPartition: (table, spec) => castPartition(tx, table, spec),
    checkLocal: localChecker(tx),
  });
}

async function knownQueues(tx: Tx, request: WorkflowRequest): Promise<ReadonlySet<string>> {
  const named = [request.options, ...request.tasks.map((task) => task.options)].map(queueOf);
  const rows = await tx.query<{ queue: string }>(sql`
    SELECT queue FROM sluice_private.queues WHERE queue = ANY (${[...new Set(named)]}::text[])`);
  return new Set(rows.map((row) => row.queue));
}

/** In the ledger's words, by the server; the transaction's zone is as it was afterwards. */
async function castPartition(
  tx: Tx,
  table: TableFacts,
  spec: PartitionSpec,
): Promise<PartitionSpec> {
  const [before] = await tx.query<{ zone: string }>(sql`
    SELECT pg_catalog.current_setting('TimeZone') AS zone`);
  const setZone = (zone: string) =>
    tx.execute(sql`SELECT pg_catalog.set_config('TimeZone', ${zone}, true)`);
  await setZone(serverZone(table.timeZone));
  const resolved = await resolveSpec(tx, table, spec);
  await setZone(before?.zone ?? "UTC");
  return resolved;
}

/** Remembers what it has found: many tasks may refresh one table. */
function localChecker(tx: Tx) {
  const reasons = new Map<string, GatewayError | null>();
  return async (table: TableFacts, keys: readonly string[]): Promise<void> => {
    const key = JSON.stringify([table.id, keys]);
    let reason = reasons.get(key);
    if (reason === undefined) {
      const found = whyNotLocal(await loadAnalysis(tx, table.id), keys);
      reason = found === null ? null : notLocal(table, `${found.message} [${found.code}]`);
      reasons.set(key, reason);
    }
    if (reason !== null) throw reason;
  };
}

function notLocal({ identifier }: TableFacts, reason: string): GatewayError {
  return new GatewayError(
    "MT-PARTITION-NOT-LOCAL",
    `materialized table "${identifier.name}" can only be refreshed whole`,
    {
      detail: `The rows of one partition depend on others: ${reason}.`,
      hint: "Leave PARTITION out.",
    },
  );
}
