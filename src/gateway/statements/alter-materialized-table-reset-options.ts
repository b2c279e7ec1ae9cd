// ALTER MATERIALIZED TABLE … RESET ('k', …).

// biome-ignore format: the name and the path do not fit on one line
import type {
  AlterMaterializedTableResetOptions,
} from "../../parser/ast/alter-materialized-table-reset-options.ts";
import type { Executor } from "./executor.ts";
import { resolveObject } from "./resolve-name.ts";
import { altered } from "./table-altered.ts";

export const alterMaterializedTableResetOptions: Executor<
  AlterMaterializedTableResetOptions
> = async ({ name, keys }, context, { tables }) => {
  const identifier = resolveObject(name, context.session);
  const names = keys.map(({ key }) => key);
  return altered(await tables.resetOptions(identifier, names), context);
};
