// Databases (schemas) of the connected catalog.

import { GatewayError } from "../../../common/gateway-error.ts";
import type { Queryable } from "../../../common/pg.ts";
import { sql } from "../../../common/sql.ts";

/** Names of all schemas but those of temporary and toasted tables, unsorted. */
export async function findDatabases(on: Queryable): Promise<string[]> {
  const rows = await on.query<{ name: string }>(sql`
    SELECT nspname AS name FROM pg_catalog.pg_namespace
    WHERE nspname !~ '^pg_(toast|temp_|toast_temp_)'`);
  return rows.map((row) => row.name);
}

/** The comment of a schema and whether it exists; null if it does not. */
export async function findDatabase(
  on: Queryable,
  name: string,
): Promise<{ readonly comment: string | null; readonly owner: string } | null> {
  const [row] = await on.query<{ comment: string | null; owner: string }>(sql`
    SELECT pg_catalog.obj_description(oid, 'pg_namespace') AS comment,
           pg_catalog.pg_get_userbyid(nspowner) AS owner
    FROM pg_catalog.pg_namespace WHERE nspname = ${name}`);
  return row ?? null;
}

/** Throws GW-DATABASE-UNKNOWN, in the words of SHOW statements, if there is no such schema. */
export async function requireDatabase(on: Queryable, catalog: string, name: string): Promise<void> {
  if ((await findDatabase(on, name)) !== null) return;
  throw new GatewayError("GW-DATABASE-UNKNOWN", `database "${name}" does not exist`, {
    flink: {
      class: "org.apache.flink.table.api.ValidationException",
      text: `Database '${catalog}'.'${name}' doesn't exist.`,
    },
  });
}
