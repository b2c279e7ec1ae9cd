// SHOW CATALOGS: the connected database is the only catalog.

import type { ShowCatalogs } from "../../parser/ast/show-catalogs.ts";
import type { Executor } from "./executor.ts";
import { listObjects } from "./list-objects.ts";

export const showCatalogs: Executor<ShowCatalogs> = async (statement, { session }) =>
  listObjects("catalog name", [session.catalog], statement.filter);
