// CREATE DATABASE: a schema of the connected database.

import { isProtectedDatabase } from "../../catalog/protected-database.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import { hasSqlState } from "../../common/pg.ts";
import { ident, literal, sql } from "../../common/sql.ts";
import { postgresError } from "../../common/postgres-error.ts";
import type { CreateDatabase } from "../../parser/ast/create-database.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";
import { findDatabase } from "./read/find-databases.ts";
import { resolveDatabase } from "./resolve-name.ts";
import { notSupported } from "./unsupported.ts";

export const createDatabase: Executor<CreateDatabase> = async (
  statement,
  { session },
  services,
) => {
  const { ifNotExists, comment, options } = statement;
  const name = resolveDatabase(statement.name, session);
  if (options.length > 0) {
    throw notSupported("CREATE DATABASE … WITH", "A PostgreSQL schema has no options.", null);
  }
  if ((await findDatabase(services.database, name)) !== null) {
    if (ifNotExists) return okResult;
    throw alreadyExists(name, session.catalog);
  }
  if (isProtectedDatabase(name)) {
    throw new GatewayError("GW-DATABASE-PROTECTED", `the name "${name}" is reserved`);
  }
  try {
    await services.database.transaction(async (tx) => {
      await tx.execute(sql`CREATE SCHEMA ${ident(name)}`);
      if (comment !== null) {
        await tx.execute(sql`COMMENT ON SCHEMA ${ident(name)} IS ${literal(comment)}`);
      }
    });
  } catch (error) {
    if (hasSqlState(error, "42P06")) throw alreadyExists(name, session.catalog);
    throw postgresError(error);
  }
  return okResult;
};

function alreadyExists(name: string, catalog: string): GatewayError {
  return new GatewayError("GW-DATABASE-EXISTS", `database "${name}" already exists`, {
    flink: {
      class: "org.apache.flink.table.catalog.exceptions.DatabaseAlreadyExistException",
      text: `Database ${name} already exists in Catalog ${catalog}.`,
    },
  });
}
