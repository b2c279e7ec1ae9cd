// Puts the gateway together from what main.ts gives: statements, the passage to PostgreSQL, the
// store of sessions. Opened last and closed first of all parts of the product.

import type { Registry } from "prom-client";
import type { Clock, RandomSource } from "../common/clock.ts";
import type { Database } from "../common/pg.ts";
import { type Duration, milliseconds } from "../common/time.ts";
import type { Log } from "../common/log.ts";
import type { Passage } from "./passthrough/passage.ts";
import type { ApiServices } from "./rest/api/api-services.ts";
import type { Readiness } from "./rest/api-app.ts";
import { type HttpServer, httpServer } from "./rest/http-server.ts";
import { registerMetrics } from "./rest/metrics.ts";
import type { EmbeddedScheduler, RefreshTable } from "./rest/ports.ts";
import { pgSessionStore } from "./session/pg-session-store.ts";
import type { SessionDefaults } from "./session/session.ts";
import { SessionListener } from "./session/session-listener.ts";
import { SessionManager } from "./session/session-manager.ts";
import { SqlGateway } from "./sql-gateway.ts";
import type {
  Complete,
  ExecuteStatement,
  MayConfigureSession,
} from "./statements/statement-context.ts";

export interface GatewayOptions {
  /** Our own connections: sessions are stored there. */
  readonly database: Database;
  readonly passage: Passage;
  readonly executeStatement: ExecuteStatement;
  readonly complete: Complete;
  readonly mayConfigureSession: MayConfigureSession;
  readonly refreshTable: RefreshTable;
  readonly scheduler: EmbeddedScheduler;
  /** What /api/v1 is served with. */
  readonly api: Omit<ApiServices, "log">;
  readonly defaults: SessionDefaults;
  readonly sessions: {
    /** Null: sessions never expire. */
    readonly idleTimeout: Duration | null;
    /** 0: no limit. */
    readonly maxNum: number;
  };
  readonly http: {
    readonly host: string;
    /** 0: any free port. */
    readonly port: number;
    readonly allowedHosts: readonly string[];
    readonly allowedOrigins: readonly string[];
    /** Upper-case names, ascending. */
    readonly apiVersions: readonly string[];
    readonly maxBodyBytes: number;
  };
  /** Version of Sluice. */
  readonly version: string;
  readonly readiness: () => Promise<Readiness>;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly log: Log;
}

export interface Gateway {
  /** The service behind the routes. */
  readonly service: SqlGateway;
  /** Takes requests from now on. */
  listen(): Promise<{ readonly host: string; readonly port: number }>;
  /**
   * Takes no more requests, lets statements end for up to `limit`, then cancels them. Sessions
   * stay in the database. The passage is closed by whoever opened it.
   */
  close(limit: Duration): Promise<void>;
}

export function createGateway(options: GatewayOptions): Gateway {
  const { passage, clock, random, log } = options;
  const gatewayId = random.hex32();
  const sessions = new SessionManager({
    store: pgSessionStore(options.database, gatewayId),
    defaults: options.defaults,
    idleTimeout: options.sessions.idleTimeout,
    maxNum: options.sessions.maxNum,
    clock,
    random,
    onEnd: (handle) => passage.connections.drop(handle),
    onError: (error) => log.warn({ err: error }, "sessions could not be kept up"),
  });
  const service = new SqlGateway({
    sessions,
    connections: passage.connections,
    executeStatement: options.executeStatement,
    complete: options.complete,
    mayConfigureSession: options.mayConfigureSession,
    refreshTable: options.refreshTable,
    clock,
    random,
    log,
  });
  const listener = new SessionListener({
    database: options.database,
    gateway: gatewayId,
    clock,
    onChange: (handle) => sessions.distrust(handle),
    onError: (error) => log.warn({ err: error }, "not told of changed sessions for a while"),
  });
  const closing = new AbortController();
  const server = makeServer(options, { service, sessions, closing: closing.signal });
  return {
    service,
    async listen() {
      sessions.start();
      listener.start();
      return server.listen();
    },
    async close(limit) {
      const late = new AbortController();
      const timer = clock.after(milliseconds(limit * 0.6), () => late.abort());
      await service.drain(late.signal);
      timer.cancel();
      closing.abort();
      const closed = server.close();
      await listener.stop();
      await sessions.stop();
      const cut = clock.after(milliseconds(limit * 0.2), () => server.closeNow());
      await closed;
      cut.cancel();
    },
  };
}

/** The routes over what the gateway is made of; streams end with `closing`. */
function makeServer(
  options: GatewayOptions,
  parts: {
    readonly service: SqlGateway;
    readonly sessions: SessionManager;
    readonly closing: AbortSignal;
  },
): HttpServer {
  const { service, sessions, closing } = parts;
  const { passage, clock, log, http, registry, version } = options;
  const advertised = http.apiVersions;
  return httpServer({
    host: http.host,
    port: http.port,
    guard: { allowedHosts: http.allowedHosts, allowedOrigins: http.allowedOrigins },
    flink: {
      services: { gateway: service, scheduler: options.scheduler, advertised, version },
      maxBodyBytes: http.maxBodyBytes,
      metrics: registerMetrics({ registry, sessions, gateway: service, passage }),
      clock,
      log,
    },
    api: {
      version,
      advertised,
      registry,
      readiness: options.readiness,
      services: { ...options.api, events: endedBy(options.api.events, closing), log },
      maxBodyBytes: http.maxBodyBytes,
      log,
    },
  });
}

/** Streams end when the gateway closes; their clients go on at another. */
function endedBy(events: ApiServices["events"], closing: AbortSignal): ApiServices["events"] {
  return { follow: (after, signal) => events.follow(after, AbortSignal.any([signal, closing])) };
}
