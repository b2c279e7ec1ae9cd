// SHOW CURRENT DATABASE.

import type { ShowCurrentDatabase } from "../../parser/ast/show-current-database.ts";
import type { Executor } from "./executor.ts";
import { listResult } from "./fixed-results.ts";

export const showCurrentDatabase: Executor<ShowCurrentDatabase> = async (_, { session }) =>
  listResult("current database name", [session.database]);
