// SHOW PROCEDURES of a database.

import type { ShowProcedures } from "../../parser/ast/show-procedures.ts";
import type { Executor } from "./executor.ts";
import { listObjects } from "./list-objects.ts";
import { requireDatabase } from "./read/find-databases.ts";
import { findProcedures } from "./read/find-routines.ts";
import { resolveDatabase } from "./resolve-name.ts";

export const showProcedures: Executor<ShowProcedures> = async (
  statement,
  { session },
  { database },
) => {
  const name = resolveDatabase(statement.database, session);
  await requireDatabase(database, session.catalog, name);
  return listObjects("procedure name", await findProcedures(database, name), statement.filter);
};
