// ALTER MATERIALIZED TABLE … DROP of columns, primary key, constraint or watermark: columns are the
// query's, so every form ends in an error that says why; Flink's sentences where Flink refuses too.

import type { MaterializedTable } from "../../catalog/materialized-table.ts";
import type { AlterMaterializedTableDrop } from "../../parser/ast/alter-materialized-table-drop.ts";
import type { Executor } from "./executor.ts";
import { resolveObject } from "./resolve-name.ts";
import { keyChangeNotSupported, noPrimaryKey, schemaChangeError } from "./schema-change-error.ts";

export const alterMaterializedTableDrop: Executor<AlterMaterializedTableDrop> = async (
  { name, target },
  { session },
  { tables },
) => {
  const table = await tables.get(resolveObject(name, session), "alter");
  switch (target.kind) {
    case "primary-key":
      throw table.primaryKey.length === 0
        ? noPrimaryKey()
        : keyChangeNotSupported("DROP PRIMARY KEY");
    case "constraint":
      throw dropConstraintError(table, target.name);
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

function dropConstraintError(table: MaterializedTable, name: string) {
  if (table.primaryKey.length === 0) return noPrimaryKey();
  if (table.primaryKeyName === name) return keyChangeNotSupported("DROP CONSTRAINT");
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
