// Our own statements against PostgreSQL: a pool of short-lived connections and transactions. The
// user's statements do not come through here (gateway/passthrough has raw types and its own pool).
// Values come back as: timestamptz → Instant, int8 → number (bigint beyond 2^53 is text), numeric
// and date → text, jsonb → value.

import pg from "pg";
import { compile, type Sql, trusted } from "./sql.ts";
import { parseInstant } from "./time.ts";

const timestamptz = 1184;
const int8 = 20;

function parseInt8(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

/**
 * How columns of our own statements arrive; anything not named here and not built into pg is text.
 */
const types = {
  getTypeParser(oid: number, format?: "text" | "binary"): unknown {
    if (oid === timestamptz) return parseInstant;
    if (oid === int8) return parseInt8;
    if (oid === 1082 || oid === 1114) return (text: string) => text;
    return pg.types.getTypeParser(oid, format as "text");
  },
};

/** Something statements can be sent to: the pool, or one transaction. */
export interface Queryable {
  /** All rows of a statement. */
  query<Row extends object>(statement: Sql): Promise<Row[]>;
  /** Runs a statement and gives the number of rows it touched. */
  execute(statement: Sql): Promise<number>;
}

/**
 * One open transaction. A function with a Tx as its first parameter writes; one without changes
 * nothing.
 */
export interface Tx extends Queryable {
  /** The backend that serves it, as the reaper needs it. */
  readonly backendPid: number;
  /** Runs `body` in a savepoint and rolls back to it if it throws; the error goes on. */
  savepoint<T>(body: () => Promise<T>): Promise<T>;
}

/** A connection by itself; its transactions are begun and ended by statements. */
export interface Session extends Tx {
  /**
   * Runs one statement of a user as it is; rows are dropped as they come. Gives the command's word
   * and the rows that it touched or yielded, null for commands that count none.
   */
  run(text: string): Promise<{ readonly command: string; readonly rows: number | null }>;
}

export type Isolation = "read committed" | "repeatable read";

export interface Database extends Queryable {
  /**
   * Runs `body` in a transaction and commits, or rolls back if it throws. The body is never run
   * twice: retries are for whoever knows the policy.
   */
  transaction<T>(body: (tx: Tx) => Promise<T>, isolation?: Isolation): Promise<T>;
  /** A connection of one's own (LISTEN); the caller ends it. Not taken from the pool. */
  connect(): Promise<pg.Client>;
  /** Ends the pool after what is running. */
  close(): Promise<void>;
}

/** A database that also runs what users wrote. */
export interface WorkDatabase extends Database {
  /**
   * Runs `body` on a connection of the pool that is closed afterwards: whatever it leaves in its
   * session reaches nobody else, and an open transaction is undone.
   */
  session<T>(body: (session: Session) => Promise<T>): Promise<T>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Most connections at a time. */
  readonly max: number;
  readonly applicationName: string;
  /** An idle connection that dies (server restart) is reported here; it never ends the process. */
  readonly onError: (error: Error) => void;
}

/** What every connection of ours sets; see rulings on dead gateways and living backends. */
const sessionSettings = [
  "-c client_connection_check_interval=2s",
  "-c idle_in_transaction_session_timeout=60s",
  "-c tcp_keepalives_idle=30",
  "-c tcp_keepalives_interval=10",
  "-c TimeZone=UTC",
  "-c DateStyle=ISO,YMD",
  "-c IntervalStyle=postgres",
  "-c default_transaction_read_only=off",
  // Claims and other single statements of the scheduler rely on it, whatever the role's default is.
  "-c default_transaction_isolation=read\\ committed",
  // Somebody may have given the role limits that are meant for people.
  "-c statement_timeout=0",
  "-c lock_timeout=0",
  "-c idle_session_timeout=0",
].join(" ");

/** Opens a pool. No connection is made until the first statement. */
export function openDatabase(options: DatabaseOptions): WorkDatabase {
  const settings = {
    connectionString: options.url,
    application_name: options.applicationName,
    options: sessionSettings,
    keepAlive: true,
    types: types as pg.CustomTypesConfig,
  };
  const pool = new pg.Pool({ ...settings, max: options.max });
  pool.on("error", options.onError);
  return {
    query: (statement) => rowsOf(pool, statement),
    execute: (statement) => countOf(pool, statement),
    transaction: (body, isolation = "read committed") => runTransaction(pool, body, isolation),
    session: (body) => runSession(pool, body),
    async connect() {
      const client = new pg.Client(settings);
      client.on("error", options.onError);
      await client.connect();
      return client;
    },
    close: () => pool.end(),
  };
}

async function rowsOf<Row extends object>(
  to: pg.Pool | pg.PoolClient,
  statement: Sql,
): Promise<Row[]> {
  const result = await to.query(compile(statement));
  return result.rows as Row[];
}

async function countOf(to: pg.Pool | pg.PoolClient, statement: Sql): Promise<number> {
  const result = await to.query(compile(statement));
  return result.rowCount ?? 0;
}

async function runTransaction<T>(
  pool: pg.Pool,
  body: (tx: Tx) => Promise<T>,
  isolation: Isolation,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on("error", onError);
  try {
    await client.query(`BEGIN ISOLATION LEVEL ${isolation.toUpperCase()}`);
    const value = await body(transactionOn(client));
    await client.query("COMMIT");
    return value;
  } catch (error) {
    await client.query("ROLLBACK").catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.removeListener("error", onError);
    client.release(broken);
  }
}

async function runSession<T>(pool: pg.Pool, body: (session: Session) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // What breaks the connection fails the statement that is running, or the next one.
  const onError = () => undefined;
  client.on("error", onError);
  try {
    return await body({ ...transactionOn(client), run: (text) => runDropping(client, text) });
  } finally {
    client.release(true);
  }
}

/** The extended protocol takes one statement only. A query with a listener for rows keeps none. */
function runDropping(
  client: pg.PoolClient,
  text: string,
): Promise<{ readonly command: string; readonly rows: number | null }> {
  return new Promise((resolve, reject) => {
    const query = new pg.Query({ text, queryMode: "extended" } as pg.QueryConfig);
    query.on("row", () => undefined);
    query.on("error", reject);
    query.on("end", ({ command, rowCount }) => resolve({ command, rows: rowCount }));
    client.query(query);
  });
}

function transactionOn(client: pg.PoolClient): Tx {
  return {
    backendPid: (client as unknown as { processID: number }).processID,
    query: (statement) => rowsOf(client, statement),
    execute: (statement) => countOf(client, statement),
    async savepoint(body) {
      await client.query("SAVEPOINT inner_step");
      try {
        const value = await body();
        await client.query("RELEASE SAVEPOINT inner_step");
        return value;
      } catch (error) {
        // Released too: otherwise an outer savepoint of the same name would stay hidden behind it.
        await client.query("ROLLBACK TO SAVEPOINT inner_step; RELEASE SAVEPOINT inner_step");
        throw error;
      }
    },
  };
}

/**
 * True if `error` came from PostgreSQL with one of the given SQLSTATEs (five characters, or a class
 * of two).
 */
export function hasSqlState(error: unknown, ...states: readonly string[]): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && states.some((state) => code.startsWith(state));
}

/**
 * The statement that reads the database's clock; what is due, leased or expired is decided by it
 * alone.
 */
export const databaseClock: Sql = trusted("sluice_private.clock()");
