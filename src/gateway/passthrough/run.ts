// Runs one statement of PostgreSQL's for a session (rulings 37 to 39): rows of a query are drained
// in the background and can be fetched from the first batch on; everything else is awaited to its
// end, so that FINISHED means committed.

import { present } from "../../common/assert.ts";
import type { Clock, RandomSource } from "../../common/clock.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import type { Queryable } from "../../common/pg.ts";
import { milliseconds } from "../../common/time.ts";
import type { Lease, SessionConnections } from "../session/connection.ts";
import { zoneOf } from "../session/connection.ts";
import {
  bigintType,
  column,
  okResult,
  tableResult,
  textResult,
} from "../statements/fixed-results.ts";
import type { Notice, StatementContext, StatementResult } from "../statements/statement-context.ts";
import { typeCatalog, type TypeCatalog } from "../result/type-catalog.ts";
import { classify, type StatementClass } from "./classify.ts";
import { DrainedRows, type DrainLimits } from "./drain.ts";
import type { PassthroughStatement, RunPassthrough } from "./passthrough.ts";
import { failureOf } from "./pg-failure.ts";
import { Portal, type PortalBatch } from "./portal.ts";
import type { SpoolSpace } from "./spool.ts";
import type { UserPool } from "./user-pool.ts";

export interface PassthroughOptions {
  readonly pool: UserPool;
  readonly connections: SessionConnections;
  /** Our own connections: shapes of types are looked up there. */
  readonly database: Queryable;
  readonly space: SpoolSpace;
  readonly limits: DrainLimits;
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** One statement under way: what the steps below share. */
interface Run {
  readonly statement: PassthroughStatement;
  readonly context: StatementContext;
  readonly class: StatementClass;
  readonly lease: Lease;
  readonly portal: Portal;
  /** Set when a cancel was sent: the connection may still be hit by it. */
  cancel: Promise<void> | null;
  readonly finish: () => Promise<void>;
}

/** Rows of the first batch: one round trip is enough for small results. */
const firstRows = 64;
const mostRows = 2_000;
const batchBytes = 512 * 1024;
const cancelEvery = milliseconds(50);

/** Makes the function that runs statements; `loadGrammar` of classify.ts must have been awaited. */
export function createPassthrough(options: PassthroughOptions): RunPassthrough {
  const types = typeCatalog(options.database);
  return async (statement, context) => {
    const statementClass = classify(statement.sql);
    refuse(statement, statementClass);
    if (isEncoding(statementClass)) return encodingResult(statement);
    const run = await begin(options, statement, context, statementClass);
    const abort = () => {
      run.cancel ??= cancelRun(options, run);
    };
    if (context.signal.aborted) {
      await settle(run);
      throw canceled();
    }
    context.signal.addEventListener("abort", abort, { once: true });
    try {
      return await answer(options, types, run);
    } finally {
      context.signal.removeEventListener("abort", abort);
    }
  };
}

async function begin(
  options: PassthroughOptions,
  statement: PassthroughStatement,
  context: StatementContext,
  statementClass: StatementClass,
): Promise<Run> {
  const zone = zoneOf((key) => context.property(key));
  const { session, signal } = context;
  const lease = await options.connections
    .lease(session, statementClass, zone, signal)
    .catch((error: unknown) => {
      throw failureOf(error, { offset: 0, canceled: signal.aborted, commits: false });
    });
  const { client } = lease.connection;
  const onNotice = (message: unknown) => context.notice(noticeOf(message));
  client.on("notice", onNotice);
  const portal = new Portal(statement.sql, statementClass.isSmall ? 0 : firstRows);
  const run: Run = {
    statement,
    context,
    class: statementClass,
    lease,
    portal,
    cancel: null,
    finish: async () => {
      client.removeListener("notice", onNotice);
      // The victim of a cancel serves nobody before the order was taken, and a late one must not
      // meet another statement.
      await run.cancel;
      const spoiled = run.cancel !== null && lease.autocommit;
      await lease.finish({ class: statementClass, tag: portal.tag, spoiled });
    },
  };
  return run;
}

async function answer(
  options: PassthroughOptions,
  types: TypeCatalog,
  run: Run,
): Promise<StatementResult> {
  let first: PortalBatch;
  try {
    first = await run.portal.start(run.lease.connection.client);
  } catch (error) {
    await settle(run);
    throw failed(run, error);
  }
  if (run.portal.fields === null) {
    await settleOrThrow(run);
    return withoutRows(run);
  }
  const rows = new DrainedRows({
    limits: options.limits,
    space: options.space,
    clock: options.clock,
    onClose: () => stop(options, run, rows),
  });
  const draining = drain(run, rows, first);
  if (first.complete || !run.class.isQuery) await draining;
  if (rows.failure !== null && (first.complete || !run.class.isQuery)) {
    await rows.close();
    throw rows.failure;
  }
  if (run.class.kind === "explain") return textResult(await allText(rows));
  return queryResult(options, types, run, rows);
}

async function queryResult(
  options: PassthroughOptions,
  types: TypeCatalog,
  run: Run,
  rows: DrainedRows,
): Promise<StatementResult> {
  const fields = present(run.portal.fields, "a query has columns");
  try {
    const described = await types.describe(fields);
    if (run.context.signal.aborted) throw canceled();
    return {
      kind: "query",
      isQuery: run.class.isQuery,
      jobId: run.class.isQuery ? options.random.hex32() : null,
      columns: fields.map((field, index) => ({
        name: field.name,
        logicalType: present(described[index], "a type for each column").logical,
        comment: null,
      })),
      pgTypes: described.map((type) => type.pg),
      rows,
    };
  } catch (error) {
    await rows.close();
    throw failed(run, error);
  }
}

/**
 * Moves all rows to `rows` and gives the connection back. Never rejects: the failure is in `rows`.
 */
async function drain(run: Run, rows: DrainedRows, first: PortalBatch): Promise<void> {
  let failure: GatewayError | null = null;
  try {
    let batch = first;
    for (;;) {
      // The next batch is under way while this one is stored.
      const next = batch.complete ? null : run.portal.more(nextCount(batch));
      next?.catch(() => undefined);
      await rows.push(batch.rows, batch.size);
      if (next === null) break;
      batch = await next;
    }
  } catch (error) {
    failure = failed(run, error);
    await leavePortal(run);
  }
  try {
    await settleOrThrow(run);
  } catch (error) {
    failure ??= failed(run, error);
  }
  rows.finish(failure);
}

function nextCount(batch: PortalBatch): number {
  const perRow = Math.max(1, batch.size / Math.max(1, batch.rows.length));
  return Math.max(1, Math.min(mostRows, Math.floor(batchBytes / perRow)));
}

/** After a failure of ours in the middle: the portal may have a batch under way. */
async function leavePortal(run: Run): Promise<void> {
  await run.portal.idle();
  await run.portal.end().catch(() => undefined);
}

/** The reader is gone before the end: what runs is cancelled, and the connection comes back. */
async function stop(options: PassthroughOptions, run: Run, rows: DrainedRows): Promise<void> {
  run.cancel ??= cancelRun(options, run);
  await rows.drained();
}

/**
 * Orders the end of what the backend does, until it has ended: an order that comes before the
 * statement is lost. A server that cannot be reached has ended it by itself.
 */
async function cancelRun(options: PassthroughOptions, run: Run): Promise<void> {
  const ended = new AbortController();
  void run.portal.ended.then(() => ended.abort());
  while (!run.portal.isDone) {
    await options.pool.cancel(run.lease.connection.pid).catch(() => undefined);
    await options.clock.sleep(cancelEvery, ended.signal);
  }
}

async function settle(run: Run): Promise<void> {
  await run.finish().catch(() => undefined);
}

async function settleOrThrow(run: Run): Promise<void> {
  try {
    await run.finish();
  } catch (error) {
    throw failed(run, error);
  }
}

function canceled(): GatewayError {
  return new GatewayError("GW-CANCELED", "canceled on request");
}

function failed(run: Run, error: unknown): GatewayError {
  const { class: kind, lease, context, statement } = run;
  const writes = !kind.isQuery && kind.kind !== "explain" && kind.kind !== "set";
  return failureOf(error, {
    offset: statement.offset,
    canceled: context.signal.aborted || run.cancel !== null,
    commits: kind.commits || (lease.autocommit && writes && kind.pins.length === 0),
  });
}

function withoutRows(run: Run): StatementResult {
  const { tag } = run.portal;
  const match = /^(?:INSERT \d+|UPDATE|DELETE|MERGE|COPY) (\d+)$/.exec(tag);
  if (match === null) return okResult;
  return tableResult([column("rows affected", bigintType)], [[Number(match[1])]]);
}

async function allText(rows: DrainedRows): Promise<string> {
  const lines: string[] = [];
  for (;;) {
    const batch = await rows.take(mostRows, Number.MAX_SAFE_INTEGER);
    for (const row of batch.rows) lines.push(row[0] ?? "");
    if (batch.done) break;
  }
  await rows.close();
  return lines.join("\n");
}

/**
 * What must not reach the server: it would break the protocol, or the text format that results are
 * read in.
 */
function refuse(statement: PassthroughStatement, kind: StatementClass): void {
  if (statement.sql.includes("\u0000")) {
    throw new GatewayError("GW-SYNTAX", "the statement contains a null character", {
      position: statement.offset + [...(statement.sql.split("\u0000", 1)[0] ?? "")].length,
    });
  }
  if (kind.kind === "copy") {
    throw new GatewayError("GW-NOT-SUPPORTED", "COPY from and to the client is not supported", {
      hint: "Use INSERT and SELECT, or COPY with a file of the server.",
    });
  }
}

/** SET client_encoding: everything between us and the server is UTF-8. */
function isEncoding(kind: StatementClass): boolean {
  return kind.settings.some((change) => "name" in change && change.name === "client_encoding");
}

function encodingResult(statement: PassthroughStatement): StatementResult {
  if (/utf-?8|unicode|default|reset/i.test(statement.sql)) return okResult;
  throw new GatewayError("GW-NOT-SUPPORTED", "client_encoding is always UTF8", {
    hint: "Texts are converted by the gateway.",
  });
}

function noticeOf(message: unknown): Notice {
  const fields = message as {
    severity?: string;
    message?: string;
    code?: string;
    detail?: string;
    hint?: string;
  };
  return {
    severity: fields.severity ?? "NOTICE",
    message: fields.message ?? "",
    sqlstate: fields.code,
    detail: fields.detail,
    hint: fields.hint,
  };
}
