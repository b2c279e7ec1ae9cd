// ALTER MATERIALIZED TABLE … ADD: columns come from the query alone, so every form ends in an error
// that says what to do instead; Flink's sentences where Flink refuses too.

import type { MaterializedTable } from "../../catalog/materialized-table.ts";
import type { AlterMaterializedTableAdd } from "../../parser/ast/alter-materialized-table-add.ts";
import type { AlterItem } from "../../parser/ast/schema-item.ts";
import { refusedItem, requireKey } from "./declared-schema.ts";
import type { Executor } from "./executor.ts";
import { resolveObject } from "./resolve-name.ts";
import {
  columnNotInQuery,
  keyChangeNotSupported,
  schemaChangeError,
} from "./schema-change-error.ts";
import { notSupported } from "./unsupported.ts";

export const alterMaterializedTableAdd: Executor<AlterMaterializedTableAdd> = async (
  { name, items },
  { session },
  { tables },
) => {
  const table = await tables.get(resolveObject(name, session), "alter");
  for (const { item } of items) refuseToAdd(item, table);
  throw notSupported("ADD", "There is nothing that could be added.", null);
};

function refuseToAdd(item: AlterItem["item"], table: MaterializedTable): never {
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
      requireKey(item);
      if (table.primaryKey.length > 0) throw keyExists(table.primaryKey);
      throw keyChangeNotSupported("ADD PRIMARY KEY");
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
