// What is known of session properties (Flink's keys): which values are legal and which must never be shown. Keys that
// are not listed are kept and echoed as they came. A known key is checked at SET, because Java clients fail when they
// read a value that they cannot parse.

import { GatewayError } from "../../common/gateway-error.ts";

/** One known key. `values` (upper case) closes the set, compared without regard to case. */
interface KnownProperty {
  readonly values?: readonly string[];
  readonly pattern?: RegExp;
  /** The Java class in Flink's sentence about an illegal value. */
  readonly enumClass?: string;
}

const flag: KnownProperty = { values: ["TRUE", "FALSE"] };
const count: KnownProperty = { pattern: /^\d{1,10}$/ };

const known: Readonly<Record<string, KnownProperty>> = {
  "execution.runtime-mode": {
    values: ["STREAMING", "BATCH", "AUTOMATIC"],
    enumClass: "org.apache.flink.api.common.RuntimeExecutionMode",
  },
  "sql-client.execution.result-mode": {
    values: ["TABLE", "CHANGELOG", "TABLEAU"],
    enumClass: "org.apache.flink.table.client.cli.ResultMode",
  },
  "table.sql-dialect": {
    values: ["DEFAULT"],
    enumClass: "org.apache.flink.table.api.SqlDialect",
  },
  "table.dml-sync": flag,
  "sql-client.verbose": flag,
  "sql-client.display.print-time-cost": flag,
  "sql-client.display.show-line-numbers": flag,
  "sql-client.execution.max-table-result.rows": count,
  "table.display.max-column-width": count,
};

const secret = /(^|[.-])(user|username|password|passwd|secret|token)$/i;

/** True for keys whose values are neither stored nor shown: the JDBC driver sends user and password as properties. */
export function isSecret(key: string): boolean {
  return secret.test(key);
}

/** True if `zone` names a time zone that this process knows. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Throws GatewayError GW-OPTION-VALUE if `value` is illegal for the known key `key`. */
export function checkProperty(key: string, value: string): void {
  if (key === "table.local-time-zone") {
    if (!isTimeZone(value)) throw illegal(key, value, "a time zone name like Europe/Berlin or UTC");
    return;
  }
  const rule = known[key];
  if (rule === undefined) return;
  if (rule.values !== undefined && !rule.values.includes(value.toUpperCase())) {
    throw illegal(key, value, rule.values.join(", "), rule.enumClass);
  }
  if (rule.pattern !== undefined && !rule.pattern.test(value)) {
    throw illegal(key, value, "a whole number");
  }
}

function illegal(key: string, value: string, allowed: string, enumClass?: string): GatewayError {
  return new GatewayError("GW-OPTION-VALUE", `invalid value "${value}" for option "${key}"`, {
    hint: `Allowed: ${allowed}.`,
    ...(enumClass !== undefined && {
      flink: {
        class: "java.lang.IllegalArgumentException",
        text: `No enum constant ${enumClass}.${value.toUpperCase()}`,
      },
    }),
  });
}
