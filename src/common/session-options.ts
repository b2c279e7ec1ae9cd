// The options of a session that Sluice or its clients read: kind, default, one sentence. SET checks
// the values of these keys before it changes anything; any other key is kept and echoed, as Flink
// does, unless it can only be an option of the gateway. docs/reference/options.md is generated from
// this list.

import { GatewayError } from "./gateway-error.ts";
import { optionAliases } from "./option-aliases.ts";

export interface SessionOption {
  readonly key: string;
  readonly kind: "text" | "boolean" | "integer" | "zone" | "choice";
  /** Accepted in any letter case; for `choice` only. */
  readonly choices?: readonly string[];
  /** Null: no value until somebody sets one (or the gateway's configuration has it). */
  readonly default: string | null;
  readonly meaning: string;
}

export const sessionOptions = [
  {
    key: "execution.attached",
    kind: "boolean",
    default: null,
    meaning: "Kept for clients; has no effect.",
  },
  {
    key: "execution.runtime-mode",
    kind: "choice",
    choices: ["STREAMING", "BATCH", "AUTOMATIC"],
    default: null,
    meaning: "Read by clients, which show changelogs in STREAMING; results are the same in each.",
  },
  { key: "execution.target", kind: "text", default: null, meaning: "Kept for clients; no effect." },
  { key: "parallelism.default", kind: "integer", default: null, meaning: "Kept; has no effect." },
  { key: "pipeline.name", kind: "text", default: null, meaning: "Kept; has no effect." },
  {
    key: "sql-client.display.print-time-cost",
    kind: "boolean",
    default: null,
    meaning: "Read by the SQL client.",
  },
  {
    key: "sql-client.display.show-line-numbers",
    kind: "boolean",
    default: null,
    meaning: "Read by the SQL client.",
  },
  {
    key: "sql-client.execution.max-table-result.rows",
    kind: "integer",
    default: null,
    meaning: "Read by the SQL client.",
  },
  {
    key: "sql-client.execution.result-mode",
    kind: "choice",
    choices: ["TABLE", "CHANGELOG", "TABLEAU"],
    default: null,
    meaning: "Read by the SQL client.",
  },
  {
    key: "sql-client.verbose",
    kind: "boolean",
    default: null,
    meaning: "Read by the SQL client: whether it prints whole errors.",
  },
  {
    key: "table.display.max-column-width",
    kind: "integer",
    default: null,
    meaning: "Read by the SQL client.",
  },
  {
    key: "table.dml-sync",
    kind: "boolean",
    default: "false",
    meaning:
      "Whether CREATE MATERIALIZED TABLE waits for the first load and REFRESH for its end, " +
      "and fail with the run's error.",
  },
  {
    key: "table.local-time-zone",
    kind: "zone",
    default: null,
    meaning: "Zone of TIMESTAMP_LTZ values, and of the materialized tables created in the session.",
  },
  {
    key: "table.sql-dialect",
    kind: "choice",
    choices: ["DEFAULT"],
    default: null,
    meaning: "Only the default dialect exists.",
  },
] as const satisfies readonly SessionOption[];

/** Prefixes of options that are the gateway's: SET in a session is refused and names what to do. */
const gatewayPrefixes = ["workflow.scheduler.", "sluice."] as const;

const byKey: ReadonlyMap<string, SessionOption> = new Map(
  sessionOptions.map((option) => [option.key, option]),
);

/**
 * Checks a value before SET or a new session stores it. Throws GW-OPTION-VALUE for a value that
 * the option cannot have and GW-OPTION-GATEWAY for a key that only the gateway's configuration has.
 */
export function checkSessionOption(key: string, value: string): void {
  const then = "when the gateway starts.";
  if (key === "flink-strict" || gatewayPrefixes.some((prefix) => key.startsWith(prefix))) {
    throw new GatewayError(
      "GW-OPTION-GATEWAY",
      `option "${key}" belongs to the gateway and cannot be set in a session`,
      {
        hint:
          key === "flink-strict"
            ? "Set it when the gateway starts, or as a table option at CREATE."
            : `Set ${optionAliases[key] ?? "it"} in sluice.yaml or by the environment ${then}`,
      },
    );
  }
  const option = byKey.get(key);
  if (option === undefined || accepts(option, value)) return;
  throw new GatewayError("GW-OPTION-VALUE", `invalid value "${value}" for option "${key}"`, {
    detail: expectation(option),
    flink: { class: "java.lang.IllegalArgumentException", text: flinkSentence(key, value) },
  });
}

/** Whether an option of kind boolean is on; `value` undefined means the default. */
export function isOn(key: (typeof sessionOptions)[number]["key"], value: string | undefined) {
  return (value ?? byKey.get(key)?.default ?? "false").toLowerCase() === "true";
}

function accepts(option: SessionOption, value: string): boolean {
  switch (option.kind) {
    case "boolean":
      return /^(true|false)$/i.test(value);
    case "integer":
      return /^[+-]?\d{1,10}$/.test(value);
    case "zone":
      return isTimeZone(value);
    case "choice":
      return (option.choices ?? []).includes(value.toUpperCase());
    case "text":
      return true;
  }
}

function expectation(option: SessionOption): string {
  switch (option.kind) {
    case "boolean":
      return "Expected true or false.";
    case "integer":
      return "Expected a whole number.";
    case "zone":
      return "Expected a time zone name such as 'Europe/Berlin', or an offset such as 'GMT+02:00'.";
    case "choice":
      return `Expected one of ${(option.choices ?? []).join(", ")}.`;
    case "text":
      return "Any text is accepted.";
  }
}

function flinkSentence(key: string, value: string): string {
  if (key !== "table.sql-dialect") return `Could not parse value '${value}' for key '${key}'.`;
  return `No enum constant org.apache.flink.table.api.SqlDialect.${value.toUpperCase()}`;
}

/** True for names that ICU knows and for fixed offsets. */
export function isTimeZone(name: string): boolean {
  if (/^(GMT|UTC)?[+-]\d{1,2}(:\d\d)?$/.test(name)) return true;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
