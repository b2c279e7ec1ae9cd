// A queue named in a path that is not there: 404, where the same word inside a definition is 400.

import { GatewayError } from "../../../common/gateway-error.ts";
import type { Queryable } from "../../../common/pg.ts";
import { sql } from "../../../common/sql.ts";

/** Throws GW-ROW-UNKNOWN. */
export async function requireQueue(on: Queryable, name: string): Promise<void> {
  const rows = await on.query(sql`SELECT FROM sluice.queues WHERE queue = ${name}`);
  if (rows.length > 0) return;
  throw new GatewayError("GW-ROW-UNKNOWN", `queue "${name}" does not exist`);
}
