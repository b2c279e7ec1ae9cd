// What of the session a definition keeps: the schemas where unqualified names of the query are
// looked up, and the zone.

import type { DefinitionContext } from "../../refresh/table-requests.ts";
import type { StatementContext } from "./statement-context.ts";

/**
 * The current database first, then `public`; the zone is `table.local-time-zone`, or UTC if nobody
 * set one.
 */
export function definitionContext(context: StatementContext): DefinitionContext {
  const searchPath = [...new Set([context.session.database, "public"])];
  return { searchPath, timeZone: context.property("table.local-time-zone") ?? "UTC" };
}
