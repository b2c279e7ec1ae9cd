// From a request to the steps of one refresh: a decision tree without I/O and without clock.
// EXPLAIN prints what comes out (explain-refresh.ts), the refresher runs it; there is no second
// path.
//
// The scope is decided first: partitions where the request names some and they can be computed
// alone, else the whole table with the reason. The rest of the tree (changes applied, or the slice
// rewritten when too much changed) is in the publish step, for only the engine can measure.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { PartitionSpec } from "../catalog/partition.ts";
import { unreachable } from "../common/assert.ts";
import type { PublishTactic, RefreshScope, RefreshStep } from "../engine/refresh-step.ts";
import { type LocalityReason, type QueryAnalysis, whyNotLocal } from "../query/query-analysis.ts";
import { namedSourcesOf, restrictionsFor } from "../query/restrictions.ts";
import type { TimedCell } from "./cells.ts";
import { cellRuleOf } from "./cell-rule.ts";
import { cellsMeetingRule, cellsOfSlot } from "./partition-variables.ts";
import type { RefreshRequest } from "./refresh-request.ts";
import { policiesOf } from "./table-policies.ts";

/**
 * Above this share of changed rows the slice is deleted and inserted instead of changed row by row.
 */
const rewriteAbove = 0.3;

export interface RefreshPlan {
  readonly scope: RefreshScope;
  readonly steps: readonly RefreshStep[];
  /**
   * Why the whole table is computed although partitions were asked for; null if they were not, or
   * are.
   */
  readonly wholeBecause: LocalityReason | null;
  /** What EXPLAIN says about the reading of base tables. */
  readonly notes: readonly string[];
}

/** Null: there is nothing to compute, the slot meets no cell of the ledger. */
export function planRefresh(
  table: MaterializedTable,
  analysis: QueryAnalysis,
  request: RefreshRequest,
  isFrozen: (cell: TimedCell) => boolean,
): RefreshPlan | null {
  const asked = askedPartitions(table, analysis, request, isFrozen);
  if (asked !== null && asked.length === 0) return null;
  const wholeBecause = asked === null ? null : localityOf(analysis, asked);
  const partial = asked !== null && wholeBecause === null;
  const scope: RefreshScope = partial ? { kind: "partitions", specs: asked } : { kind: "whole" };
  const reading = restrictionsFor({
    analysis,
    columns: table.columns,
    partitionTimes: table.partitionTimes,
    specs: partial ? asked : [],
    timeZone: table.timeZone,
    namedSources: namedSourcesOf(table.options),
  });
  const restrictions = partial ? reading.restrictions : [];
  const tactic = tacticOf(request, scope);
  const policies = policiesOf(table);
  const primaryKey = table.primaryKey;
  return {
    scope,
    wholeBecause,
    notes: partial ? reading.notes : [],
    steps: [
      { kind: "lock", relations: lockedRelations(analysis) },
      { kind: "stage", query: table.expandedQuery, scope, restrictions },
      { kind: "verify", primaryKey, maxRows: policies.maxRows },
      { kind: "publish", scope, tactic, primaryKey, rewriteAbove },
    ],
  };
}

/** A first load finds nothing to compare with; everything else changes as few rows as it can. */
function tacticOf(request: RefreshRequest, scope: RefreshScope): PublishTactic {
  if (request.kind !== "initial") return "diff-apply";
  return scope.kind === "whole" ? "swap" : "delete-insert";
}

/** The partitions a request is about; null: the whole table. */
function askedPartitions(
  table: MaterializedTable,
  analysis: QueryAnalysis,
  request: RefreshRequest,
  isFrozen: (cell: TimedCell) => boolean,
): readonly PartitionSpec[] | null {
  switch (request.kind) {
    case "initial":
      return request.partitions;
    case "manual":
      return request.partitions.length === 0 ? null : request.partitions;
    case "repair":
      return request.partitions;
    case "scheduled": {
      const rule = cellRuleOf(table, analysis);
      if (rule === null) return null;
      const cells = cellsOfSlot(rule, request.interval);
      if (cells === null) return null;
      return cells.filter((cell) => !isFrozen(cell)).map((cell) => cell.spec);
    }
    case "backfill": {
      const { partitions, force } = request;
      if (partitions !== null) return partitions.length === 0 ? null : partitions;
      const rule = cellRuleOf(table, analysis);
      if (rule === null) return null;
      const cells = cellsMeetingRule(rule, request.interval);
      return cells.filter((cell) => force || !isFrozen(cell)).map((cell) => cell.spec);
    }
    default:
      return unreachable(request);
  }
}

/** Null if every spec can be computed alone. */
function localityOf(
  analysis: QueryAnalysis,
  specs: readonly PartitionSpec[],
): LocalityReason | null {
  const keys = new Set(specs.flatMap((spec) => Object.keys(spec)));
  return whyNotLocal(analysis, [...keys]);
}

/** What the query names and PostgreSQL can lock; a view locks what it stands on by itself. */
function lockedRelations(analysis: QueryAnalysis): readonly string[] {
  return analysis.sources
    .filter((source) => !source.throughView)
    .filter(({ kind }) => kind === "table" || kind === "partitioned" || kind === "view")
    .toSorted((a, b) => a.oid - b.oid)
    .map((source) => `${source.schema}.${source.name}`);
}
