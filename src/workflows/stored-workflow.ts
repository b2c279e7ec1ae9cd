// Workflows as they are stored: found by name, locked for an edit, read back in any version.

import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import { GatewayError } from "../common/gateway-error.ts";
import type { WorkflowId } from "../common/ids.ts";
import { nearest } from "../common/nearest.ts";
import { databaseClock, type Queryable, type Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import type { Instant } from "../common/time.ts";
import type { WorkflowDefinition } from "../scheduler/scheduler.ts";
import { refuseUnstorable } from "./refuse-unstorable.ts";

export interface StoredDefinition {
  readonly workflowId: WorkflowId;
  readonly version: number;
  readonly enabled: boolean;
  readonly createdAt: Instant;
  readonly definition: WorkflowDefinition;
}

/** Names of workflows that belong to tables begin with it. */
export const tablePrefix = "table:";

interface WorkflowRow {
  readonly workflow_id: WorkflowId;
  readonly version: number;
  readonly enabled: boolean;
  readonly created_at: Instant;
  readonly definition: WorkflowDefinition;
}

/** The current version; null if there is none of that name. Throws WF-TEXT. */
export function findWorkflow(
  on: Queryable,
  identifier: ObjectIdentifier,
): Promise<StoredDefinition | null> {
  return readWorkflow(on, identifier, null);
}

/**
 * The current version, locked to the end of the transaction: of two who edit it the second sees
 * what the first has made of it. The lock is a statement of its own: one that had waited for it
 * would join the new row with the version that was current when it began.
 */
export async function lockWorkflow(
  tx: Tx,
  identifier: ObjectIdentifier,
): Promise<StoredDefinition | null> {
  refuseUnstorable(identifier);
  const { database, name } = identifier;
  await tx.query(sql`
    SELECT FROM sluice_private.workflows WHERE database = ${database} AND name = ${name}
    FOR NO KEY UPDATE`);
  return readWorkflow(tx, identifier, null);
}

/** A version of a workflow; null if there is none. */
export function findVersion(
  on: Queryable,
  identifier: ObjectIdentifier,
  version: number,
): Promise<StoredDefinition | null> {
  return readWorkflow(on, identifier, version);
}

async function readWorkflow(
  on: Queryable,
  identifier: ObjectIdentifier,
  version: number | null,
): Promise<StoredDefinition | null> {
  refuseUnstorable(identifier);
  const { database, name } = identifier;
  const rows = await on.query<WorkflowRow>(sql`
    SELECT w.workflow_id, v.version, w.enabled, w.created_at, v.definition
    FROM sluice_private.workflows w
    JOIN sluice_private.workflow_versions v
      ON v.workflow_id = w.workflow_id AND v.version = coalesce(${version}::integer, w.version)
    WHERE w.database = ${database} AND w.name = ${name}`);
  const row = rows[0];
  if (row === undefined) return null;
  return {
    workflowId: row.workflow_id,
    version: row.version,
    enabled: row.enabled,
    createdAt: row.created_at,
    definition: row.definition,
  };
}

/** Throws WF-TABLE-OWNED for the workflow of a table; `instead`: what does it, as a sentence. */
export function refuseTableOwned(
  { kind, name }: Pick<WorkflowDefinition, "kind" | "name">,
  instead = "ALTER MATERIALIZED TABLE changes it.",
): void {
  if (kind !== "table") return;
  throw new GatewayError("WF-TABLE-OWNED", `workflow "${name}" belongs to a materialized table`, {
    hint: instead,
  });
}

/** WF-NOTFOUND, with the name that was probably meant. */
export async function workflowNotFound(
  on: Queryable,
  { database, name }: ObjectIdentifier,
): Promise<GatewayError> {
  const rows = await on.query<{ name: string }>(sql`
    SELECT name FROM sluice_private.workflows
    WHERE database = ${database} AND kind = 'user' ORDER BY name COLLATE "C" LIMIT 1000`);
  const meant = nearest(
    name,
    rows.map((row) => row.name),
  );
  return new GatewayError("WF-NOTFOUND", `workflow "${database}.${name}" does not exist`, {
    hint: meant === null ? undefined : `Did you mean "${meant}"?`,
  });
}

/** The moment now, by the database's clock. */
export async function readClock(on: Queryable): Promise<Instant> {
  const [row] = await on.query<{ now: Instant }>(sql`SELECT ${databaseClock} AS now`);
  return row?.now ?? (0 as Instant);
}
