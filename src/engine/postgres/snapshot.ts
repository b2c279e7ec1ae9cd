// The beginning of a refresh transaction, in an order that matters: settings that take no snapshot,
// locks, and only then the first query. TRUNCATE, ATTACH and rewrites are not MVCC: a snapshot
// taken before the locks could see an empty table that never was. LOCK TABLE and SET take none.

import { GatewayError } from "../../common/gateway-error.ts";
import type { Clock } from "../../common/clock.ts";
import { type Database, databaseClock, hasSqlState, type Tx } from "../../common/pg.ts";
import { ident, join, literal, type Sql, sql, trusted } from "../../common/sql.ts";
import type { Duration, Instant } from "../../common/time.ts";
import type { RefreshTarget } from "../engine.ts";
import type { BaseRestriction, RefreshScope } from "../refresh-step.ts";
import { type LiveColumn, nameOf, scopePredicate } from "./target-sql.ts";

/** A relation to be locked, as it was found before the transaction. */
export interface Lockable {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly isTarget: boolean;
}

export interface LockPatience {
  /** How long one attempt waits for all locks. */
  readonly timeout: Duration;
  readonly attempts: number;
  readonly pause: Duration;
}

/**
 * Finds what is to be locked, in OID order, outside the transaction (a query in it would take the
 * snapshot). `relations`: `schema.name` as stored. Throws MT-STORAGE-MISSING, MT-SOURCE-MISSING.
 */
export async function findLockables(
  database: Database,
  target: RefreshTarget,
  relations: readonly string[],
): Promise<readonly Lockable[]> {
  const wanted = [
    { schema: target.database, name: target.name, text: "", isTarget: true },
    ...relations.flatMap(splits),
  ];
  const rows = await database.query<Lockable & { text: string; relkind: string }>(sql`
    SELECT c.oid::int8 AS oid, n.nspname AS schema, c.relname AS name, w.text, c.relkind,
      w.is_target AS "isTarget"
    FROM unnest(${wanted.map((each) => each.schema)}::text[],
      ${wanted.map((each) => each.name)}::text[],
      ${wanted.map((each) => each.text)}::text[], ${wanted.map((each) => each.isTarget)}::bool[])
      AS w(schema, name, text, is_target)
    JOIN pg_namespace n ON n.nspname = w.schema
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
    ORDER BY c.oid, w.is_target DESC`);
  const storage = rows.find((row) => row.isTarget);
  if (!storage || !["r", "p"].includes(storage.relkind)) {
    throw new GatewayError("MT-STORAGE-MISSING", `the table of ${target.displayName} is gone`, {
      hint: "CREATE OR ALTER MATERIALIZED TABLE makes it again.",
    });
  }
  const missing = relations.find((text) => !rows.some((row) => row.text === text));
  if (missing !== undefined) throw sourceMissing(missing);
  return rows.filter((row) => ["r", "p", "v"].includes(row.relkind));
}

function sourceMissing(name: string, cause?: unknown): GatewayError {
  return new GatewayError("MT-SOURCE-MISSING", `the query reads ${name}, which does not exist`, {
    detail: "It was dropped or renamed after the table was defined.",
    hint: "Bring it back, or give the table another query with ALTER MATERIALIZED TABLE … AS.",
    cause,
  });
}

/** The ways to read `schema.name` where names themselves have dots. */
function splits(text: string) {
  return [...text.matchAll(/\./g)].map(({ index }) => ({
    schema: text.slice(0, index),
    name: text.slice(index + 1),
    text,
    isTarget: false,
  }));
}

/**
 * Everything that the result of a query could depend on besides the data, for this transaction
 * alone.
 */
export function pins(target: RefreshTarget, serverVersion: number, serial = false): Sql {
  const settings: [string, string][] = [
    ["search_path", ""],
    ["row_security", "off"],
    ["TimeZone", target.timeZone],
    ["DateStyle", "ISO, YMD"],
    ["IntervalStyle", "postgres"],
    ["extra_float_digits", "1"],
    ["bytea_output", "hex"],
    ["standard_conforming_strings", "on"],
    ["transform_null_equals", "off"],
    ["statement_timeout", "0"],
    ["idle_in_transaction_session_timeout", "60s"],
    ["client_connection_check_interval", "2s"],
    ["default_transaction_read_only", "off"],
    ["application_name", `sluice refresh ${target.displayName}`.slice(0, 63)],
    ["sluice.refresh", "on"],
  ];
  if (serial) settings.push(["max_parallel_workers_per_gather", "0"]);
  if (serverVersion >= 170_000) settings.push(["transaction_timeout", "0"]);
  const statements = settings.map(
    ([name, value]) => sql`SET LOCAL ${trusted(name)} = ${literal(value)}`,
  );
  return join(statements, "; ");
}

export interface LockPlan {
  readonly lockables: readonly Lockable[];
  /** Statements that go before, in the same round trip. */
  readonly settings: Sql;
  readonly patience: LockPatience;
}

/**
 * Locks sources against DDL and the target against other refreshes, sources and target in one order
 * of OIDs.
 */
export async function takeLocks(tx: Tx, plan: LockPlan, clock: Clock): Promise<void> {
  const { lockables, settings, patience } = plan;
  const statements = lockables.map((each) => {
    const mode = trusted(each.isTarget ? "ROW EXCLUSIVE" : "ACCESS SHARE");
    return sql`LOCK TABLE ${ident(each.schema, each.name)} IN ${mode} MODE`;
  });
  const timeout = literal(`${Math.ceil(patience.timeout)}ms`);
  const locks = sql`SET LOCAL lock_timeout = ${timeout}; ${join(statements, "; ")};
    SET LOCAL lock_timeout = 0; RELEASE SAVEPOINT sluice_locks`;
  let before = sql`${settings}; SAVEPOINT sluice_locks`;
  for (let attempt = 1; ; attempt++) {
    try {
      await tx.execute(sql`${before}; ${locks}`);
      return;
    } catch (error) {
      if (hasSqlState(error, "42P01")) throw sourceMissing("a relation", error);
      if (!hasSqlState(error, "55P03")) throw error;
      if (attempt >= patience.attempts) throw busy(lockables, error);
      // Some locks were had: waiting with them in hand would hold up others.
      before = trusted("ROLLBACK TO SAVEPOINT sluice_locks");
      await tx.execute(before);
      await clock.sleep(patience.pause);
    }
  }
}

function busy(lockables: readonly Lockable[], cause: unknown): GatewayError {
  const names = lockables.map((each) => `${each.schema}.${each.name}`).join(", ");
  return new GatewayError("MT-BUSY", "the locks of the refresh could not be had in time", {
    detail: `Somebody holds or waits for a stronger lock on one of ${names}.`,
    cause,
  });
}

/** What the first query saw. */
export interface Guard {
  readonly dataTimestamp: Instant;
  /** Columns of the target in the order of its row type. */
  readonly columns: readonly LiveColumn[];
  /** False if a base column is not of the type any more for which a restriction was made. */
  readonly restrictionsHold: boolean;
  /** True if a unique index on exactly the primary key stands. */
  readonly keyIndexed: boolean;
  /** Rows in the slice, as far as they were counted. */
  readonly existing: number;
}

export interface SnapshotPlan {
  readonly restrictions: readonly BaseRestriction[];
  readonly scope: RefreshScope;
  readonly primaryKey: readonly string[];
  /** Rows of the slice are counted up to here. */
  readonly countUpTo: number;
}

/** Takes the snapshot, and reads the clock and all that the steps rely on in the same statement. */
export async function takeSnapshot(
  tx: Tx,
  target: RefreshTarget,
  { restrictions, scope, primaryKey, countUpTo }: SnapshotPlan,
): Promise<Guard> {
  const slice = scopePredicate(scope, target, "t");
  const relation = sql`${literal(`${quoted(target.database)}.${quoted(target.name)}`)}::regclass`;
  const [row] = await tx.query<Omit<Guard, "columns"> & { columns: LiveColumn[] | null }>(sql`
    SELECT ${databaseClock} AS "dataTimestamp",
      (SELECT jsonb_agg(jsonb_build_object('name', a.attname,
          'type', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum)
        FROM pg_attribute a
        WHERE a.attrelid = ${relation} AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
      ${typesHold(restrictions)} AS "restrictionsHold",
      (SELECT count(*) FROM (SELECT FROM ${nameOf(target)} AS t WHERE ${slice}
        LIMIT ${countUpTo}::int) AS slice) AS existing,
      EXISTS (SELECT FROM pg_index i
        WHERE i.indrelid = ${relation} AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
          AND (SELECT array_agg(a.attname::text ORDER BY a.attname)
               FROM unnest(i.indkey::int2[]) k JOIN pg_attribute a
                 ON a.attrelid = i.indrelid AND a.attnum = k)
            = ${primaryKey.toSorted()}::text[]) AS "keyIndexed"`);
  const columns = row?.columns ?? [];
  const names = (list: readonly { readonly name: string }[]) =>
    list
      .map((each) => each.name)
      .toSorted()
      .join("\0");
  if (!row || names(columns) !== names(target.columns)) {
    throw new GatewayError(
      "MT-STORAGE-MISSING",
      `the table of ${target.displayName} has other columns than its definition`,
      { hint: "Undo what changed it from outside, or use CREATE OR ALTER MATERIALIZED TABLE." },
    );
  }
  return { ...row, columns };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function typesHold(restrictions: readonly BaseRestriction[]): Sql {
  const bases = new Map(restrictions.map((each) => [`${each.relation}.${each.column}`, each]));
  if (bases.size === 0) return trusted("TRUE");
  const checks = [...bases.values()].map(({ relation, column, columnType }) => {
    const names = splits(relation);
    return sql`EXISTS (
      SELECT FROM unnest(${names.map((each) => each.schema)}::text[],
        ${names.map((each) => each.name)}::text[]) AS w(schema, name)
      JOIN pg_namespace n ON n.nspname = w.schema
      JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
      JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE a.attname = ${column}
        AND NOT a.attisdropped AND format_type(a.atttypid, a.atttypmod) = ${columnType})`;
  });
  return join(checks, " AND ");
}
