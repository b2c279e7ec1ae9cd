// ALTER MATERIALIZED TABLE … SET REFRESH_MODE = FULL | CONTINUOUS.

// biome-ignore format: the name and the path do not fit on one line
import type {
  AlterMaterializedTableSetRefreshMode,
} from "../../parser/ast/alter-materialized-table-set-refresh-mode.ts";
import type { Executor } from "./executor.ts";
import { resolveObject } from "./resolve-name.ts";
import { altered } from "./table-altered.ts";

export const alterMaterializedTableSetRefreshMode: Executor<
  AlterMaterializedTableSetRefreshMode
> = async ({ name, refreshMode }, context, { tables }) => {
  const identifier = resolveObject(name, context.session);
  return altered(await tables.setRefreshMode(identifier, refreshMode), context);
};
