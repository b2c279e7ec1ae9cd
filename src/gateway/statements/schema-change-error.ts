// What Flink says about ADD, MODIFY and DROP of columns and constraints that cannot be: one
// sentence each, all under the same first line.

import type { ErrorCode } from "../../common/error-codes.ts";
import { GatewayError } from "../../common/gateway-error.ts";

/** The error with Flink's text below "Failed to execute ALTER MATERIALIZED TABLE statement.". */
export function schemaChangeError(
  code: ErrorCode,
  message: string,
  flinkText: string,
): GatewayError {
  return new GatewayError(code, message, {
    flink: {
      class: "org.apache.flink.table.api.ValidationException",
      text: `Failed to execute ALTER MATERIALIZED TABLE statement.\n${flinkText}`,
    },
  });
}

/** A declared column that the query does not yield. */
export function columnNotInQuery(name: string): GatewayError {
  return schemaChangeError(
    "MT-SCHEMA-UNUSED-COLUMN",
    `column "${name}" is not produced by the query`,
    "Invalid schema change. All persisted (physical and metadata) columns in the schema part need " +
      `to be present in the query part.\nHowever, physical column \`${name}\` could not be found ` +
      "in the query.",
  );
}

/** There is no primary key, or none of that name. */
export function noPrimaryKey(): GatewayError {
  return schemaChangeError(
    "MT-SCHEMA-PK-MISSING",
    "the table has no primary key",
    "The current materialized table does not define any primary key.",
  );
}
