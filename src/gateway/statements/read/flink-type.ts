// PostgreSQL's name of a type → the name that Flink has for the same thing; PostgreSQL's own where
// Flink has none, so that the DDL that SHOW CREATE prints makes the same columns again.

import { flinkType } from "../../../catalog/flink-type.ts";

/** The name for DESCRIBE and the DDL of materialized tables; `postgres` is format_type text. */
export function flinkTypeName(postgres: string): string {
  if (postgres.endsWith("[]")) return `ARRAY<${flinkTypeName(postgres.slice(0, -2))}>`;
  return isLossless(postgres) ? flinkType(postgres, true) : postgres;
}

/** False for types that Flink only has as STRING, and for decimals beyond its 38 digits. */
function isLossless(postgres: string): boolean {
  if (postgres === "text" || postgres === "character varying") return true;
  const digits = /^numeric(?:\((\d+),-?\d+\))?$/.exec(postgres);
  if (digits !== null) return digits[1] !== undefined && Number(digits[1]) <= 38;
  return flinkType(postgres, true) !== "STRING";
}
