// DROP DATABASE [IF EXISTS] … [RESTRICT | CASCADE]: a schema and, with CASCADE, what is in it; its
// workflows and materialized tables go first, each by its own door, so that nothing is left behind.

import { isProtectedDatabase } from "../../catalog/protected-database.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import { hasSqlState, type Queryable } from "../../common/pg.ts";
import { ident, sql, trusted } from "../../common/sql.ts";
import { postgresError } from "../../common/postgres-error.ts";
import type { DropDatabase } from "../../parser/ast/drop-database.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";
import { findDatabase } from "./read/find-databases.ts";
import { resolveDatabase } from "./resolve-name.ts";

export const dropDatabase: Executor<DropDatabase> = async (statement, { session }, services) => {
  const { catalog } = session;
  const name = resolveDatabase(statement.name, session);
  const cascade = statement.behaviour === "CASCADE";
  if ((await findDatabase(services.database, name)) === null) {
    if (statement.ifExists) return okResult;
    throw databaseNotFound(name, catalog);
  }
  if (name === session.database) {
    throw new GatewayError("GW-DATABASE-IN-USE", `cannot drop the current database "${name}"`, {
      hint: "USE another database first.",
      flink: {
        class: "org.apache.flink.table.api.ValidationException",
        text: "Cannot drop a database which is currently in use.",
      },
    });
  }
  requireChangeable(name);
  const tables = await services.catalog.list(services.database, name, null);
  const workflows = await workflowsIn(services.database, name);
  if (!cascade && tables.length + workflows.length > 0) throw notEmpty(name, catalog, undefined);
  for (const workflow of workflows) {
    const identifier = { catalog, database: name, name: workflow };
    await services.workflows.disable(identifier);
    await services.workflows.drop(identifier, { ifExists: true });
  }
  for (const table of tables) {
    const identifier = { catalog, database: name, name: table };
    await services.tables.drop(identifier, { ifExists: true, cascade: true });
  }
  try {
    const behaviour = trusted(cascade ? "CASCADE" : "RESTRICT");
    await services.database.execute(sql`DROP SCHEMA ${ident(name)} ${behaviour}`);
  } catch (error) {
    if (hasSqlState(error, "2BP01")) throw notEmpty(name, catalog, (error as Error).message);
    throw postgresError(error);
  }
  return okResult;
};

/** Names of the workflows that users made in a schema. */
async function workflowsIn(on: Queryable, database: string): Promise<readonly string[]> {
  const rows = await on.query<{ name: string }>(sql`
    SELECT name FROM sluice_private.workflows
    WHERE database = ${database} AND kind = 'user' ORDER BY name COLLATE "C"`);
  return rows.map((row) => row.name);
}

/** GW-DATABASE-UNKNOWN in the words of DDL. */
export function databaseNotFound(name: string, catalog: string): GatewayError {
  return new GatewayError("GW-DATABASE-UNKNOWN", `database "${name}" does not exist`, {
    flink: {
      class: "org.apache.flink.table.catalog.exceptions.DatabaseNotExistException",
      text: `Database ${name} does not exist in Catalog ${catalog}.`,
    },
  });
}

/** Throws GW-DATABASE-PROTECTED for schemas of PostgreSQL and of Sluice. */
export function requireChangeable(name: string): void {
  if (!isProtectedDatabase(name)) return;
  throw new GatewayError("GW-DATABASE-PROTECTED", `database "${name}" cannot be changed`, {
    detail: "It belongs to PostgreSQL or to Sluice.",
  });
}

function notEmpty(name: string, catalog: string, detail: string | undefined): GatewayError {
  return new GatewayError("GW-DATABASE-NOT-EMPTY", `database "${name}" is not empty`, {
    detail,
    hint: "DROP DATABASE … CASCADE drops its objects too.",
    flink: {
      class: "org.apache.flink.table.catalog.exceptions.DatabaseNotEmptyException",
      text: `Database ${name} in catalog ${catalog} is not empty.`,
    },
  });
}
