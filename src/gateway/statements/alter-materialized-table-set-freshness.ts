// ALTER MATERIALIZED TABLE … SET FRESHNESS = INTERVAL …: takes effect at once; the old rows serve
// meanwhile.

// biome-ignore format: the name and the path do not fit on one line
import type {
  AlterMaterializedTableSetFreshness,
} from "../../parser/ast/alter-materialized-table-set-freshness.ts";
import type { Executor } from "./executor.ts";
import { resolveObject } from "./resolve-name.ts";
import { altered } from "./table-altered.ts";
import { intervalOf } from "./table-literals.ts";

export const alterMaterializedTableSetFreshness: Executor<
  AlterMaterializedTableSetFreshness
> = async ({ name, freshness }, context, { tables }) => {
  const identifier = resolveObject(name, context.session);
  return altered(await tables.setFreshness(identifier, intervalOf(freshness)), context);
};
