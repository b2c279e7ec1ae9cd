// A REFRESH task's table and partition: the name becomes an identity, so that the task follows a
// table that is renamed, and the partition is checked against the table's keys as far as it can be
// before the variables have values.

import type { ObjectKind } from "../catalog/catalog.ts";
import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import type { PartitionSpec } from "../catalog/partition.ts";
import { GatewayError } from "../common/gateway-error.ts";
import type { TableId } from "../common/ids.ts";
import { nearest } from "../common/nearest.ts";
import type { RefreshAction } from "../refresh/table-workflow.ts";
import { referenceStart } from "../scheduler/variables/references.ts";
import { errorAt, movedTo } from "./places.ts";
import type { KnownTables, TableFacts } from "./table-facts.ts";
import type { ActionRequest, PositionOf } from "./workflow-request.ts";

/** The action of a task that refreshes a table. */
export interface RefreshTableAction extends RefreshAction {
  /** The table's name when it was last looked at; for messages, and for `get` once it is gone. */
  readonly identifier: ObjectIdentifier;
  /** Values may hold references to variables; null: the data interval decides. */
  readonly partition: PartitionSpec | null;
}

export interface RefreshTaskContext {
  readonly tables: KnownTables;
  /** What a name stands for that no materialized table has; null: nothing. */
  readonly kindOf: (identifier: ObjectIdentifier) => Promise<ObjectKind | null>;
  readonly castPartition: (table: TableFacts, spec: PartitionSpec) => Promise<PartitionSpec>;
  readonly checkLocal: (table: TableFacts, keys: readonly string[]) => Promise<void>;
  readonly positionOf: PositionOf;
  /** Of the task: `tasks/2`. */
  readonly path: string;
  readonly isManual: boolean;
}

type RefreshRequested = Extract<ActionRequest, { readonly kind: "refresh" }>;

/** Throws MT-NOTFOUND, MT-NOT-MT, MT-SPEC-*, MT-PARTITION-NOT-LOCAL, WF-PARTITION-NEEDED. */
export async function resolveRefresh(
  action: RefreshRequested,
  context: RefreshTaskContext,
): Promise<RefreshTableAction> {
  const { tables, positionOf, path, isManual } = context;
  const table = tables.named(action.table);
  if (table === null) {
    const kind = await context.kindOf(action.table);
    throw errorAt(positionOf, `${path}/action`, notFound(action.table, kind));
  }
  if (isManual && action.partition === null && table.partitionKeys.length > 0) {
    const message = `the partition of "${table.identifier.name}" to be refreshed is not named`;
    throw errorAt(positionOf, `${path}/action`, ["WF-PARTITION-NEEDED", message], {
      detail: "A workflow without a schedule has no data interval that could name it.",
      hint: `Add PARTITION (${table.partitionKeys.map((key) => `${key} = '…'`).join(", ")}).`,
    });
  }
  const partition = await resolvePartition(table, action.partition, context);
  return {
    type: "refresh",
    tableId: table.id satisfies TableId,
    identifier: table.identifier,
    partition,
    cells: table.cells,
  };
}

function notFound(
  { database, name }: ObjectIdentifier,
  kind: ObjectKind | null,
): readonly ["MT-NOTFOUND" | "MT-NOT-MT", string] {
  if (kind === null) {
    return ["MT-NOTFOUND", `materialized table "${database}.${name}" does not exist`];
  }
  return ["MT-NOT-MT", `${kind} "${database}.${name}" is not a materialized table`];
}

async function resolvePartition(
  table: TableFacts,
  spec: PartitionSpec | null,
  context: RefreshTaskContext,
): Promise<PartitionSpec | null> {
  if (spec === null) return null;
  const { positionOf, path } = context;
  const keys = Object.keys(spec);
  for (const key of keys) {
    if (table.partitionKeys.includes(key)) continue;
    throw errorAt(positionOf, `${path}/partition/${key}`, unknownKey(key), {
      detail: keysOf(table),
      hint: hintOf(key, table.partitionKeys),
    });
  }
  await locally(context, keys[0] ?? "", () => context.checkLocal(table, keys));
  const resolved: Record<string, string | null> = {};
  for (const key of keys) {
    const value = spec[key] ?? null;
    const isKnown = value !== null && !value.includes(referenceStart);
    resolved[key] = isKnown ? await castValue(table, { key, value }, context) : value;
  }
  return resolved;
}

async function castValue(
  table: TableFacts,
  { key, value }: { readonly key: string; readonly value: string },
  context: RefreshTaskContext,
): Promise<string | null> {
  const cast = await locally(context, key, () => context.castPartition(table, { [key]: value }));
  return cast[key] ?? null;
}

function unknownKey(key: string): readonly ["MT-SPEC-UNKNOWN", string] {
  return ["MT-SPEC-UNKNOWN", `"${key}" is no partition column`];
}

function keysOf({ partitionKeys }: TableFacts): string {
  if (partitionKeys.length === 0) return "The table is not partitioned.";
  return `The partition columns are ${partitionKeys.join(", ")}.`;
}

function hintOf(key: string, known: readonly string[]): string | undefined {
  const meant = nearest(key, known);
  return meant === null ? undefined : `Did you mean "${meant}"?`;
}

/** Errors of `body` are those of a key's value; Flink's sentences are for its own statements. */
async function locally<T>(
  { positionOf, path }: RefreshTaskContext,
  key: string,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw movedTo(error, positionOf, `${path}/partition/${key}`);
  }
}
