// SHOW FUNCTIONS: those of one database; without FROM, PostgreSQL's own and those of the current
// database. SHOW USER FUNCTIONS leaves PostgreSQL's out.

import type { ShowFunctions } from "../../parser/ast/show-functions.ts";
import type { Executor } from "./executor.ts";
import { listObjects } from "./list-objects.ts";
import { requireDatabase } from "./read/find-databases.ts";
import { findFunctions } from "./read/find-routines.ts";
import { resolveDatabase } from "./resolve-name.ts";

export const showFunctions: Executor<ShowFunctions> = async (
  statement,
  { session },
  { database },
) => {
  const name = resolveDatabase(statement.database, session);
  await requireDatabase(database, session.catalog, name);
  const own = statement.user || statement.database !== null;
  const names = await findFunctions(database, own ? [name] : ["pg_catalog", name]);
  return listObjects("function name", [...new Set(names)], statement.filter);
};
