// The embedded server as a gateway uses it. Exactly one server runs on a data directory, however
// many gateways there are: each looks first for a running one and adopts it. If the server dies
// under a living gateway, the gateway starts it again on the same port, so its pools only see a
// broken connection. The last living gateway's close stops it.

import type { Clock, RandomSource, Timer } from "../../common/clock.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import { type Database, hasSqlState, openDatabase } from "../../common/pg.ts";
import { ident, literal, sql } from "../../common/sql.ts";
import { milliseconds } from "../../common/time.ts";
import { type Binaries, findBinaries } from "./binaries.ts";
import { createCluster } from "./create-cluster.ts";
import {
  clusterOwner,
  type DataDirectory,
  openDataDirectory,
  makePasswords,
  readPasswords,
  registerGateway,
  unregisterGateway,
  withStartLock,
} from "./data-directory.ts";
import {
  awaitReady,
  findRunning,
  type RunningServer,
  type ServerSetup,
  startServer,
  stopServer,
} from "./postmaster.ts";
import { isAlive } from "./process-table.ts";
import { chooseServerUser } from "./server-user.ts";

export interface EmbeddedOptions {
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** What happens to the server, as a sentence for the log. */
  readonly onEvent: (message: string) => void;
  /** Another installation than the packaged one; null: the packaged one. */
  readonly binaries: Binaries | null;
  /** Server settings on its command line. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** Database `sluice` as its owner, the ordinary role `sluice`. */
  readonly url: string;
  /**
   * Database `postgres` as the superuser; for tests and tools of the operator, never for the
   * gateway.
   */
  readonly adminUrl: string;
  readonly directory: DataDirectory;
  /** True if the server was running already. */
  readonly adopted: boolean;
  /** Number of the server's main process. */
  pid(): number;
  /** Leaves the server; stops it if no other gateway uses it. */
  close(): Promise<void>;
  /** Leaves without a word, as a killed gateway does: the server goes on. */
  abandon(): void;
}

/** How often an adopted server (whose end sends no event) is looked at. */
const watchPeriod = milliseconds(250);

/** Starts or adopts the server of a data directory and makes role and database `sluice`. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const directory = openDataDirectory(options.dataDirectory);
  const key = options.random.hex32();
  const state = { server: null as RunningServer | null, adopted: false, closed: false };
  const ensure = (keepPort: boolean) =>
    withStartLock(directory, options.clock, async () => {
      const running = await adopt(directory, options.clock);
      state.adopted = running !== null;
      state.server = running ?? (await startServer(await prepare(directory, options), keepPort));
      registerGateway(directory, key);
      return state.server;
    });
  const server = await ensure(false);
  const adopted = state.adopted;
  const passwords = readPasswords(directory);
  const address = `127.0.0.1:${server.port}`;
  const adminUrl = `postgres://postgres:${passwords.postgres}@${address}/postgres`;
  await makeRoleAndDatabase(adminUrl, passwords.sluice);
  const watch = watchServer(options, state, () => ensure(true));
  return {
    url: `postgres://sluice:${passwords.sluice}@${address}/sluice`,
    adminUrl,
    directory,
    adopted,
    pid: () => state.server?.pid ?? 0,
    async close() {
      await watch.stop();
      await withStartLock(directory, options.clock, async () => {
        const last = unregisterGateway(directory, key);
        const running = findRunning(directory);
        if (last && running !== null) await stopServer(running.pid, options.clock);
      });
    },
    abandon() {
      void watch.stop();
      unregisterGateway(directory, key);
    },
  };
}

async function adopt(directory: DataDirectory, clock: Clock): Promise<RunningServer | null> {
  const running = findRunning(directory);
  if (running === null) return null;
  return (await awaitReady(directory, running.pid, clock)) ? running : null;
}

async function prepare(directory: DataDirectory, options: EmbeddedOptions): Promise<ServerSetup> {
  const platform = `${process.platform}-${process.arch}`;
  const binaries = options.binaries ?? findBinaries(platform);
  const user = chooseServerUser(binaries, directory.path, clusterOwner(directory));
  if (clusterOwner(directory) === null) {
    makePasswords(directory, options.random);
    options.onEvent(`creating a PostgreSQL cluster in ${directory.cluster}`);
    await createCluster(directory, binaries, user);
  }
  return { directory, binaries, user, clock: options.clock, settings: options.settings };
}

/** Idempotent, and safe among several gateways that start at once. */
async function makeRoleAndDatabase(adminUrl: string, password: string): Promise<void> {
  const admin = openDatabase({
    url: adminUrl,
    max: 1,
    applicationName: "sluice start",
    onError: () => undefined, // a lost connection shows in the statement that used it
  });
  try {
    const roles = await admin.query(sql`SELECT FROM pg_roles WHERE rolname = 'sluice'`);
    if (roles.length === 0) {
      await unlessThere(admin, sql`CREATE ROLE sluice LOGIN PASSWORD ${literal(password)}`);
    }
    const databases = await admin.query(sql`SELECT FROM pg_database WHERE datname = 'sluice'`);
    if (databases.length === 0) {
      await unlessThere(admin, sql`CREATE DATABASE ${ident("sluice")} OWNER ${ident("sluice")}`);
      // The role has the name of our schema, which "$user" would put first: a table that somebody
      // makes in psql belongs into public.
      await admin.execute(sql`ALTER ROLE sluice IN DATABASE sluice SET search_path = public`);
    }
  } finally {
    await admin.close();
  }
}

async function unlessThere(admin: Database, statement: ReturnType<typeof sql>): Promise<void> {
  try {
    await admin.execute(statement);
  } catch (error) {
    // duplicate_object, duplicate_database, and the unique index under a race
    if (!hasSqlState(error, "42710", "42P04", "23505")) throw error;
  }
}

interface Watched {
  server: RunningServer | null;
  closed: boolean;
}

/** Starts the server again when it dies; `stop` resolves when no restart is under way any more. */
function watchServer(
  options: EmbeddedOptions,
  state: Watched,
  restart: () => Promise<RunningServer>,
): { stop(): Promise<void> } {
  let timer: Timer | null = null;
  let running: Promise<void> = Promise.resolve();
  const look = async () => {
    if (state.closed || (state.server !== null && isAlive(state.server.pid))) return;
    options.onEvent("the embedded PostgreSQL has ended unexpectedly; starting it again");
    try {
      const server = await restart();
      options.onEvent(`the embedded PostgreSQL runs again, process ${server.pid}`);
    } catch (error) {
      const reason =
        error instanceof GatewayError ? `${error.message}: ${error.detail}` : String(error);
      options.onEvent(`the embedded PostgreSQL did not start, will try again: ${reason}`);
    }
  };
  const round = () => {
    running = look().finally(() => {
      if (!state.closed) timer = options.clock.after(watchPeriod, round);
    });
  };
  timer = options.clock.after(watchPeriod, round);
  return {
    async stop() {
      state.closed = true;
      timer?.cancel();
      await running;
    },
  };
}
