// ALTER MATERIALIZED TABLE … DROP of the primary key or its constraint. Columns are the query's, so
// every other form ends in an error that says why; Flink's sentences where Flink refuses too.

import type { MaterializedTable } from "../../catalog/materialized-table.ts";
import type { AlterMaterializedTableDrop } from "../../parser/ast/alter-materialized-table-drop.ts";
import { definitionContext } from "./definition-context.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";
import { resolveObject } from "./resolve-name.ts";
import { noPrimaryKey, schemaChangeError } from "./schema-change-error.ts";

export const alterMaterializedTableDrop: Executor<AlterMaterializedTableDrop> = async (
  { name, target },
  context,
  { tables, database },
) => {
  const identifier = resolveObject(name, context.session);
  const table = await tables.get(identifier, "alter");
  const dropKey = async () => {
    const definition = await definitionContext(context, database);
    const dropped = { columns: [], primaryKey: "drop" } as const;
    await tables.alterSchema({ identifier, context: definition, ...dropped });
    return okResult;
  };
  switch (target.kind) {
    case "primary-key":
      if (table.primaryKey.length === 0) throw noPrimaryKey();
      return dropKey();
    case "constraint":
      if (table.primaryKey.length === 0) throw noPrimaryKey();
      if (table.primaryKeyName !== target.name) throw noSuchConstraint(table, target.name);
      return dropKey();
    case "watermark":
      throw schemaChangeError(
        "MT-WATERMARK-NONE",
        "the table has no watermark",
        "The current materialized table does not define any watermark strategy.",
      );
    case "columns":
      throw dropColumnsError(
        table,
        target.paths.map((path) => path.join(".")),
      );
  }
};

function noSuchConstraint(table: MaterializedTable, name: string) {
  return schemaChangeError(
    "MT-SCHEMA-PK-MISSING",
    `the table has no constraint "${name}"`,
    `The current materialized table does not define a primary key constraint named '${name}'. ` +
      `Available constraint name: ['${table.primaryKeyName ?? ""}'].`,
  );
}

function dropColumnsError(table: MaterializedTable, names: readonly string[]) {
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    return schemaChangeError(
      "MT-SCHEMA-DUPLICATE",
      `column "${repeated}" is named twice`,
      `Duplicate column \`${repeated}\`.`,
    );
  }
  const known = new Set(table.columns.map(({ name }) => name));
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) {
    return schemaChangeError(
      "MT-SCHEMA-UNKNOWN-NAME",
      `column "${unknown}" does not exist`,
      `The column \`${unknown}\` does not exist in the base table.`,
    );
  }
  const list = names.map((name) => `\`${name}\``).join(", ");
  return schemaChangeError(
    "MT-EVOLVE-DROP",
    `column ${list.replaceAll("`", '"')} is produced by the query`,
    `Dropping of persisted column ${list} is not supported.`,
  );
}
