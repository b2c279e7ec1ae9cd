// The composition root: the only place that builds objects and hands them to each other.
// Configuration → database (embedded or given) → checks → migrations → catalog → scheduler →
// gateway → listen; close goes the same way back.

import type { Assembly } from "./assemble.ts";
import type { Foundation } from "./assemble-work.ts";
import type { Clock, RandomSource } from "./common/clock.ts";
import { GatewayError } from "./common/gateway-error.ts";
import type { Log } from "./common/log.ts";
import { loadMigrations, migrate, migrationsFolder } from "./common/migrate.ts";
import { packageVersion } from "./common/package-root.ts";
import { type Database, openDatabase } from "./common/pg.ts";
import { sql } from "./common/sql.ts";
import { milliseconds } from "./common/time.ts";
import { type Config, mostConnections } from "./config.ts";
import { startEmbedded } from "./engine/embedded/embedded-postgres.ts";

/** What is not deterministic, and where to say what happens. */
export interface Surroundings {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly log: Log;
}

export interface Sluice {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** The database it works in, password included. */
  readonly databaseUrl: string;
  /** Drains, gives claims back, leaves the database. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a gateway. Rejects, with everything undone, if the database does not fit or the port is
 * taken.
 */
export async function startSluice(config: Config, surroundings: Surroundings): Promise<Sluice> {
  const { log } = surroundings;
  const closers: (() => Promise<void>)[] = [];
  const close = closeOnce(closers);
  try {
    // The libraries are read while the database starts.
    const libraries = import("./assemble.ts");
    libraries.catch(() => undefined); // awaited below, once the database can be left in order
    const foundation = await layFoundation(config, surroundings, closers);
    const { assemble } = await libraries;
    const assembly = await assemble(foundation);
    closers.push(() => assembly.close(milliseconds(config["shutdown.timeout"] * 0.8)));
    const { host, port } = await listen(assembly, config);
    await sayWhoActs(foundation.database, log);
    const name = host.includes(":") ? `[${host}]` : host;
    return { url: `http://${name}:${port}`, databaseUrl: foundation.databaseUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Runs the closers, the last one first, once; whoever calls again waits for the same end. */
export function closeOnce(closers: (() => Promise<void>)[]): () => Promise<void> {
  return once(async () => {
    for (const closer of closers.reverse()) await closer();
  });
}

/**
 * The database, fit and with its schema current, and the pools on it; what has to be closed is
 * added to `closers`. Rejects with GW-DATABASE-UNFIT, GW-UNAVAILABLE.
 */
export async function layFoundation(
  config: Config,
  surroundings: Surroundings,
  closers: (() => Promise<void>)[],
): Promise<Foundation> {
  const { log } = surroundings;
  const databaseUrl = await findDatabase(config, surroundings, closers);
  let closing = false;
  const open = (max: number) =>
    openDatabase({
      url: databaseUrl,
      max,
      applicationName: config["application-name"],
      onError: (error) => {
        if (!closing) log.warn({ error: error.message }, "lost an idle database connection");
      },
    });
  const database = open(config["database.max-connections"]);
  const work = open(config["refresh.max-connections"]);
  closers.push(async () => {
    closing = true;
    await Promise.all([database.close(), work.close()]);
  });
  const migrations = loadMigrations(migrationsFolder);
  const schema = await migrate(database, migrations);
  log.info({ schemaVersion: schema.version, applied: schema.applied }, "schema is current");
  const version = packageVersion();
  return { ...surroundings, config, database, work, databaseUrl, migrations, version };
}

async function listen(assembly: Assembly, config: Config) {
  try {
    return await assembly.start();
  } catch (error) {
    if ((error as { code?: unknown }).code !== "EADDRINUSE") throw error;
    throw new GatewayError("GW-CONFIG", `port ${config.port} on ${config.host} is taken`, {
      hint: "Name another with --port or SLUICE_PORT, or 0 for any free one.",
      cause: error,
    });
  }
}

async function findDatabase(
  config: Config,
  { clock, random, log }: Surroundings,
  closers: (() => Promise<void>)[],
): Promise<string> {
  const given = config["database-url"];
  if (given !== null) {
    await requireFit(given, config, { clock, random, log });
    return given;
  }
  const server = await startEmbedded({
    dataDirectory: config["data-dir"],
    clock,
    random,
    onEvent: (message) => log.info({}, message),
    binaries: null,
    settings: {},
  });
  closers.push(() => server.close());
  const how = server.adopted ? "adopted the running PostgreSQL" : "started PostgreSQL";
  log.info({ dataDir: server.directory.path, serverPid: server.pid() }, how);
  return server.url;
}

/**
 * The checks of `sluice doctor`: warnings are logged, a failure refuses with the statements to run.
 */
async function requireFit(
  url: string,
  config: Config,
  { clock, log }: Surroundings,
): Promise<void> {
  const { examine, renderFindings } = await import("./ops/doctor.ts");
  const findings = await examine({ url, clock, connections: mostConnections(config) });
  for (const finding of findings.filter((one) => one.level === "warn")) {
    log.warn({ check: finding.check, fixes: finding.fixes }, finding.message);
  }
  const failures = findings.filter((one) => one.level === "fail");
  if (failures.length === 0) return;
  throw new GatewayError("GW-DATABASE-UNFIT", "the database does not fit", {
    detail: renderFindings(failures),
    hint: "Put it right and start again; `sluice doctor` makes the same checks.",
  });
}

/** One trust domain: whoever may open a session has all rights of this role (docs say so too). */
async function sayWhoActs(database: Database, log: Log): Promise<void> {
  const rows = await database.query<{ role: string; name: string }>(
    sql`SELECT current_user::text AS role, current_database()::text AS name`,
  );
  log.info(
    { role: rows[0]?.role, database: rows[0]?.name },
    "every session acts as this role: one trust domain, nobody is asked for a password",
  );
}

function once(body: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | null = null;
  return () => {
    result ??= body();
    return result;
  };
}
