// SHOW DATABASES: the schemas of the connected database. PostgreSQL's own and sluice_private are
// listed only for somebody who asks for them: a pattern that spells out how their names begin (LIKE
// 'pg_%').

import type { LikeFilter } from "../../parser/ast/like.ts";
import type { ShowDatabases } from "../../parser/ast/show-databases.ts";
import type { Executor } from "./executor.ts";
import { listObjects } from "./list-objects.ts";
import { findDatabases } from "./read/find-databases.ts";
import { requireCatalog } from "./resolve-name.ts";

export const showDatabases: Executor<ShowDatabases> = async (statement, { session }, services) => {
  if (statement.catalog !== null) requireCatalog(statement.catalog, session);
  const names = await findDatabases(services.database);
  const shown = names.filter((name) => !isHidden(name) || isAskedFor(name, statement.filter));
  return listObjects("database name", shown, statement.filter);
};

function isHidden(name: string): boolean {
  return name.startsWith("pg_") || name === "information_schema" || name === "sluice_private";
}

function isAskedFor(name: string, filter: LikeFilter | null): boolean {
  if (filter === null || filter.not) return false;
  const spelled = filter.pattern.replaceAll("\\", "").split("%")[0] ?? "";
  return spelled.length >= 3 && name.startsWith(spelled.toLowerCase());
}
