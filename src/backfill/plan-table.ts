// The backfill of a table, planned: the units of its time keys, or the values of a key that is not
// time, which its query is asked for. Reads only.

import type { Catalog } from "../catalog/catalog.ts";
import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import { GatewayError } from "../common/gateway-error.ts";
import type { WorkflowId } from "../common/ids.ts";
import type { Database, Tx } from "../common/pg.ts";
import { ident, sql, trusted } from "../common/sql.ts";
import { type DataInterval, dataInterval } from "../common/time.ts";
import { type QueryAnalysis, whyNotLocal } from "../query/query-analysis.ts";
import type { Texts } from "../scheduler/scheduler.ts";
import { storageMissing } from "../refresh/alter-table.ts";
import { cellKeysOf, cellRuleOf } from "../refresh/cell-rule.ts";
import { findTable } from "../refresh/find-table.ts";
import { resolveSpec } from "../refresh/partition-spec.ts";
import type { CellRule } from "../refresh/partition-variables.ts";
import { loadAnalysis } from "../refresh/stored-analysis.ts";
import { readClock } from "../workflows/stored-workflow.ts";
import { loadTimeLedger, loadValueLedger } from "./ledger-facts.ts";
import {
  checkRange,
  type How,
  judgeUnits,
  judgeValues,
  notBefore,
  type Planned,
  planUnits,
} from "./plan.ts";
import { boundOf } from "./range-bounds.ts";
import type { Unit } from "./unit-grid.ts";

export interface PlanServices {
  readonly database: Database;
  readonly catalog: Catalog;
}

export interface Range {
  readonly from: string;
  readonly to: string;
}

/** What will be backfilled, with its intervals in order of time or value. */
export interface Plan {
  readonly workflowId: WorkflowId;
  /** Null: a workflow of users. */
  readonly table: MaterializedTable | null;
  /** What the range is as time; null for keys that are not time. */
  readonly period: DataInterval | null;
  readonly intervals: readonly Planned[];
  /** Of a workflow: its variables as a run of that interval will have them. */
  readonly variablesOf?: (interval: DataInterval) => Texts;
}

/** Throws MT-NOTFOUND, MT-STORAGE-MISSING, MT-PARTITION-NOT-LOCAL, MT-SPEC-VALUE, BF-*. */
export async function planTable(
  tx: Tx,
  services: PlanServices,
  asked: { readonly identifier: ObjectIdentifier; readonly range: Range },
  how: Omit<How, "now">,
): Promise<Plan> {
  const table = await findTable(services, asked.identifier, "alter");
  if ((await services.catalog.relationOf(tx, table.id)) === null) {
    throw storageMissing(table.identifier);
  }
  const [key] = table.partitionKeys;
  if (key === undefined) throw notPartitioned(table);
  const now = await readClock(tx);
  const analysis = await loadAnalysis(tx, table.id);
  const keys = cellKeysOf(table);
  refuseNotLocal(table, analysis, keys?.times.map(({ column }) => column) ?? [key]);
  const rule = cellRuleOf(table, analysis);
  const { workflowId } = table;
  if (rule === null) {
    const intervals = await planValues(tx, table, { key, range: asked.range }, { ...how, now });
    return { workflowId, table, period: null, intervals };
  }
  const { from, to } = asked.range;
  const bounds = { from: boundOf(rule.keys, from), to: boundOf(rule.keys, to) };
  const units = planUnits(table, rule, checkRange(bounds, now), now);
  if (units.length === 0) throw nothingIn(asked.range);
  return planOfUnits(tx, table, rule, { units, how: { ...how, now } });
}

/** Units judged by the ledger; there is at least one. */
export async function planOfUnits(
  tx: Tx,
  table: MaterializedTable,
  rule: CellRule,
  { units, how }: { readonly units: readonly Unit[]; readonly how: How },
): Promise<Plan> {
  const { workflowId } = table;
  const [first, last] = [units[0], units.at(-1)];
  if (first === undefined || last === undefined) {
    return { workflowId, table, period: null, intervals: [] };
  }
  const period = dataInterval(first.interval.start, last.interval.end);
  const looksAtCells = how.reprocess !== "all" || how.withRows;
  const ledger = await loadTimeLedger(tx, table, rule.keys, looksAtCells ? period : null);
  const intervals = judgeUnits(table, rule.keys, units, { ledger, how });
  return { workflowId, table, period, intervals };
}

async function planValues(
  tx: Tx,
  table: MaterializedTable,
  asked: { readonly key: string; readonly range: Range },
  how: How,
): Promise<readonly Planned[]> {
  const { key, range } = asked;
  const values = await withPins(tx, table, () => loadValues(tx, table, key, range));
  if (values.length === 0) throw nothingIn(range);
  const ledger = await loadValueLedger(tx, table, key);
  return judgeValues(table, key, values, { ledger, how });
}

/** The values that the query yields in the range, in their order. */
async function loadValues(
  tx: Tx,
  table: MaterializedTable,
  key: string,
  range: Range,
): Promise<readonly string[]> {
  const from = (await resolveSpec(tx, table, { [key]: range.from }))[key];
  const to = (await resolveSpec(tx, table, { [key]: range.to }))[key];
  const type = trusted(table.columns.find(({ name }) => name === key)?.type ?? "text");
  const [order] = await tx.query<{ holds: boolean }>(
    sql`SELECT CAST(${from}::text AS ${type}) < CAST(${to}::text AS ${type}) AS holds`,
  );
  if (order?.holds !== true) throw notBefore();
  const rows = await tx.query<{ value: string }>(sql`
    SELECT v.label AS value FROM (
      SELECT DISTINCT q.${ident(key)} AS key, q.${ident(key)}::pg_catalog.text AS label
      FROM (${trusted(table.expandedQuery)}) AS q
      WHERE q.${ident(key)} >= CAST(${from}::text AS ${type})
        AND q.${ident(key)} < CAST(${to}::text AS ${type})) AS v
    ORDER BY v.key, v.label LIMIT 100001`);
  return rows.map(({ value }) => value);
}

/** As for a refresh: the query means the same here as there. What follows has its own again. */
async function withPins<T>(
  tx: Tx,
  { timeZone }: MaterializedTable,
  body: () => Promise<T>,
): Promise<T> {
  const pin = async (zone: string, path: string, security: string) =>
    tx.query<{ zone: string; path: string; security: string }>(sql`
      WITH old AS MATERIALIZED (
        SELECT pg_catalog.current_setting('TimeZone') AS zone,
          pg_catalog.current_setting('search_path') AS path,
          pg_catalog.current_setting('row_security') AS security)
      SELECT old.*, pg_catalog.set_config('TimeZone', ${zone}, true),
        pg_catalog.set_config('search_path', ${path}, true),
        pg_catalog.set_config('row_security', ${security}, true)
      FROM old`);
  const [old] = await pin(timeZone, "", "off");
  const value = await body();
  if (old !== undefined) await pin(old.zone, old.path, old.security);
  return value;
}

export function nothingIn({ from, to }: Range): GatewayError {
  return new GatewayError("BF-EMPTY", `nothing from "${from}" to "${to}" can be computed`, {
    detail: "An interval belongs to the range in which it begins, and must have ended.",
    hint: "WITH ('dry-run' = 'true') lists the intervals of a range.",
  });
}

function notPartitioned({ identifier }: MaterializedTable): GatewayError {
  const message = `materialized table "${identifier.name}" is not partitioned`;
  return new GatewayError("BF-NOT-PARTITIONED", message, {
    hint: "ALTER MATERIALIZED TABLE … REFRESH computes it whole.",
  });
}

function refuseNotLocal(
  table: MaterializedTable,
  analysis: QueryAnalysis,
  keys: readonly string[],
): void {
  const reason = whyNotLocal(analysis, keys);
  if (reason === null) return;
  const message = `materialized table "${table.identifier.name}" can only be refreshed whole`;
  throw new GatewayError("MT-PARTITION-NOT-LOCAL", message, {
    detail: `The rows of one partition depend on others: ${reason.message} [${reason.code}].`,
    hint: "REFRESH without PARTITION refreshes it.",
  });
}
