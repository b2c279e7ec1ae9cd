// EXPLAIN of ours (the plan that a refresh or CREATE would run) and of a query (one row, column
// `result`).

import type { AlterMaterializedTableAs } from "./alter-materialized-table-as.ts";
import type { AlterMaterializedTableBackfill } from "./alter-materialized-table-backfill.ts";
import type { AlterMaterializedTableRefresh } from "./alter-materialized-table-refresh.ts";
import type { CreateMaterializedTable } from "./create-materialized-table.ts";
import type { QualifiedName } from "./name.ts";
import type { Passthrough } from "./passthrough.ts";

export const explainDetails = [
  "ESTIMATED_COST",
  "CHANGELOG_MODE",
  "JSON_EXECUTION_PLAN",
  "PLAN_ADVICE",
] as const;
export type ExplainDetail = (typeof explainDetails)[number];

/** `EXPLAIN MATERIALIZED TABLE t`: what its next refresh would do. */
export interface ExplainMaterializedTable {
  readonly kind: "materialized-table";
  readonly name: QualifiedName;
}

export type ExplainTarget =
  | CreateMaterializedTable
  | AlterMaterializedTableAs
  | AlterMaterializedTableRefresh
  | AlterMaterializedTableBackfill
  | ExplainMaterializedTable
  | Passthrough;

export interface Explain {
  readonly kind: "explain";
  /** Flink's details; PLAN FOR and nothing are both an empty list. */
  readonly details: readonly ExplainDetail[];
  /**
   * PostgreSQL's own options as written, `(ANALYZE, FORMAT JSON)` or `ANALYZE VERBOSE`; only for a
   * passthrough.
   */
  readonly postgresOptions: string | null;
  readonly target: ExplainTarget;
}
