// SHOW VIEWS: the views of a database, PostgreSQL's own materialized views included.

import type { ShowViews } from "../../parser/ast/show-views.ts";
import type { Executor } from "./executor.ts";
import { listObjects } from "./list-objects.ts";
import { requireDatabase } from "./read/find-databases.ts";
import { findRelations, viewKinds } from "./read/find-relations.ts";
import { resolveDatabase } from "./resolve-name.ts";

export const showViews: Executor<ShowViews> = async (statement, { session }, { database }) => {
  const name = resolveDatabase(statement.database, session);
  await requireDatabase(database, session.catalog, name);
  return listObjects("view name", await findRelations(database, name, viewKinds), statement.filter);
};
