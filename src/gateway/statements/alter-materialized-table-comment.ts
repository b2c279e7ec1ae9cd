// ALTER MATERIALIZED TABLE … COMMENT '…': the empty text removes it.

// biome-ignore format: the name and the path do not fit on one line
import type {
  AlterMaterializedTableComment,
} from "../../parser/ast/alter-materialized-table-comment.ts";
import type { Executor } from "./executor.ts";
import { resolveObject } from "./resolve-name.ts";
import { altered } from "./table-altered.ts";

export const alterMaterializedTableComment: Executor<AlterMaterializedTableComment> = async (
  { name, comment },
  context,
  { tables },
) => {
  const identifier = resolveObject(name, context.session);
  return altered(await tables.comment(identifier, comment === "" ? null : comment), context);
};
