// The language between planner and engine. A plan is a list of these values: the planner makes them
// without I/O, EXPLAIN prints them, the engine runs them inside one transaction.

import type { PartitionSpec } from "../catalog/partition.ts";
import type { SourceRange } from "../query/restrictions.ts";

/**
 * A range that a base table is restricted to, besides the outer predicate: `column >= from AND
 * column < to` on one reference of `relation` inside the query. Bounds are texts that PostgreSQL
 * casts to the column's type. Made by query/restrictions.ts, valid for the query text it was made
 * from only.
 */
export type BaseRestriction = SourceRange;

/** What is recomputed: everything, or a set of partitions. */
export type RefreshScope =
  | { readonly kind: "whole" }
  | { readonly kind: "partitions"; readonly specs: readonly PartitionSpec[] };

/** How staged rows are brought into the table. */
export const publishTactics = ["diff-apply", "delete-insert", "swap"] as const;
export type PublishTactic = (typeof publishTactics)[number];

export type RefreshStep =
  /** Locks the relations that the query reads and the target, in oid order, before any snapshot. */
  | { readonly kind: "lock"; readonly relations: readonly string[] }
  /** Computes the query, restricted to the scope, into a staging table of the target's row type. */
  | {
      readonly kind: "stage";
      readonly query: string;
      readonly scope: RefreshScope;
      readonly restrictions: readonly BaseRestriction[];
    }
  /** Checks staged rows: duplicates and nulls in the declared key, `maxRows`. */
  | {
      readonly kind: "verify";
      readonly primaryKey: readonly string[];
      readonly maxRows: number | null;
    }
  /** Publishes: the preferred tactic, and the change ratio above which delete-insert takes over. */
  | {
      readonly kind: "publish";
      readonly scope: RefreshScope;
      readonly tactic: PublishTactic;
      readonly primaryKey: readonly string[];
      readonly rewriteAbove: number;
    };

export type StageStep = Extract<RefreshStep, { readonly kind: "stage" }>;
