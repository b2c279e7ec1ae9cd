// ALTER DATABASE: comment and name of a schema. The rename is refused while materialized tables
// depend on the name: their stored queries spell it out.

import { GatewayError } from "../../common/gateway-error.ts";
import { hasSqlState } from "../../common/pg.ts";
import type { Database } from "../../common/pg.ts";
import { ident, literal, sql } from "../../common/sql.ts";
import { postgresError } from "../../common/postgres-error.ts";
import type { AlterDatabase } from "../../parser/ast/alter-database.ts";
import type { Session } from "../session/session.ts";
import { databaseNotFound, requireChangeable } from "./drop-database.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";
import { findDatabase } from "./read/find-databases.ts";
import { resolveDatabase } from "./resolve-name.ts";
import { notSupported } from "./unsupported.ts";

export const alterDatabase: Executor<AlterDatabase> = async (statement, { session }, services) => {
  const { change } = statement;
  const name = resolveDatabase(statement.name, session);
  if (change.kind === "set" || change.kind === "reset") {
    throw notSupported(
      `ALTER DATABASE … ${change.kind.toUpperCase()}`,
      "A PostgreSQL schema has no options.",
      null,
    );
  }
  if ((await findDatabase(services.database, name)) === null) {
    throw databaseNotFound(name, session.catalog);
  }
  requireChangeable(name);
  if (change.kind === "comment") {
    const comment = literal(change.comment);
    await services.database
      .execute(sql`COMMENT ON SCHEMA ${ident(name)} IS ${comment}`)
      .catch((error: unknown) => Promise.reject(postgresError(error)));
  } else {
    await renameDatabase(services.database, name, change.newName, session);
  }
  return okResult;
};

async function renameDatabase(
  database: Database,
  name: string,
  newName: string,
  session: Session,
): Promise<void> {
  requireChangeable(newName);
  const users = await findTablesThatSpell(database, name);
  if (users.length > 0) {
    throw new GatewayError("GW-DATABASE-IN-USE", `database "${name}" cannot be renamed`, {
      detail: `Materialized tables depend on its name: ${users.join(", ")}.`,
    });
  }
  try {
    await database.execute(sql`ALTER SCHEMA ${ident(name)} RENAME TO ${ident(newName)}`);
  } catch (error) {
    if (!hasSqlState(error, "42P06")) throw postgresError(error);
    throw new GatewayError("GW-DATABASE-EXISTS", `database "${newName}" already exists`);
  }
  if (session.database === name) session.useDatabase(newName);
}

/** Materialized tables that lie in the schema or read from it, as `database.table`. */
async function findTablesThatSpell(database: Database, name: string): Promise<string[]> {
  const rows = await database.query<{ name: string }>(sql`
    SELECT t.database || '.' || t.name AS name
    FROM sluice_private.materialized_tables t
    WHERE t.database = ${name}
       OR EXISTS (SELECT FROM sluice_private.table_sources s
                  WHERE s.table_id = t.table_id AND s.source_schema = ${name})
    ORDER BY 1`);
  return rows.map((row) => row.name);
}
