// SHOW TABLES: every table, view and materialized table of a database.

import type { ShowTables } from "../../parser/ast/show-tables.ts";
import type { Executor } from "./executor.ts";
import { listObjects } from "./list-objects.ts";
import { requireDatabase } from "./read/find-databases.ts";
import { findRelations, tableKinds } from "./read/find-relations.ts";
import { resolveDatabase } from "./resolve-name.ts";

export const showTables: Executor<ShowTables> = async (statement, { session }, { database }) => {
  const name = resolveDatabase(statement.database, session);
  await requireDatabase(database, session.catalog, name);
  return listObjects(
    "table name",
    await findRelations(database, name, tableKinds),
    statement.filter,
  );
};
