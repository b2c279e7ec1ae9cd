// ALTER MATERIALIZED TABLE … SUSPEND [WITH ('cancel' = 'true')].

// biome-ignore format: the name and the path do not fit on one line
import type {
  AlterMaterializedTableSuspend,
} from "../../parser/ast/alter-materialized-table-suspend.ts";
import { optionRecord } from "../../parser/ast/option.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";
import { resolveObject } from "./resolve-name.ts";

export const alterMaterializedTableSuspend: Executor<AlterMaterializedTableSuspend> = async (
  { name, options },
  { session },
  { tables },
) => {
  await tables.suspend(resolveObject(name, session), optionRecord(options));
  return okResult;
};
