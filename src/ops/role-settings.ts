// Settings that somebody gave to the role or the database (ALTER ROLE … SET, ALTER DATABASE … SET)
// and that get in the way. Most are harmless: connections of ours bring their own values. The list
// has those that they cannot bring.

import { quoteIdent } from "../common/sql.ts";
import type { Finding } from "./doctor.ts";

export interface RoleSetting {
  readonly name: string;
  readonly value: string;
  readonly of_role: boolean;
  readonly of_database: boolean;
}

interface Rule {
  readonly level: "warn" | "fail";
  readonly harmless: (value: string) => boolean;
  readonly why: string;
}

const rules: Readonly<Record<string, Rule>> = {
  default_transaction_isolation: {
    level: "fail",
    harmless: (value) => value === "read committed",
    why: "single statements of the scheduler would fail with serialization errors",
  },
  session_replication_role: {
    level: "fail",
    harmless: (value) => value !== "replica",
    why: "triggers that guard materialized tables would not fire",
  },
  standard_conforming_strings: {
    level: "fail",
    harmless: isOn,
    why: "texts of queries would be read differently",
  },
  transform_null_equals: {
    level: "fail",
    harmless: (value) => !isOn(value),
    why: "`= NULL` would mean another thing in stored queries",
  },
  transaction_timeout: {
    level: "fail",
    harmless: isZero,
    why: "long refreshes would be ended",
  },
  default_transaction_read_only: {
    level: "warn",
    harmless: (value) => !isOn(value),
    why: "users' own writing statements are refused",
  },
  statement_timeout: {
    level: "warn",
    harmless: isZero,
    why: "users' own statements are ended after it (refreshes are not)",
  },
  temp_file_limit: {
    level: "warn",
    harmless: (value) => value === "-1",
    why: "large refreshes may fail",
  },
};

/** What is to be said of a setting; null if it does not bite. */
export function biting(
  setting: RoleSetting,
  at: { readonly session_role: string; readonly database: string },
): Finding | null {
  const rule = rules[setting.name];
  if (rule === undefined || rule.harmless(setting.value.toLowerCase())) return null;
  const { name, value } = setting;
  const message = `${name} = ${value} is set for ${place(setting)}: ${rule.why}.`;
  return { check: "settings", level: rule.level, message, fixes: [reset(setting, at)] };
}

function place(setting: RoleSetting): string {
  if (setting.of_role && setting.of_database) return "the role in this database";
  return setting.of_role ? "the role" : "the database";
}

function reset(setting: RoleSetting, at: { session_role: string; database: string }): string {
  const role = quoteIdent(at.session_role);
  const database = quoteIdent(at.database);
  if (!setting.of_role) return `ALTER DATABASE ${database} RESET ${setting.name};`;
  const where = setting.of_database ? ` IN DATABASE ${database}` : "";
  return `ALTER ROLE ${role}${where} RESET ${setting.name};`;
}

function isOn(value: string): boolean {
  return ["on", "true", "yes", "1"].includes(value);
}

function isZero(value: string): boolean {
  return /^0+\s*(ms|s|min|h|d)?$/.test(value);
}
