// USE [catalog.]database. The name matches as written first, then folded: JDBC sends names
// unquoted.

import { GatewayError } from "../../common/gateway-error.ts";
import type { UseDatabase } from "../../parser/ast/use-database.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";
import { findDatabase } from "./read/find-databases.ts";
import { requireCatalog, resolveDatabase } from "./resolve-name.ts";

export const useDatabase: Executor<UseDatabase> = async ({ name }, { session }, { database }) => {
  if (name.parts.length === 2) requireCatalog(name, session);
  const written = name.written.at(-1) ?? "";
  for (const candidate of new Set([written, resolveDatabase(name, session)])) {
    if ((await findDatabase(database, candidate)) === null) continue;
    if (candidate !== session.database) session.useDatabase(candidate);
    return okResult;
  }
  throw new GatewayError("GW-DATABASE-UNKNOWN", `database "${written}" does not exist`, {
    position: name.position,
    flink: {
      class: "org.apache.flink.table.catalog.exceptions.CatalogException",
      text:
        `A database with name [${written}] does not exist in the catalog: ` +
        `[${session.catalog}].`,
    },
  });
};
