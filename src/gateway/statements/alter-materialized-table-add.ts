// ALTER MATERIALIZED TABLE … ADD of a primary key. Columns come from the query alone, so every
// other form ends in an error that says what to do instead; Flink's sentences where Flink refuses
// too.

import type { MaterializedTable } from "../../catalog/materialized-table.ts";
import type { AlterMaterializedTableAdd } from "../../parser/ast/alter-materialized-table-add.ts";
import type { AlterItem } from "../../parser/ast/schema-item.ts";
import type { DeclaredKey } from "../../refresh/table-requests.ts";
import { refusedItem, tableKey } from "./declared-schema.ts";
import { definitionContext } from "./definition-context.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";
import { resolveObject } from "./resolve-name.ts";
import { columnNotInQuery, schemaChangeError } from "./schema-change-error.ts";
import { notSupported } from "./unsupported.ts";

export const alterMaterializedTableAdd: Executor<AlterMaterializedTableAdd> = async (
  { name, items },
  context,
  { tables, database },
) => {
  const identifier = resolveObject(name, context.session);
  const table = await tables.get(identifier, "alter");
  const keys = items.map(({ item }) => addedKey(item, table));
  const [primaryKey, second] = keys;
  if (primaryKey === undefined) {
    throw notSupported("ADD", "There is nothing that could be added.", null);
  }
  if (second !== undefined) throw keyExists(primaryKey.columns);
  const definition = await definitionContext(context, database);
  await tables.alterSchema({ identifier, context: definition, columns: [], primaryKey });
  return okResult;
};

function addedKey(item: AlterItem["item"], table: MaterializedTable): DeclaredKey {
  switch (item.kind) {
    case "physical-column":
    case "computed-column":
    case "metadata-column": {
      const column = item.path.join(".");
      if (table.columns.some((one) => one.name === column)) throw alreadyExists(column);
      if (item.kind === "physical-column") throw columnNotInQuery(column);
      throw refusedItem(item.kind);
    }
    case "table-constraint": {
      const key = tableKey(item);
      if (table.primaryKey.length > 0) throw keyExists(table.primaryKey);
      return key;
    }
    case "watermark":
      throw refusedItem("watermark");
  }
}

function alreadyExists(column: string) {
  return schemaChangeError(
    "MT-SCHEMA-DUPLICATE",
    `column "${column}" already exists`,
    `Column \`${column}\` already exists in the materialized table.`,
  );
}

function keyExists(columns: readonly string[]) {
  const key = columns.map((name) => `\`${name}\``).join(", ");
  return schemaChangeError(
    "MT-SCHEMA-DUPLICATE",
    "the table has a primary key already",
    `The current materialized table has already defined the primary key constraint [${key}]. ` +
      "You might want to drop it before adding a new one.",
  );
}
