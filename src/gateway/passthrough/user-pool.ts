// The connections that serve users' statements: apart from the pool of our own (common/pg.ts),
// with values left in PostgreSQL's text format. A connection carries the settings of the session
// it served last; whoever takes it next gets its own first, unless they are the same. Cancels go
// over connections of their own.

import pg from "pg";
import { GatewayError } from "../../common/gateway-error.ts";
import { quoteLiteral } from "../../common/sql.ts";
import { failureOf } from "./pg-failure.ts";

export interface UserPoolOptions {
  readonly url: string;
  readonly max: number;
  /** An idle connection that dies is reported here; it never ends the process. */
  readonly onError: (error: Error) => void;
}

/**
 * Settings a connection must have: name → value for set_config, in the order in which they are
 * applied.
 */
export type Settings = ReadonlyMap<string, string>;

/** A connection in use; exactly one of `release` and `destroy` must be called, once. */
export interface UserConnection {
  readonly client: pg.PoolClient;
  readonly pid: number;
  /**
   * Makes the settings these, in one round trip, or none if they are. Rejects with PostgreSQL's
   * error.
   */
  apply(settings: Settings): Promise<void>;
  /** The statement changed settings by itself: the next `apply` cannot rely on what was applied. */
  forgetSettings(): void;
  /** True if the socket died or the server ended the connection. */
  isBroken(): boolean;
  /** Gives it back, or ends it if it broke meanwhile. */
  release(): void;
  /** Ends it; the server rolls back what was open. */
  destroy(): void;
}

export interface UserPool {
  /** Rejects with GW-UNAVAILABLE, or with the reason of `signal` when it aborts first. */
  take(signal?: AbortSignal): Promise<UserConnection>;
  /** Ends what the backend runs; resolves when PostgreSQL has taken the order. */
  cancel(pid: number): Promise<void>;
  /** Connections in use and in all. */
  counts(): { readonly busy: number; readonly total: number };
  close(): Promise<void>;
}

const startupOptions = [
  "-c client_connection_check_interval=2s",
  "-c tcp_keepalives_idle=30",
  "-c tcp_keepalives_interval=10",
  "-c DateStyle=ISO,YMD",
  "-c IntervalStyle=postgres",
  "-c bytea_output=hex",
  "-c extra_float_digits=1",
].join(" ");

const asText = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;

/** Opens the pool; no connection is made until the first statement. */
export function openUserPool(options: UserPoolOptions): UserPool {
  const settings = {
    connectionString: options.url,
    options: startupOptions,
    keepAlive: true,
    types: asText,
    connectionTimeoutMillis: 0,
  };
  const pool = new pg.Pool({ ...settings, max: options.max, application_name: "sluice session" });
  const cancels = new pg.Pool({ ...settings, max: 2, application_name: "sluice cancel" });
  pool.on("error", options.onError);
  cancels.on("error", options.onError);
  const applied = new WeakMap<pg.PoolClient, string>();
  let busy = 0;
  return {
    async take(signal) {
      const client = await connect(pool, signal);
      busy += 1;
      return userConnection(client, applied, () => {
        busy -= 1;
      });
    },
    async cancel(pid) {
      await cancels.query("SELECT pg_catalog.pg_cancel_backend($1)", [pid]);
    },
    counts: () => ({ busy, total: pool.totalCount }),
    async close() {
      await Promise.all([pool.end(), cancels.end()]);
    },
  };
}

async function connect(pool: pg.Pool, signal: AbortSignal | undefined): Promise<pg.PoolClient> {
  const canceled = () => new GatewayError("GW-CANCELED", "canceled on request");
  if (signal?.aborted) throw canceled();
  const pending = pool.connect();
  if (signal === undefined) return pending.catch(refuse);
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(canceled());
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([pending.catch(refuse), aborted]);
  } catch (error) {
    pending.then((client) => client.release()).catch(() => undefined);
    throw error;
  } finally {
    if (onAbort !== undefined) signal.removeEventListener("abort", onAbort);
  }
}

function refuse(error: unknown): never {
  throw failureOf(error, { offset: 0, canceled: false, commits: false });
}

function userConnection(
  client: pg.PoolClient,
  applied: WeakMap<pg.PoolClient, string>,
  onRelease: () => void,
): UserConnection {
  let broken: Error | undefined;
  let open = true;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on("error", onError);
  const leave = (error: Error | undefined) => {
    if (!open) return;
    open = false;
    client.removeListener("error", onError);
    // A connection that is being ended may still report an error of its socket.
    if (error !== undefined) client.on("error", () => undefined);
    client.release(error);
    onRelease();
  };
  return {
    client,
    pid: (client as unknown as { processID: number }).processID,
    async apply(settings) {
      const text = settingsText(settings);
      if (applied.get(client) === text) return;
      applied.delete(client);
      await client.query(text);
      applied.set(client, text);
    },
    forgetSettings: () => applied.delete(client),
    isBroken: () => broken !== undefined,
    release: () => leave(broken),
    destroy: () => leave(broken ?? new Error("connection is not to be used again")),
  };
}

/**
 * Back to the settings of the start of the connection, then those of the session; one simple
 * query.
 */
function settingsText(settings: Settings): string {
  const calls = [...settings].map(
    ([name, value]) =>
      `pg_catalog.set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, false)`,
  );
  const restart = "RESET SESSION AUTHORIZATION; RESET ALL";
  return calls.length === 0 ? restart : `${restart}; SELECT ${calls.join(", ")}`;
}
