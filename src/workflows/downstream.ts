// Tables below a REFRESH task by lineage, and the tasks that would refresh them: each after those
// tasks of the workflow that refresh what it reads. Eligible are tables with a time partition;
// under Flink's own rules (strict) only those that are continuous, or nearly so.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import { freshnessDuration } from "../catalog/freshness.ts";
import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import type { PartitionSpec } from "../catalog/partition.ts";
import { asId, type TableId } from "../common/ids.ts";
import type { Queryable, Tx } from "../common/pg.ts";
import { type Changed, unknownTask } from "./apply-change.ts";
import { errorAt, nowhere } from "./places.ts";
import type { PositionOf, TaskRequest, WorkflowRequest } from "./workflow-request.ts";
import type { WorkflowServices } from "./workflow-services.ts";

export interface DownstreamTable {
  readonly table: ObjectIdentifier;
  readonly eligible: boolean;
  /** Why it is not eligible; null: it is. */
  readonly reason: string | null;
}

interface Candidate extends DownstreamTable {
  readonly definition: MaterializedTable;
  /** What it reads of the tables that were found. */
  readonly reads: readonly TableId[];
}

type Services = Pick<WorkflowServices, "catalog" | "freshnessThreshold">;

/** In the order of lineage, parents first. Throws WF-TASK-UNKNOWN, WF-DOWNSTREAM. */
export async function downstreamOf(
  on: Queryable,
  services: Services,
  request: WorkflowRequest,
  task: string,
): Promise<readonly DownstreamTable[]> {
  const found = await candidates(on, services, { request, task, positionOf: nowhere });
  return found.map(({ table, eligible, reason }) => ({ table, eligible, reason }));
}

interface Asked {
  readonly request: WorkflowRequest;
  readonly task: string;
  readonly positionOf: PositionOf;
}

/** ADD DOWNSTREAM OF: the request with a task for each eligible table. Throws WF-DOWNSTREAM. */
export async function withDownstream(tx: Tx, services: Services, asked: Asked): Promise<Changed> {
  const { request, task, positionOf } = asked;
  const found = await candidates(tx, services, asked);
  const eligible = found.filter((one) => one.eligible);
  if (eligible.length === 0) {
    const message = `there is no table below task "${task}" that could be added`;
    throw errorAt(positionOf, "task", ["WF-DOWNSTREAM", message], {
      detail: found.map(({ table, reason }) => `"${table.name}" ${reason ?? ""}.`).join(" "),
    });
  }
  const tasks = [...request.tasks];
  const partition = partitionOf(request, task);
  for (const candidate of eligible) {
    const sources = await services.catalog.sources(tx, candidate.definition.id);
    const { catalog } = candidate.table;
    const readTables = new Set(sources.map((source) => keyOf({ ...source, catalog })));
    tasks.push(taskFor(candidate, { tasks, readTables, partition, isManual: isManual(request) }));
  }
  return { request: { ...request, tasks }, positionOf: () => positionOf("task") };
}

async function candidates(
  on: Queryable,
  services: Services,
  { request, task, positionOf }: Asked,
): Promise<readonly Candidate[]> {
  const { catalog } = services;
  const start = request.tasks.find((one) => one.name === task);
  if (start === undefined) throw unknownTask(request.tasks, task, positionOf);
  if (start.action.kind !== "refresh") {
    const message = `task "${task}" refreshes no materialized table`;
    throw errorAt(positionOf, "task", ["WF-DOWNSTREAM", message]);
  }
  const root = await catalog.find(on, start.action.table);
  if (root === null) {
    const message = `materialized table "${start.action.table.name}" does not exist`;
    throw errorAt(positionOf, "task", ["MT-NOTFOUND", message]);
  }
  const own = new Map(
    request.tasks.flatMap(({ name, action }) =>
      action.kind === "refresh" ? [[keyOf(action.table), name] as const] : [],
    ),
  );
  const found = new Map<TableId, Candidate>();
  const visited = new Set<TableId>([root.id]);
  for (const above of visited) {
    for (const id of await readersOf(on, services, above)) {
      const known = found.get(id);
      const reads = [...(known?.reads ?? []), above];
      const definition = known?.definition ?? (await catalog.findById(on, id));
      if (definition === null || id === root.id) continue;
      const reason = reasonAgainst(definition, own, services);
      const eligible = reason === null;
      found.set(id, { table: definition.identifier, definition, eligible, reason, reads });
      // Below a table that is not refreshed there is nothing new to refresh.
      if (eligible || own.has(keyOf(definition.identifier))) visited.add(id);
    }
  }
  return parentsFirst([...found.values()]);
}

async function readersOf(
  on: Queryable,
  { catalog }: Services,
  id: TableId,
): Promise<readonly TableId[]> {
  const readers = await catalog.dependents(on, id);
  const ids = readers.flatMap(({ tableId }) => (tableId === null ? [] : [asId<TableId>(tableId)]));
  return [...new Set(ids)];
}

function reasonAgainst(
  table: MaterializedTable,
  own: ReadonlyMap<string, string>,
  { freshnessThreshold }: Services,
): string | null {
  const task = own.get(keyOf(table.identifier));
  if (task !== undefined) return `is refreshed by task "${task}" already`;
  if (table.partitionTimes.length === 0) return "has no partition column that stands for time";
  const isNearlyContinuous =
    table.refreshMode === "CONTINUOUS" || freshnessDuration(table.freshness) < freshnessThreshold;
  if (table.strict && !isNearlyContinuous) {
    return "is neither continuous nor fresh enough, which flink-strict asks for";
  }
  return null;
}

/** A table stands behind all of the list that it reads; lineage has no circles. */
function parentsFirst(all: readonly Candidate[]): readonly Candidate[] {
  const byId = new Map(all.map((one) => [one.definition.id, one]));
  const placed = new Map<TableId, Candidate>();
  const place = (one: Candidate): void => {
    if (placed.has(one.definition.id)) return;
    for (const id of one.reads) {
      const parent = byId.get(id);
      if (parent !== undefined) place(parent);
    }
    placed.set(one.definition.id, one);
  };
  for (const one of all) place(one);
  return [...placed.values()];
}

function taskFor(
  { definition: { identifier, partitionKeys } }: Candidate,
  beside: {
    readonly tasks: readonly TaskRequest[];
    /** Keys of the tables that it reads. */
    readonly readTables: ReadonlySet<string>;
    readonly partition: PartitionSpec | null;
    readonly isManual: boolean;
  },
): TaskRequest {
  const { tasks, readTables, partition } = beside;
  const after = tasks.filter(
    ({ action }) => action.kind === "refresh" && readTables.has(keyOf(action.table)),
  );
  // Without a schedule there is no interval that decides: the parent's partition, if it can be one.
  const keys = Object.keys(partition ?? {});
  const fits = keys.length > 0 && keys.every((key) => partitionKeys.includes(key));
  return {
    name: freeName(identifier.name, new Set(tasks.map((task) => task.name))),
    action: {
      kind: "refresh",
      table: identifier,
      partition: beside.isManual && fits ? partition : null,
    },
    comment: null,
    after: after.map((task) => task.name),
    variables: {},
    options: {},
  };
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}_${number}`;
  return free;
}

function partitionOf(request: WorkflowRequest, task: string): PartitionSpec | null {
  const action = request.tasks.find((one) => one.name === task)?.action;
  return action?.kind === "refresh" ? action.partition : null;
}

function isManual({ schedule }: WorkflowRequest): boolean {
  return schedule.kind === "manual";
}

function keyOf({ catalog, database, name }: ObjectIdentifier): string {
  return JSON.stringify([catalog, database, name]);
}
