// What of the session a definition keeps: the schemas where unqualified names of its query are
// looked up, the same as for a query typed in the session, and the zone.

import type { Database } from "../../common/pg.ts";
import { sql } from "../../common/sql.ts";
import type { DefinitionContext } from "../../refresh/table-requests.ts";
import type { Session } from "../session/session.ts";
import type { StatementContext } from "./statement-context.ts";

/** The zone is `table.local-time-zone`, or UTC if nobody set one. */
export async function definitionContext(
  context: StatementContext,
  database: Database,
): Promise<DefinitionContext> {
  return {
    searchPath: await searchPathOf(context.session, database),
    timeZone: context.property("table.local-time-zone") ?? "UTC",
  };
}

/**
 * The current database alone, unless the session has set a search_path; what does not exist is left
 * out.
 */
async function searchPathOf(session: Session, database: Database): Promise<readonly string[]> {
  const path = session.settings.get("search_path");
  if (path === undefined) return [session.database];
  return database.transaction(async (tx) => {
    await tx.query(sql`SELECT pg_catalog.set_config('search_path', ${path}, true)`);
    const [row] = await tx.query<{ schemas: string[] }>(sql`
      SELECT pg_catalog.current_schemas(false)::text[] AS schemas`);
    return row?.schemas ?? [session.database];
  });
}
