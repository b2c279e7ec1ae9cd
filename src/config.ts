// Every option of the gateway: key, kind, default, one sentence. An option is given by flag
// (`--port 8084`), by environment (`SLUICE_PORT=8084`) or in sluice.yaml (`port: 8084`;
// `sessions.max-pinned` may be nested); the first of these wins. Unknown ones are refused, so that
// a slip of the pen never means a silent default. docs/reference/options.md is generated from the
// list.

import { resolve } from "node:path";
import { GatewayError } from "./common/gateway-error.ts";
import { nearest } from "./common/nearest.ts";
import { kinds, type OptionKind } from "./common/option-kind.ts";
import { optionAliases, withoutAliases } from "./common/option-aliases.ts";
import { readOptionsFile } from "./common/options-file.ts";
import type { Duration } from "./common/time.ts";

export interface GatewayOption {
  readonly key: string;
  readonly kind: OptionKind;
  /** For `choice` and for `list` with a closed set. */
  readonly choices?: readonly string[];
  /** As one would write it; null: no value unless given. */
  readonly default: string | null;
  readonly meaning: string;
}

export const gatewayOptions = [
  {
    key: "host",
    kind: "text",
    default: "127.0.0.1",
    meaning: "Address to listen on. Anything but a loopback address needs `insecure`.",
  },
  {
    key: "port",
    kind: "count",
    default: "8083",
    meaning: "Port to listen on; 0 takes any free one.",
  },
  {
    key: "insecure",
    kind: "boolean",
    default: "false",
    meaning: "Listen beyond loopback although nobody is asked for a password there.",
  },
  {
    key: "allowed-hosts",
    kind: "list",
    default: "",
    meaning: "Names that a request's Host header may have besides the loopback names.",
  },
  {
    key: "allowed-origins",
    kind: "list",
    default: "",
    meaning: "Origins of web pages that may send requests, besides the gateway's own.",
  },
  {
    key: "api-versions",
    kind: "list",
    choices: ["V1", "V2", "V3", "V4"],
    default: "V1,V2",
    meaning: "Versions of the REST protocol that are advertised; all are served.",
  },
  {
    key: "request.max-bytes",
    kind: "size",
    default: "100 MiB",
    meaning: "Largest body of a request.",
  },
  {
    key: "database-url",
    kind: "text",
    default: null,
    meaning:
      "The PostgreSQL (15 or newer) to work in, `postgres://user:password@host:port/database`. Without it Sluice runs one of its own.",
  },
  {
    key: "data-dir",
    kind: "text",
    default: ".sluice",
    meaning: "Directory of the gateway's own PostgreSQL and of large results.",
  },
  {
    key: "application-name",
    kind: "text",
    default: "sluice",
    meaning: "What the gateway's connections are called in pg_stat_activity.",
  },
  {
    key: "database.max-connections",
    kind: "positive",
    default: "20",
    meaning: "Connections for Sluice's own work: catalog, schedule, records.",
  },
  {
    key: "refresh.max-connections",
    kind: "positive",
    default: "10",
    meaning: "Connections in which tables are refreshed; more refreshes than that wait.",
  },
  {
    key: "passthrough.max-connections",
    kind: "positive",
    default: "20",
    meaning: "Connections for the statements of users.",
  },
  {
    key: "sessions.idle-timeout",
    kind: "duration",
    default: "10 min",
    meaning: "A session that nobody uses is closed after this long; 0: never.",
  },
  {
    key: "sessions.max-num",
    kind: "count",
    default: "1000000",
    meaning: "Most sessions at a time; 0: no limit.",
  },
  {
    key: "sessions.max-pinned",
    kind: "positive",
    default: "20",
    meaning:
      "Most sessions that hold a connection of their own (open transaction, temporary table).",
  },
  {
    key: "result.memory",
    kind: "size",
    default: "8 MiB",
    meaning: "Rows of one result that are kept in memory before they go to a file.",
  },
  {
    key: "result.max-bytes",
    kind: "size",
    default: "1 GiB",
    meaning: "Rows of one result that are kept in a file before the query waits for its client.",
  },
  {
    key: "result.total-max-bytes",
    kind: "size",
    default: "8 GiB",
    meaning: "Rows of all results that are kept in files.",
  },
  {
    key: "materialized-table.default-freshness.full",
    kind: "duration",
    default: "1 h",
    meaning: "Freshness of a table of mode FULL that names none.",
  },
  {
    key: "materialized-table.default-freshness.continuous",
    kind: "duration",
    default: "3 min",
    meaning: "Freshness of a table of mode CONTINUOUS that names none.",
  },
  {
    key: "materialized-table.refresh-mode.freshness-threshold",
    kind: "duration",
    default: "30 min",
    meaning: "A table that names no mode is CONTINUOUS below this freshness, else FULL.",
  },
  {
    key: "materialized-table.default-start-mode",
    kind: "choice",
    choices: ["FROM_BEGINNING", "FROM_NOW"],
    default: "FROM_BEGINNING",
    meaning: "Where a table begins that names no start mode.",
  },
  {
    key: "flink-strict",
    kind: "boolean",
    default: "false",
    meaning: "New tables follow Flink to the letter where Sluice would do better.",
  },
  {
    key: "workflow-scheduler.type",
    kind: "choice",
    choices: ["embedded", "quartz"],
    default: "embedded",
    meaning: "Flink's option; there is one scheduler in a gateway, and both words mean it.",
  },
  {
    key: "scheduler.lease",
    kind: "duration",
    default: "10 s",
    meaning: "A gateway that has not been heard of for this long loses its work to the others.",
  },
  {
    key: "queues.default-queue.concurrency",
    kind: "positive",
    default: null,
    meaning:
      "Tasks of users' workflows that run at a time, over all gateways. Stored; 10 until somebody says otherwise.",
  },
  {
    key: "queues.tables.concurrency",
    kind: "positive",
    default: null,
    meaning:
      "Refreshes that run at a time, over all gateways. Stored; 8 until somebody says otherwise.",
  },
  {
    key: "retention.successful",
    kind: "duration",
    default: "30 d",
    meaning: "Successful runs are kept this long.",
  },
  {
    key: "retention.successful-runs",
    kind: "positive",
    default: "10000",
    meaning: "Successful runs that are kept for each table, at most.",
  },
  {
    key: "retention.failed",
    kind: "duration",
    default: "90 d",
    meaning: "Runs that failed are kept this long.",
  },
  {
    key: "retention.events",
    kind: "duration",
    default: "7 d",
    meaning: "Events are kept this long.",
  },
  {
    key: "retention.notifications",
    kind: "duration",
    default: "30 d",
    meaning: "Notifications are kept this long after they were sent or given up.",
  },
  {
    key: "notify.smtp-url",
    kind: "text",
    default: null,
    meaning:
      "Mail server for notifications, `smtp://user:password@host:587` or `smtps://…`. Without it none is sent by e-mail.",
  },
  {
    key: "notify.email-from",
    kind: "text",
    default: "sluice@localhost",
    meaning: "Sender of notifications by e-mail.",
  },
  {
    key: "notify.webhook-secret",
    kind: "text",
    default: null,
    meaning:
      "Signs notifications to webhooks: `X-Sluice-Signature: sha256=` and the HMAC of the body in hex.",
  },
  {
    key: "shutdown.timeout",
    kind: "duration",
    default: "10 s",
    meaning: "Running work may end for this long after SIGTERM; then it is given back.",
  },
  {
    key: "log-level",
    kind: "choice",
    choices: ["trace", "debug", "info", "warn", "error", "silent"],
    default: "info",
    meaning: "Least severity that is logged.",
  },
] as const satisfies readonly GatewayOption[];

type Declared = (typeof gatewayOptions)[number];
type ValueOfKind<Kind extends OptionKind> = Kind extends "count" | "positive" | "size"
  ? number
  : Kind extends "duration"
    ? Duration
    : Kind extends "boolean"
      ? boolean
      : Kind extends "list"
        ? readonly string[]
        : string;

/** The values by key, checked; null only where the default is null. */
export type Config = {
  readonly [Option in Declared as Option["key"]]:
    | ValueOfKind<Option["kind"]>
    | (Option["default"] extends null ? null : never);
};

/** Where values come from. */
export interface ConfigSources {
  /** Flags by key, as typed. */
  readonly flags: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder in which sluice.yaml is looked for; null: there is no file. */
  readonly folder: string | null;
}

const byKey: ReadonlyMap<string, GatewayOption> = new Map(
  gatewayOptions.map((one) => [one.key, one]),
);

/** Names the file of options; an option of the process, not of the file. */
const configFile = "config";

/** `sessions.max-pinned` → `SLUICE_SESSIONS_MAX_PINNED`. */
export function environmentName(key: string): string {
  return `SLUICE_${key.toUpperCase().replaceAll(/[-.]/g, "_")}`;
}

/**
 * Reads all sources. Throws GW-CONFIG for an unknown option, a bad value, or an unsafe combination.
 */
export async function loadConfig(sources: ConfigSources): Promise<Config> {
  const flags = withoutAliases(new Map(Object.entries(sources.flags)));
  const environment = fromEnvironment(sources.environment);
  const named = flags.get(configFile) ?? environment.get(configFile);
  const file: ReadonlyMap<string, string> =
    sources.folder === null ? new Map() : await fromFile(sources.folder, named);
  flags.delete(configFile);
  environment.delete(configFile);
  for (const key of flags.keys()) requireKnown(key, `--${key}`, (near) => `--${near}`);
  const entries = gatewayOptions.map((option) => [
    option.key,
    valueOf(option, flags.get(option.key) ?? environment.get(option.key) ?? file.get(option.key)),
  ]);
  const config = Object.fromEntries(entries) as Config;
  requireSafe(config);
  return config;
}

/**
 * How many connections a gateway of this configuration opens at most; a few for LISTEN and cancels
 * included.
 */
export function mostConnections(config: Config): number {
  const own = config["database.max-connections"] + config["refresh.max-connections"];
  return own + config["passthrough.max-connections"] + config["sessions.max-pinned"] + 4;
}

function valueOf(option: GatewayOption, given: string | undefined): unknown {
  const text = given ?? option.default;
  if (text === null) return null;
  const value = kinds[option.kind].parse(text, option.choices ?? null);
  if (value !== null) return value;
  throw new GatewayError("GW-CONFIG", `invalid value "${text}" for option "${option.key}"`, {
    detail: kinds[option.kind].expected(option.choices ?? null),
  });
}

function fromEnvironment(environment: ConfigSources["environment"]): Map<string, string> {
  const known = [...byKey.keys(), ...Object.keys(optionAliases), configFile];
  const keys = new Map(known.map((key) => [environmentName(key), optionAliases[key] ?? key]));
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith("SLUICE_") || value === undefined) continue;
    const key = keys.get(name);
    if (key === undefined) throw unknownOption(name, nearest(name, keys.keys()));
    values.set(key, value);
  }
  return values;
}

async function fromFile(folder: string, named: string | undefined): Promise<Map<string, string>> {
  const path = resolve(folder, named ?? "sluice.yaml");
  const values = withoutAliases(await readOptionsFile(path, named !== undefined));
  for (const key of values.keys()) requireKnown(key, `"${key}" in ${path}`, (near) => near);
  return values;
}

function requireKnown(key: string, shown: string, render: (near: string) => string): void {
  if (byKey.has(key)) return;
  const near = nearest(key, byKey.keys());
  throw unknownOption(shown, near === null ? null : render(near));
}

function unknownOption(shown: string, near: string | null): GatewayError {
  return new GatewayError("GW-CONFIG", `unknown option ${shown}`, {
    hint: near === null ? "docs/reference/options.md lists them all." : `Perhaps you mean ${near}.`,
  });
}

function requireSafe(config: Config): void {
  const loopback = /^(localhost|127(\.\d{1,3}){3}|::1)$/.test(config.host);
  if (loopback || config.insecure) return;
  throw new GatewayError("GW-CONFIG", `host ${config.host} is not a loopback address`, {
    detail: "Whoever reaches the port could run any SQL as the gateway's database role.",
    hint: "Put a proxy that authenticates in front, or accept the risk with --insecure.",
  });
}
