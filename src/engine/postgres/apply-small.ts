// Diff-apply for small slices, without temporary tables: one statement computes the query, checks
// the key and compares, and only what differs travels here and back as text. A small table that is
// refreshed every second would otherwise leave some thirty dead rows in PostgreSQL's catalogs each
// time. Text is what dumps and logical replication carry values in too, so it loses nothing.

import type { PartitionSpec } from "../../catalog/partition.ts";
import type { Tx } from "../../common/pg.ts";
import { ident, join, type Sql, sql, trusted } from "../../common/sql.ts";
import {
  checkVerified,
  mayMove,
  mergeCounts,
  type PartitionCount,
  type Publication,
  type Published,
} from "./publish.ts";
import { countByPartition, freeAlias, pairing, pairs, specOf, verifyStage } from "./publish-sql.ts";
import { columnList, nameOf, scopePredicate } from "./target-sql.ts";

/** A slice that has more rows than this is compared in temporary tables. */
export const smallSlice = 500;
/** So is one that grows beyond this, at the price of computing it again. */
const smallResult = 2_000;

interface Answer {
  readonly staged: number;
  readonly nullKey: string | null;
  readonly duplicateKey: string | null;
  readonly fits: boolean;
  readonly before: readonly PartitionCount[] | null;
  readonly after: readonly PartitionCount[] | null;
  readonly deleted: readonly string[] | null;
  readonly updated: readonly string[] | null;
  readonly updates: readonly string[] | null;
  readonly inserts: readonly string[] | null;
  readonly changed: readonly PartitionSpec[] | null;
}

/** Null, with nothing done, if the slice is not for this way after all. */
export async function applySmall(tx: Tx, publication: Publication): Promise<Published | null> {
  if (mayMove(publication)) return null;
  const [answer] = await tx.query<Answer>(compareStatement(publication));
  if (!answer || !answer.fits) return null;
  checkVerified(answer, publication);
  const { table } = publication;
  const deleted = answer.deleted ?? [];
  const updated = answer.updated ?? [];
  const inserts = answer.inserts ?? [];
  const name = nameOf(table);
  if (deleted.length > 0) {
    await tx.execute(sql`DELETE FROM ${name} AS t WHERE t.ctid = ANY (${deleted}::tid[])`);
  }
  if (updated.length > 0) await tx.execute(updateStatement(publication, updated, answer.updates));
  if (inserts.length > 0) {
    await tx.execute(sql`
      INSERT INTO ${name} (${columnList(table.columns)})
      SELECT ${fieldsOf(publication)} FROM unnest(${inserts}::text[]) AS r(new_text)`);
  }
  const before = answer.before ?? [];
  const existing = before.reduce((whole, { rowCount }) => whole + rowCount, 0);
  const changed = deleted.length + updated.length + inserts.length;
  const ratio = changed / Math.max(existing, answer.staged, 1);
  return {
    inserted: inserts.length,
    updated: updated.length,
    deleted: deleted.length,
    staged: answer.staged,
    tactic: "diff-apply",
    branch: `small slice, changed ${ratio.toFixed(2)}`,
    partitions: mergeCounts(before, answer.after ?? [], publication),
    changed: answer.changed ?? [],
  };
}

function compareStatement(publication: Publication): Sql {
  const { table, scope, select } = publication;
  const [old, fresh] = [freeAlias(table, "old_row"), freeAlias(table, "new_row")];
  const side = (alias: string, from: Sql, tid: Sql) => sql`
    SELECT ${tid} AS tid, ${ident(alias)} AS image, ${specOf(table, alias)} AS spec,
      ${pairing(publication, alias)}
    FROM ${from} AS ${ident(alias)}`;
  const { same, changed } = pairs(publication);
  const casts = table.columns.map(
    ({ name, type }) => sql`${ident("r", name)}::${trusted(type)} AS ${ident(name)}`,
  );
  const counts = (statement: Sql) => sql`(
    SELECT jsonb_agg(jsonb_build_object('spec', c.spec, 'rowCount', c.count))
    FROM (${statement}) AS c)`;
  const whole = { ...publication, scope: { kind: "whole" } } as const;
  const staged = trusted("staged");
  return sql`
    WITH computed AS MATERIALIZED (${select}),
    staged AS MATERIALIZED (SELECT ${join(casts)} FROM computed AS r),
    verdict AS (${verifyStage(staged, publication.primaryKey)}),
    d AS (
      SELECT o.tid, n.tid AS here, n.image, o.spec AS old_spec, n.spec AS new_spec
      FROM (${side(old, nameOf(table), sql`${ident(old)}.ctid`)}
            WHERE ${scopePredicate(scope, table, old)}) AS o
      FULL JOIN (${side(fresh, staged, trusted("TRUE"))}) AS n ON ${same}
      WHERE (o.tid IS NULL OR n.tid IS NULL${changed})
        AND (SELECT v.staged <= ${smallResult}::int FROM verdict v))
    SELECT v.*, v.staged <= ${smallResult}::int AND NOT ${isCut(publication)} AS fits,
      ${counts(countByPartition(nameOf(table), publication))} AS before,
      ${counts(countByPartition(staged, whole))} AS after,
      (SELECT array_agg(tid::text) FROM d WHERE here IS NULL) AS deleted,
      (SELECT array_agg(tid::text ORDER BY tid) FROM d WHERE here AND tid IS NOT NULL) AS updated,
      (SELECT array_agg(image::text ORDER BY tid) FROM d WHERE here AND tid IS NOT NULL) AS updates,
      (SELECT array_agg(image::text) FROM d WHERE tid IS NULL) AS inserts,
      (SELECT jsonb_agg(DISTINCT s.spec) FROM d, LATERAL (VALUES (old_spec), (new_spec)) s (spec)
       WHERE s.spec IS NOT NULL) AS changed
    FROM verdict v`;
}

/** An explicit cast cuts a text that an assignment would refuse; the other way then says so. */
function isCut({ table }: Publication): Sql {
  const limited = table.columns.filter(({ type }) => /^(character|bit)[^(]*\(\d+\)$/.test(type));
  if (limited.length === 0) return trusted("FALSE");
  const cut = limited.map(({ name, type }) => {
    const column = ident("r", name);
    return sql`${column}::text IS DISTINCT FROM ${column}::${trusted(type)}::text`;
  });
  return sql`EXISTS (SELECT FROM computed AS r WHERE ${join(cut, " OR ")})`;
}

/** The values of the text `r.new_text` of a row. */
function fieldsOf({ table }: Publication): Sql {
  return join(table.columns.map(({ name }) => sql`(r.new_text::${nameOf(table)}).${ident(name)}`));
}

function updateStatement(
  publication: Publication,
  tids: readonly string[],
  rows: readonly string[] | null,
): Sql {
  const { table } = publication;
  const columns = table.columns.map(({ name }) => ident(name));
  return sql`
    UPDATE ${nameOf(table)} AS t SET (${join(columns)}) = ROW(${fieldsOf(publication)})
    FROM unnest(${tids}::tid[], ${rows ?? []}::text[]) AS r(tid, new_text)
    WHERE t.ctid = r.tid`;
}
