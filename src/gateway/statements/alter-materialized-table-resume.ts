// ALTER MATERIALIZED TABLE … RESUME [WITH (…)]: the options are stored and shown, as those of SET.

// biome-ignore format: the name and the path do not fit on one line
import type {
  AlterMaterializedTableResume,
} from "../../parser/ast/alter-materialized-table-resume.ts";
import { optionRecord } from "../../parser/ast/option.ts";
import type { Executor } from "./executor.ts";
import { resolveObject } from "./resolve-name.ts";
import { altered } from "./table-altered.ts";

export const alterMaterializedTableResume: Executor<AlterMaterializedTableResume> = async (
  { name, options },
  context,
  { tables },
) =>
  altered(
    await tables.resume(resolveObject(name, context.session), optionRecord(options)),
    context,
  );
