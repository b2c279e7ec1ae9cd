// Brings computed rows into the table, inside the refresh transaction. Readers see the old rows
// until COMMIT and never wait: nothing here takes more than ROW EXCLUSIVE.
//
//   diff-apply      stage, verify, compare, then DELETE, UPDATE, INSERT of what differs; if more
//                   than the given share of the slice differs, the slice is deleted and the staged
//                   rows are inserted instead
//   delete-insert   the slice is deleted and the query's rows go straight into the table; the first
//                   load is one (nothing to compare with). Keys are verified afterwards, by the
//                   unique index or by a query.

import { present } from "../../common/assert.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import type { Tx } from "../../common/pg.ts";
import { isServerError } from "../../common/postgres-error.ts";
import { ident, type Sql, sql } from "../../common/sql.ts";
import { type PartitionSpec, renderPartition } from "../../catalog/partition.ts";
import type { RefreshMeasures } from "../engine.ts";
import type { PublishTactic } from "../refresh-step.ts";
import {
  changedPartitions,
  countByPartition,
  countDifference,
  createDifference,
  createStage,
  deleteGone,
  deleteMoved,
  deleteScope,
  insertAll,
  insertNew,
  pairMoved,
  recastStage,
  selectStage,
  type Slice,
  stage,
  stageFits,
  updateChanged,
  verifyStage,
} from "./publish-sql.ts";
import { nameOf } from "./target-sql.ts";

/** Everything that publishing needs to know. */
export interface Publication extends Slice {
  /** Yields the columns of the table, in order, for the scope. */
  readonly select: Sql;
  readonly tactic: PublishTactic;
  readonly rewriteAbove: number;
  readonly maxRows: number | null;
  /** A unique index on the key stands. */
  readonly keyIndexed: boolean;
}

export type Published = Omit<RefreshMeasures, "dataTimestamp" | "reason">;

export interface PartitionCount {
  readonly spec: PartitionSpec;
  readonly rowCount: number;
}

/** Publishes by changes, or rewrites the slice if too much changed. */
export async function applyDifference(tx: Tx, publication: Publication): Promise<Published> {
  const before = await countPartitions(tx, nameOf(publication.table), publication);
  await fillStage(tx, publication);
  const staged = await verify(tx, stage, publication);
  const after = await countPartitions(tx, stage, { ...publication, scope: { kind: "whole" } });
  const partitions = mergeCounts(before, after, publication);
  const existing = sum(before);
  if (existing === 0 && !mayMove(publication)) {
    const inserted = await tx.execute(insertAll(publication, selectStage(publication)));
    const counts = { inserted, updated: 0, deleted: 0, staged, changed: withRows(after) };
    return { ...counts, tactic: "diff-apply", branch: "the slice was empty", partitions };
  }
  const counts = await compare(tx, publication);
  const rows = counts.inserted + counts.updated + counts.deleted;
  const changed = rows === 0 ? [] : await findChanged(tx, publication);
  const ratio = rows / Math.max(existing, staged, 1);
  const limit = publication.rewriteAbove.toFixed(2);
  // A few rows are changed one by one whatever their share.
  if (ratio > publication.rewriteAbove && rows > 100) {
    const rewritten = await rewriteFromStage(tx, publication);
    const branch = `changed ${ratio.toFixed(2)} > ${limit}`;
    return { ...rewritten, staged, tactic: "delete-insert", branch, partitions, changed };
  }
  if (counts.deleted > 0) await tx.execute(deleteGone(publication));
  if (counts.updated > 0) await tx.execute(updateChanged(publication));
  if (counts.inserted > 0) await tx.execute(insertNew(publication));
  const branch = `changed ${ratio.toFixed(2)} <= ${limit}`;
  return { ...counts, staged, tactic: "diff-apply", branch, partitions, changed };
}

async function findChanged(tx: Tx, publication: Publication): Promise<readonly PartitionSpec[]> {
  if (publication.table.partitionKeys.length === 0) return [{}];
  const rows = await tx.query<{ spec: PartitionSpec }>(changedPartitions(publication));
  return rows.map(({ spec }) => spec);
}

/** Partitions of the counts, each once, that have rows in one of them. */
export function withRows(...counts: readonly (readonly PartitionCount[])[]): PartitionSpec[] {
  const filled = counts.flat().filter(({ rowCount }) => rowCount > 0);
  return [...new Map(filled.map(({ spec }) => [JSON.stringify(spec), spec])).values()];
}

interface Changes {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

async function compare(tx: Tx, publication: Publication): Promise<Changes> {
  await tx.execute(createDifference(publication));
  const counts = await countsOf(tx);
  if (counts.inserted === 0 || !mayMove(publication)) return counts;
  const moved = await tx.execute(pairMoved(publication));
  return moved === 0 ? counts : countsOf(tx);
}

async function countsOf(tx: Tx): Promise<Changes> {
  const [row] = await tx.query<Changes>(countDifference);
  return row ?? { inserted: 0, updated: 0, deleted: 0 };
}

/**
 * True if a staged key may stand in a partition outside the scope: the key does not hold the
 * partition columns.
 */
export function mayMove({ scope, primaryKey }: Slice): boolean {
  if (scope.kind === "whole" || primaryKey.length === 0) return false;
  return scope.specs.some((spec) => Object.keys(spec).some((key) => !primaryKey.includes(key)));
}

async function rewriteFromStage(tx: Tx, publication: Publication): Promise<Changes> {
  let deleted = await tx.execute(deleteScope(publication));
  if (mayMove(publication)) deleted += await tx.execute(deleteMoved(publication));
  const inserted = await tx.execute(insertAll(publication, selectStage(publication)));
  return { inserted, updated: 0, deleted };
}

/** Publishes by deleting the slice and inserting the query's rows without staging them. */
export async function rewriteDirectly(tx: Tx, publication: Publication): Promise<Published> {
  if (mayMove(publication)) return rewriteStaged(tx, publication);
  const { table } = publication;
  const before = await countPartitions(tx, nameOf(table), publication);
  const deleted = sum(before) > 0 ? await tx.execute(deleteScope(publication)) : 0;
  const inserted = await insertQuery(tx, publication);
  checkSize(inserted, publication);
  // The index has found duplicates already, and a NOT NULL column its nulls.
  if (publication.keyIndexed) await verifyNulls(tx, publication);
  else if (publication.primaryKey.length > 0) await verify(tx, nameOf(table), publication);
  const after = await countPartitions(tx, nameOf(table), publication);
  return {
    inserted,
    updated: 0,
    deleted,
    staged: inserted,
    tactic: "delete-insert",
    branch: deleted === 0 ? "the slice was empty" : "rewritten as planned",
    partitions: mergeCounts(before, after, publication),
    changed: withRows(before, after),
  };
}

async function rewriteStaged(tx: Tx, publication: Publication): Promise<Published> {
  const before = await countPartitions(tx, nameOf(publication.table), publication);
  await fillStage(tx, publication);
  const staged = await verify(tx, stage, publication);
  const after = await countPartitions(tx, stage, { ...publication, scope: { kind: "whole" } });
  const counts = await rewriteFromStage(tx, publication);
  return {
    ...counts,
    staged,
    tactic: "delete-insert",
    branch: "rewritten as planned",
    partitions: mergeCounts(before, after, publication),
    changed: withRows(before, after),
  };
}

async function insertQuery(tx: Tx, publication: Publication): Promise<number> {
  try {
    return await tx.execute(insertAll(publication, publication.select));
  } catch (error) {
    if (!isServerError(error) || error.code !== "23505" || !publication.keyIndexed) throw error;
    // The only unique index on a stored table is that of its key.
    throw duplicateKey(publication, error.detail ?? "", error);
  }
}

/** Computes the query into the stage, in the types of the table. */
async function fillStage(tx: Tx, publication: Publication): Promise<void> {
  await tx.execute(createStage(publication.select));
  const [row] = await tx.query<{ fits: boolean }>(stageFits(publication.table));
  if (row?.fits) return;
  for (const statement of recastStage(publication.table)) await tx.execute(statement);
}

export interface Verified {
  readonly staged: number;
  readonly nullKey: string | null;
  readonly duplicateKey: string | null;
}

/**
 * Checks size and key; gives the number of rows. Throws MT-MAX-ROWS, MT-PK-NULL, MT-PK-DUPLICATE.
 */
export async function verify(tx: Tx, from: Sql, publication: Publication): Promise<number> {
  const [row] = await tx.query<Verified>(verifyStage(from, publication.primaryKey));
  const verified = present(row, "the check yields a row");
  checkVerified(verified, publication);
  return verified.staged;
}

/** Throws if the checks found something. */
export function checkVerified(verified: Verified, publication: Publication): void {
  checkSize(verified.staged, publication);
  if (verified.nullKey !== null) throw nullKey(publication, verified.nullKey);
  if (verified.duplicateKey === null) return;
  throw duplicateKey(publication, `Key ${verified.duplicateKey}.`);
}

/** Nulls are distinct to a unique index, so it lets them pass; it finds them too. */
async function verifyNulls(tx: Tx, publication: Publication): Promise<void> {
  for (const key of publication.primaryKey) {
    const rows = sql`(SELECT * FROM ${nameOf(publication.table)} AS t
      WHERE ${ident("t", key)} IS NULL LIMIT 1) AS n`;
    const [row] = await tx.query<Verified>(verifyStage(rows, [key]));
    if (row?.nullKey) throw nullKey(publication, row.nullKey);
  }
}

function checkSize(rows: number, { maxRows }: Publication): void {
  if (maxRows === null || rows <= maxRows) return;
  throw new GatewayError("MT-MAX-ROWS", `the query yields ${rows} rows, more than ${maxRows}`, {
    hint: "Raise 'refresh.max-rows' if that is meant.",
  });
}

function nullKey({ table }: Slice, key: string): GatewayError {
  const name = `${table.database}.${table.name}`;
  return new GatewayError("MT-PK-NULL", `the query yields a null in the primary key of ${name}`, {
    detail: `Key ${key}.`,
  });
}

function duplicateKey({ table }: Slice, detail: string, cause?: unknown): GatewayError {
  const name = `${table.database}.${table.name}`;
  const message = `the query yields two rows of one primary key of ${name}`;
  return new GatewayError("MT-PK-DUPLICATE", message, { detail, cause });
}

/** Rows per partition of the scope. */
export async function countPartitions(
  tx: Tx,
  from: Sql,
  slice: Slice,
): Promise<readonly PartitionCount[]> {
  const rows = await tx.query<{ spec: PartitionSpec; count: number }>(
    countByPartition(from, slice),
  );
  return rows.map(({ spec, count }) => ({ spec, rowCount: count }));
}

/** What is there now; partitions that were there before and have no rows any more count 0. */
export function mergeCounts(
  before: readonly PartitionCount[],
  after: readonly PartitionCount[],
  { table }: Slice,
): PartitionCount[] {
  const keys = table.partitionKeys;
  const counts = new Map<string, PartitionCount>();
  const put = (spec: PartitionSpec, rowCount: number) =>
    counts.set(renderPartition(spec, keys), { spec, rowCount });
  for (const { spec } of before) put(spec, 0);
  for (const { spec, rowCount } of after) {
    if (rowCount > 0 || !counts.has(renderPartition(spec, keys))) put(spec, rowCount);
  }
  return [...counts.values()];
}

function sum(counts: readonly PartitionCount[]): number {
  return counts.reduce((whole, { rowCount }) => whole + rowCount, 0);
}
