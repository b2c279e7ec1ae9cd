// What stands above a database under a gateway: what works in it (assemble-work.ts), and on top the
// statements, sessions and routes, each built once and handed to those that need it. Loaded while
// the database starts, because it brings the large libraries.

import { type Foundation, makeWorks, type Works } from "./assemble-work.ts";
import { type Duration } from "./common/time.ts";
import { createGateway, type Gateway } from "./gateway/gateway.ts";
import { openPassage, type Passage } from "./gateway/passthrough/passage.ts";
import type { EmbeddedScheduler } from "./gateway/rest/ports.ts";
import { makeComplete } from "./gateway/statements/complete.ts";
import { makeEmbeddedScheduler } from "./gateway/statements/embedded-scheduler.ts";
import { makeExecuteStatement } from "./gateway/statements/execute-statement.ts";
import type { StatementServices } from "./gateway/statements/executor.ts";
import { mayConfigureSession } from "./gateway/statements/may-configure-session.ts";
import { makeRefreshTable } from "./gateway/statements/refresh-table.ts";

export interface Assembly {
  /** Joins the gateways of the database, starts its work, and takes requests. */
  start(): Promise<{ readonly host: string; readonly port: number }>;
  /** Drains for up to `limit`, then gives back what still runs. */
  close(limit: Duration): Promise<void>;
}

/** Builds everything; nothing runs before `start`. */
export async function assemble(foundation: Foundation): Promise<Assembly> {
  const { log } = foundation;
  const passage = await openUserPassage(foundation);
  const works = await makeWorks(foundation);
  const services: StatementServices = { ...works.services, runPassthrough: passage.run };
  const { store } = works;
  const flinkScheduler = makeEmbeddedScheduler({
    ...services,
    async findWorkflow(tx, schema, name) {
      const id = await store.findWorkflow(tx, schema, name);
      const found = id === null ? null : await store.lockWorkflow(tx, id);
      return found === null ? null : { id: found.workflowId, definition: found.definition };
    },
  });
  const gateway = makeGateway(foundation, passage, services, { ...works, flinkScheduler });
  return {
    async start() {
      await works.start();
      return gateway.listen();
    },
    async close(limit) {
      log.debug({}, "draining");
      await Promise.all([gateway.close(limit), works.stop(limit)]);
      await passage.close();
    },
  };
}

function openUserPassage({ config, database, databaseUrl, clock, random, log }: Foundation) {
  return openPassage({
    url: databaseUrl,
    database,
    maxConnections: config["passthrough.max-connections"],
    maxPinned: config["sessions.max-pinned"],
    dataDirectory: config["data-dir"],
    resultMemoryBytes: config["result.memory"],
    resultMaxBytes: config["result.max-bytes"],
    totalMaxBytes: config["result.total-max-bytes"],
    clock,
    random,
    onError: (error) => log.warn({ error: error.message }, "lost an idle connection of users"),
  });
}

function makeGateway(
  { config, database, clock, random, log, version }: Foundation,
  passage: Passage,
  services: StatementServices,
  more: Pick<Works, "operations" | "readiness" | "registry"> & {
    readonly flinkScheduler: EmbeddedScheduler;
  },
): Gateway {
  const idle = config["sessions.idle-timeout"];
  return createGateway({
    database,
    passage,
    executeStatement: makeExecuteStatement(services),
    complete: makeComplete(database),
    mayConfigureSession,
    refreshTable: makeRefreshTable(services),
    scheduler: more.flinkScheduler,
    api: {
      ...services,
      catalogName: services.catalog.catalogName,
      events: more.operations.events,
      monitor: more.operations.monitoring,
    },
    defaults: {
      catalog: services.catalog.catalogName,
      database: "public",
      properties: new Map(),
    },
    sessions: { idleTimeout: idle > 0 ? idle : null, maxNum: config["sessions.max-num"] },
    http: {
      host: config.host,
      port: config.port,
      allowedHosts: config["allowed-hosts"],
      allowedOrigins: config["allowed-origins"],
      apiVersions: config["api-versions"],
      maxBodyBytes: config["request.max-bytes"],
    },
    version,
    readiness: more.readiness,
    registry: more.registry,
    clock,
    random,
    log,
  });
}
