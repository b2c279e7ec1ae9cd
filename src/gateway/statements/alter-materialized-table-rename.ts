// ALTER MATERIALIZED TABLE … RENAME TO: within its database; the new name may be qualified with the
// same one.

import { GatewayError } from "../../common/gateway-error.ts";
// biome-ignore format: the name and the path do not fit on one line
import type {
  AlterMaterializedTableRename,
} from "../../parser/ast/alter-materialized-table-rename.ts";
import type { Executor } from "./executor.ts";
import { resolveObject } from "./resolve-name.ts";
import { altered } from "./table-altered.ts";

export const alterMaterializedTableRename: Executor<AlterMaterializedTableRename> = async (
  { name, newName },
  context,
  { tables },
) => {
  const identifier = resolveObject(name, context.session);
  const target = resolveObject(newName, context.session);
  if (newName.parts.length > 1 && target.database !== identifier.database) {
    throw new GatewayError("GW-NAME", "RENAME cannot move a table to another database", {
      detail: `The table is in "${identifier.database}", the new name in "${target.database}".`,
      position: newName.position,
    });
  }
  return altered(await tables.rename(identifier, target.name), context);
};
