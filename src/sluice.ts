// The composition root: the only place that builds objects and hands them to each other.
// Configuration → database (embedded or given) → checks → migrations → catalog → scheduler →
// gateway → listen; close goes the same way back.

import { createServer, type Server } from "node:http";
import type { Clock, RandomSource } from "./common/clock.ts";
import { GatewayError } from "./common/gateway-error.ts";
import type { Log } from "./common/log.ts";
import { loadMigrations, migrate, migrationsFolder } from "./common/migrate.ts";
import { type Database, openDatabase } from "./common/pg.ts";
import { sql } from "./common/sql.ts";
import { type Config, mostConnections } from "./config.ts";

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
  const closers: (() => Promise<void>)[] = [];
  const close = once(async () => {
    for (const closer of closers.reverse()) await closer();
  });
  try {
    const databaseUrl = await findDatabase(config, surroundings, closers);
    const database = openOwnPool(config, databaseUrl, surroundings.log);
    closers.push(() => database.close());
    const schema = await migrate(database, loadMigrations(migrationsFolder));
    surroundings.log.info(
      { version: schema.version, applied: schema.applied },
      "schema is current",
    );
    const server = createServer((request, response) => {
      void answerHealth(request.url ?? "", database).then(({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json" }).end(body);
      });
    });
    const url = await listen(server, config);
    closers.push(() => new Promise((resolve) => server.close(() => resolve())));
    return { url, databaseUrl, close };
  } catch (error) {
    await close();
    throw error;
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
  const { startEmbedded } = await import("./engine/embedded/embedded-postgres.ts");
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

function openOwnPool(config: Config, url: string, log: Log): Database {
  return openDatabase({
    url,
    max: config["database.max-connections"],
    applicationName: "sluice",
    onError: (error) => log.warn({ error: error.message }, "lost an idle database connection"),
  });
}

async function answerHealth(
  path: string,
  database: Database,
): Promise<{ status: number; body: string }> {
  if (path === "/healthz") return { status: 200, body: '{"status":"ok"}' };
  if (path !== "/readyz") return { status: 404, body: '{"errors":["Not found."]}' };
  try {
    await database.query(sql`SELECT 1`);
    return { status: 200, body: '{"status":"ready"}' };
  } catch {
    return { status: 503, body: '{"status":"database unavailable"}' };
  }
}

function listen(server: Server, config: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(config.port, config.host, () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : config.port;
      const host = config.host.includes(":") ? `[${config.host}]` : config.host;
      resolve(`http://${host}:${port}`);
    });
  });
}

function once(body: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | null = null;
  return () => {
    result ??= body();
    return result;
  };
}
