// SHOW COLUMNS: DESCRIBE with a filter on the names.

import type { ShowColumns } from "../../parser/ast/show-columns.ts";
import { columnsResult, describeRelation } from "./describe-table.ts";
import type { Executor } from "./executor.ts";
import { filterLike } from "./like.ts";
import { resolveObject } from "./resolve-name.ts";

export const showColumns: Executor<ShowColumns> = async (statement, { session }, services) => {
  const described = await describeRelation(resolveObject(statement.table, session), services);
  const names = described.columns.map(({ name }) => name);
  const shown = new Set(filterLike(names, statement.filter));
  return columnsResult({
    ...described,
    columns: described.columns.filter(({ name }) => shown.has(name)),
  });
};
