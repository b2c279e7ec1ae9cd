// A gateway on a database of its own whose statements only pass through to PostgreSQL, plus the
// few session statements that the protocol itself is about. What the language means is tested
// elsewhere, through test/support/gateway.ts.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Registry } from "prom-client";
import { type Clock, systemClock, systemRandom } from "../../../src/common/clock.ts";
import { silentLog } from "../../../src/common/log.ts";
import { GatewayError } from "../../../src/common/gateway-error.ts";
import { seconds } from "../../../src/common/time.ts";
import { withPlaces } from "../../../src/gateway/statements/error-place.ts";
import { createGateway, type Gateway, type GatewayOptions } from "../../../src/gateway/gateway.ts";
import {
  openPassage,
  type Passage,
  type PassageOptions,
} from "../../../src/gateway/passthrough/passage.ts";
import type { RunPassthrough } from "../../../src/gateway/passthrough/passthrough.ts";
import {
  column,
  listResult,
  okResult,
  tableResult,
} from "../../../src/gateway/statements/fixed-results.ts";
import type { ExecuteStatement } from "../../../src/gateway/statements/statement-context.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";

export interface RestGateway {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly gateway: Gateway;
  readonly passage: Passage;
  readonly database: TestDatabase;
  readonly dataDirectory: string;
  /** Lines that were logged: message and fields. */
  readonly logged: readonly { readonly message: string; readonly fields: object }[];
  close(): Promise<void>;
}

export interface RestGatewayOptions {
  readonly passage?: Partial<PassageOptions>;
  readonly sessions?: Partial<GatewayOptions["sessions"]>;
  readonly http?: Partial<GatewayOptions["http"]>;
  readonly clock?: Clock;
  /** A database that is there already: a second gateway on it. It is not dropped. */
  readonly database?: TestDatabase;
  readonly refreshTable?: GatewayOptions["refreshTable"];
  readonly scheduler?: GatewayOptions["scheduler"];
  readonly complete?: GatewayOptions["complete"];
  readonly readiness?: GatewayOptions["readiness"];
}

const quotedSet = /^\s*SET\s+'([^']+)'\s*=\s*'([^']*)'\s*;?\s*$/i;

/** SET, RESET, USE and SHOW CATALOGS; everything else is PostgreSQL's. */
export function passOnly(run: RunPassthrough): ExecuteStatement {
  return (text, context) => {
    const set = quotedSet.exec(text);
    if (set?.[1] !== undefined) {
      context.session.setProperty(set[1], set[2] ?? "");
      return Promise.resolve(okResult);
    }
    const reset = /^\s*RESET\s+'([^']+)'\s*;?\s*$/i.exec(text);
    if (reset?.[1] !== undefined) {
      context.session.resetProperty(reset[1]);
      return Promise.resolve(okResult);
    }
    const use = /^\s*USE\s+(\w+)\s*;?\s*$/i.exec(text);
    if (use?.[1] !== undefined) {
      context.session.useDatabase(use[1]);
      return Promise.resolve(okResult);
    }
    if (/^\s*SET\s*;?\s*$/i.test(text)) return Promise.resolve(settings(context));
    if (/^\s*SHOW\s+CATALOGS\s*;?\s*$/i.test(text)) {
      return Promise.resolve(listResult("catalog name", [context.session.catalog]));
    }
    if (/^\s*SHOW\s+NOTHING/i.test(text)) return Promise.resolve(listResult("nothing", []));
    return withPlaces(text, () => run({ sql: text, offset: 0 }, context));
  };
}

function settings(context: Parameters<ExecuteStatement>[1]) {
  const all = new Map([...context.session.properties, ...context.overlay]);
  return tableResult([column("key"), column("value")], [...all].sort());
}

/** Routes of /api/v1 that read views work; what they do through services is for test/api. */
function apiOf({ name, database }: TestDatabase): GatewayOptions["api"] {
  const absent = new Proxy({}, { get: () => notGiven }) as never;
  return {
    catalogName: name,
    database,
    clock: systemClock,
    tables: absent,
    workflows: absent,
    instances: absent,
    queues: absent,
    backfills: absent,
    events: absent,
    monitor: absent,
  };
}

function notGiven(): never {
  throw new GatewayError("GW-NOT-SUPPORTED", "not part of this test");
}

export async function restGateway(options: RestGatewayOptions = {}): Promise<RestGateway> {
  const database = options.database ?? (await testDatabase());
  const dataDirectory = await mkdtemp(join(tmpdir(), "sluice-rest-"));
  const clock = options.clock ?? systemClock;
  const logged: { message: string; fields: object }[] = [];
  const write = (fields: object, message: string) => void logged.push({ message, fields });
  const passage = await openTestPassage(options, database, dataDirectory, write);
  const gateway = createGateway({
    database: database.database,
    passage,
    executeStatement: passOnly(passage.run),
    complete: options.complete ?? (() => Promise.resolve(["TABLE"])),
    mayConfigureSession: (text) => /^\s*(SET|RESET|USE|CREATE|ALTER|DROP)\b/i.test(text),
    refreshTable: options.refreshTable ?? notGiven,
    scheduler: options.scheduler ?? {
      create: notGiven,
      suspend: notGiven,
      resume: notGiven,
      remove: notGiven,
    },
    api: apiOf(database),
    defaults: {
      catalog: database.name,
      database: "public",
      properties: new Map([
        ["execution.runtime-mode", "batch"],
        ["table.local-time-zone", "UTC"],
      ]),
    },
    sessions: { idleTimeout: seconds(600), maxNum: 0, ...options.sessions },
    http: {
      host: "127.0.0.1",
      port: 0,
      allowedHosts: [],
      allowedOrigins: [],
      apiVersions: ["V1", "V2"],
      maxBodyBytes: 100 * 1024 * 1024,
      ...options.http,
    },
    version: "0.0.0",
    readiness:
      options.readiness ?? (() => Promise.resolve({ ready: true, checks: { database: "ok" } })),
    registry: new Registry(),
    clock,
    random: systemRandom,
    log: { ...silentLog, info: write, warn: write, error: write },
  });
  const { port } = await gateway.listen();
  const close = async () => {
    await gateway.close(seconds(5));
    await passage.close();
    await rm(dataDirectory, { recursive: true, force: true });
    if (options.database === undefined) await database.close();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    gateway,
    passage,
    database,
    dataDirectory,
    logged,
    close,
  };
}

type Write = (fields: object, message: string) => void;

function openTestPassage(
  options: RestGatewayOptions,
  database: TestDatabase,
  dataDirectory: string,
  write: Write,
): Promise<Passage> {
  return openPassage({
    url: database.url,
    database: database.database,
    maxConnections: 10,
    maxPinned: 5,
    dataDirectory,
    resultMemoryBytes: 8 * 1024 * 1024,
    resultMaxBytes: 1024 * 1024 * 1024,
    totalMaxBytes: 8 * 1024 * 1024 * 1024,
    clock: options.clock ?? systemClock,
    random: systemRandom,
    onError: (error) => write({ error: error.message }, "connection lost"),
    ...options.passage,
  });
}
