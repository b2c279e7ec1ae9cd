// A name becomes a materialized table, or the error that fits the verb: Flink words a missing table
// differently for each statement.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import { flinkName, type ObjectIdentifier, plainName } from "../catalog/object-identifier.ts";
import type { ObjectKind } from "../catalog/catalog.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { validation } from "./flink-text.ts";
import type { TableServices } from "./table-services.ts";

/** Which verb asks. */
export type TableVerb = "alter" | "suspend" | "resume" | "refresh" | "drop" | "show create";

/** Throws MT-NOTFOUND, MT-NOT-MT or MT-ALTER-ON-TABLE. */
export async function findTable(
  { catalog, database }: Pick<TableServices, "catalog" | "database">,
  identifier: ObjectIdentifier,
  verb: TableVerb,
): Promise<MaterializedTable> {
  const table = await catalog.find(database, identifier);
  if (table !== null) return table;
  const kind = await catalog.kindOf(database, identifier);
  throw kind === null ? notFound(identifier, verb) : notMaterialized(identifier, verb, kind);
}

export function notFound(identifier: ObjectIdentifier, verb: TableVerb): GatewayError {
  return new GatewayError(
    "MT-NOTFOUND",
    `materialized table "${identifier.database}.${identifier.name}" does not exist`,
    { flink: validation(missingSentence(identifier, verb)) },
  );
}

function missingSentence(identifier: ObjectIdentifier, verb: TableVerb): string {
  const name = flinkName(identifier);
  const missing = `Materialized table with identifier ${name} does not exist.`;
  switch (verb) {
    case "alter":
      return `Materialized table ${name} doesn't exist.`;
    case "suspend":
    case "resume":
    case "refresh":
      return (
        `Cannot find table '${name}' in any of the catalogs [${identifier.catalog}], ` +
        "nor as a temporary table."
      );
    case "drop":
      return missing;
    case "show create":
      return (
        `Could not execute SHOW CREATE MATERIALIZED TABLE ${plainName(identifier)}. ` + `${missing}`
      );
  }
}

function notMaterialized(
  identifier: ObjectIdentifier,
  verb: TableVerb,
  kind: ObjectKind,
): GatewayError {
  const words = `${kind} "${identifier.name}" is not a materialized table`;
  if (verb === "alter") {
    return new GatewayError("MT-ALTER-ON-TABLE", words, {
      flink: validation(
        kind === "table"
          ? "ALTER MATERIALIZED TABLE for a table is not allowed"
          : "ALTER MATERIALIZED TABLE for a view is not allowed",
      ),
    });
  }
  return new GatewayError("MT-NOT-MT", words, {
    flink: validation(
      `Table ${flinkName(identifier)} is not a materialized table, does not support materialized ` +
        "table related operation.",
    ),
  });
}
