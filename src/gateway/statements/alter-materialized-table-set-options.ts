// ALTER MATERIALIZED TABLE … SET ('k' = 'v', …).

// biome-ignore format: the name and the path do not fit on one line
import type {
  AlterMaterializedTableSetOptions,
} from "../../parser/ast/alter-materialized-table-set-options.ts";
import { optionRecord } from "../../parser/ast/option.ts";
import type { Executor } from "./executor.ts";
import { resolveObject } from "./resolve-name.ts";
import { altered } from "./table-altered.ts";

export const alterMaterializedTableSetOptions: Executor<AlterMaterializedTableSetOptions> = async (
  { name, options },
  context,
  { tables },
) =>
  altered(
    await tables.setOptions(resolveObject(name, context.session), optionRecord(options)),
    context,
  );
