// ALTER MATERIALIZED TABLE … MODIFY: a wider type or a comment for a column, another primary key.
// Names and order of the columns are the query's; Flink's sentences where Flink refuses too.

import type { MaterializedTable } from "../../catalog/materialized-table.ts";
// biome-ignore format: the name and the path do not fit on one line
import type {
  AlterMaterializedTableModify,
} from "../../parser/ast/alter-materialized-table-modify.ts";
import type { AlterItem } from "../../parser/ast/schema-item.ts";
import type { DeclaredColumn, DeclaredKey } from "../../refresh/table-requests.ts";
import { columnKey, declaredColumn, refusedItem, tableKey } from "./declared-schema.ts";
import { definitionContext } from "./definition-context.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";
import { resolveObject } from "./resolve-name.ts";
import { columnNotInQuery, noPrimaryKey } from "./schema-change-error.ts";
import { notSupported } from "./unsupported.ts";

export const alterMaterializedTableModify: Executor<AlterMaterializedTableModify> = async (
  { name, items },
  context,
  { tables, database },
) => {
  const identifier = resolveObject(name, context.session);
  const table = await tables.get(identifier, "alter");
  const columns: DeclaredColumn[] = [];
  const keys: DeclaredKey[] = [];
  for (const item of items) {
    const modified = modifiedPart(item, table);
    if (modified.column !== null) columns.push(modified.column);
    if (modified.key !== null) keys.push(modified.key);
  }
  if (keys.length > 1) {
    throw notSupported("MODIFY of two primary keys", "A table has one primary key.", null);
  }
  const definition = await definitionContext(context, database);
  const primaryKey = keys[0] ?? null;
  await tables.alterSchema({ identifier, context: definition, columns, primaryKey });
  return okResult;
};

function modifiedPart(
  { item, place }: AlterItem,
  table: MaterializedTable,
): { readonly column: DeclaredColumn | null; readonly key: DeclaredKey | null } {
  switch (item.kind) {
    case "physical-column": {
      const column = item.path.join(".");
      if (!table.columns.some((one) => one.name === column)) throw columnNotInQuery(column);
      if (place !== null) {
        throw notSupported(
          "another place of a column",
          "The order of the columns is the query's.",
          "CREATE OR ALTER MATERIALIZED TABLE … WITH ('rebuild' = 'true') makes the table anew.",
        );
      }
      const key = item.constraint === null ? null : columnKey(item, item.constraint);
      if (key !== null && table.primaryKey.length === 0) throw noPrimaryKey();
      return { column: declaredColumn(item), key };
    }
    case "computed-column":
    case "metadata-column":
    case "watermark":
      throw refusedItem(item.kind);
    case "table-constraint": {
      const key = tableKey(item);
      if (table.primaryKey.length === 0) throw noPrimaryKey();
      return { column: null, key };
    }
  }
}
