// The queue that a table's option names must exist.

import { GatewayError } from "../common/gateway-error.ts";
import { nearest } from "../common/nearest.ts";
import type { Queryable } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import type { TableOptions } from "./table-options.ts";

/** Throws MT-OPTION-VALUE. */
export async function checkQueue(on: Queryable, options: TableOptions): Promise<void> {
  const queue = options["queue"];
  if (queue === undefined) return;
  const rows = await on.query<{ queue: string }>(sql`SELECT queue FROM sluice_private.queues`);
  const known = rows.map((row) => row.queue);
  if (known.includes(queue)) return;
  const meant = nearest(queue, known);
  throw new GatewayError("MT-OPTION-VALUE", `queue "${queue}" does not exist`, {
    ...(meant === null ? {} : { hint: `Did you mean "${meant}"?` }),
  });
}
