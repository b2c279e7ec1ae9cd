// SHOW CURRENT CATALOG.

import type { ShowCurrentCatalog } from "../../parser/ast/show-current-catalog.ts";
import type { Executor } from "./executor.ts";
import { listResult } from "./fixed-results.ts";

export const showCurrentCatalog: Executor<ShowCurrentCatalog> = async (_, { session }) =>
  listResult("current catalog name", [session.catalog]);
