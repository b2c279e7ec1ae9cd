// Has the freshness of all tables measured every few seconds (check_freshness() in the migration
// measures, and records a violation and its end once, with event and notifications in the same
// transaction). Every gateway asks; one at a time measures.

import type { Clock } from "../common/clock.ts";
import { Lane } from "../common/lane.ts";
import type { Log } from "../common/log.ts";
import type { Database } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import { seconds } from "../common/time.ts";

interface FreshnessChange {
  readonly database: string;
  readonly name: string;
  readonly state: "WARN" | "VIOLATED" | "RECOVERED";
  readonly lag: string;
  readonly limit: string;
}

const period = seconds(5);

/** Measures and logs; gives what changed. */
export async function measureFreshness(
  database: Database,
  log: Log,
): Promise<readonly FreshnessChange[]> {
  const changes = await database.query<FreshnessChange>(sql`
    SELECT database, name, state, lag::text, threshold::text AS "limit"
    FROM sluice_private.check_freshness()`);
  for (const { database: schema, name, state, lag, limit } of changes) {
    const fields = { table: `${schema}.${name}`, lag, limit };
    if (state === "VIOLATED") log.warn(fields, "a table is older than it may be");
    else log.info(fields, state === "WARN" ? "a table grows old" : "a table is fresh again");
  }
  return changes;
}

/** A lane that measures again and again. */
export function freshnessWatch(database: Database, clock: Clock, log: Log): Lane {
  return new Lane({
    clock,
    name: "freshness",
    async work() {
      await measureFreshness(database, log);
      return period;
    },
    onError: (error, where) => log.warn({ err: error, where }, "will retry"),
  });
}
