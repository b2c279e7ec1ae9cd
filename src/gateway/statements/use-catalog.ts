// USE CATALOG: only the connected database is one. The name matches as written first, then folded:
// JDBC sends names unquoted.

import { GatewayError } from "../../common/gateway-error.ts";
import { plainQualifiedName } from "../../parser/ast/name.ts";
import type { UseCatalog } from "../../parser/ast/use-catalog.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";

export const useCatalog: Executor<UseCatalog> = async ({ name }, { session }) => {
  const matches = name.written[0] === session.catalog || name.parts[0] === session.catalog;
  if (name.parts.length === 1 && matches) return okResult;
  const asked = name.written.join(".") || plainQualifiedName(name);
  throw new GatewayError("GW-CATALOG-UNKNOWN", `catalog "${asked}" does not exist`, {
    hint: `The only catalog is the connected database, "${session.catalog}".`,
    position: name.position,
    flink: {
      class: "org.apache.flink.table.catalog.exceptions.CatalogException",
      text: `A catalog with name [${asked}] does not exist.`,
    },
  });
};
