// DROP MATERIALIZED TABLE [IF EXISTS] … [RESTRICT | CASCADE].

import type { DropMaterializedTable } from "../../parser/ast/drop-materialized-table.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";
import { resolveObject } from "./resolve-name.ts";

export const dropMaterializedTable: Executor<DropMaterializedTable> = async (
  { name, ifExists, behaviour },
  { session },
  { tables },
) => {
  await tables.drop(resolveObject(name, session), { ifExists, cascade: behaviour === "CASCADE" });
  return okResult;
};
