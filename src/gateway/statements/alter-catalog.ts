// ALTER CATALOG: understood, and refused; the connected database has nothing that it could change.

import type { AlterCatalog } from "../../parser/ast/alter-catalog.ts";
import type { Executor } from "./executor.ts";
import { notSupported } from "./unsupported.ts";

export const alterCatalog: Executor<AlterCatalog> = async (_, { session }) => {
  throw notSupported(
    "ALTER CATALOG",
    `The only catalog is the connected database, "${session.catalog}"; it has no options.`,
    null,
  );
};
