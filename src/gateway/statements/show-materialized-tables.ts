// SHOW MATERIALIZED TABLES of a database.

import type { ShowMaterializedTables } from "../../parser/ast/show-materialized-tables.ts";
import type { Executor } from "./executor.ts";
import { listObjects } from "./list-objects.ts";
import { requireDatabase } from "./read/find-databases.ts";
import { resolveDatabase } from "./resolve-name.ts";

export const showMaterializedTables: Executor<ShowMaterializedTables> = async (
  statement,
  { session },
  { database, catalog },
) => {
  const name = resolveDatabase(statement.database, session);
  await requireDatabase(database, session.catalog, name);
  const names = await catalog.list(database, name, null);
  return listObjects("materialized table", names, statement.filter);
};
