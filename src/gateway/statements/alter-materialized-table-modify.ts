// ALTER MATERIALIZED TABLE … MODIFY: names, types and order of the columns are the query's; what
// can be changed is said in the errors. Flink's sentences where Flink refuses too.

import type { MaterializedTable } from "../../catalog/materialized-table.ts";
// biome-ignore format: the name and the path do not fit on one line
import type {
  AlterMaterializedTableModify,
} from "../../parser/ast/alter-materialized-table-modify.ts";
import type { AlterItem } from "../../parser/ast/schema-item.ts";
import { refusedItem, requireKey } from "./declared-schema.ts";
import type { Executor } from "./executor.ts";
import { resolveObject } from "./resolve-name.ts";
import { columnNotInQuery, keyChangeNotSupported, noPrimaryKey } from "./schema-change-error.ts";
import { notSupported } from "./unsupported.ts";

export const alterMaterializedTableModify: Executor<AlterMaterializedTableModify> = async (
  { name, items },
  { session },
  { tables },
) => {
  const table = await tables.get(resolveObject(name, session), "alter");
  for (const { item } of items) refuseToModify(item, table);
  throw notSupported("MODIFY", "There is nothing that could be modified.", null);
};

function refuseToModify(item: AlterItem["item"], table: MaterializedTable): never {
  switch (item.kind) {
    case "physical-column": {
      const column = item.path.join(".");
      if (!table.columns.some((one) => one.name === column)) throw columnNotInQuery(column);
      throw notSupported(
        "MODIFY of a column",
        "Type and comment of a column come from the query and the column list.",
        "CREATE OR ALTER MATERIALIZED TABLE with a column list changes them.",
      );
    }
    case "computed-column":
    case "metadata-column":
    case "watermark":
      throw refusedItem(item.kind);
    case "table-constraint":
      requireKey(item);
      throw table.primaryKey.length === 0
        ? noPrimaryKey()
        : keyChangeNotSupported("MODIFY PRIMARY KEY");
  }
}
