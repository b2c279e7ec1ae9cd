// SHOW [FULL] MODULES: Flink's clients ask; there is one, `core`, and it stands for PostgreSQL's
// functions.

import type { ShowModules } from "../../parser/ast/show-modules.ts";
import type { Executor } from "./executor.ts";
import { booleanType, column, listResult, tableResult } from "./fixed-results.ts";

export const showModules: Executor<ShowModules> = async (statement) =>
  statement.full
    ? tableResult([column("module name"), column("used", booleanType)], [["core", true]])
    : listResult("module name", ["core"]);
