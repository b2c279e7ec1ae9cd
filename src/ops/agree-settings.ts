// Options that change what tables mean must be the same on every gateway of a database. They are
// stored there: a gateway that is configured otherwise refuses to start while another lives; alone,
// it changes them.
//
// Called after the gateway has written itself down among the living: of two that start at once, the
// later then sees the earlier one.

import { GatewayError } from "../common/gateway-error.ts";
import type { Database, Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import type { Config } from "../config.ts";

/** The options in question. */
const sharedOptions = [
  "flink-strict",
  "materialized-table.default-freshness.full",
  "materialized-table.default-freshness.continuous",
  "materialized-table.refresh-mode.freshness-threshold",
  "materialized-table.default-start-mode",
] as const satisfies readonly (keyof Config)[];

/** How a gateway is written down among the living. */
export interface GatewayProcess {
  readonly host: string;
  readonly pid: number;
}

interface Stored {
  readonly key: string;
  readonly value: string;
}

/**
 * Compares and stores. Throws GW-SETTINGS-DIFFER, naming each difference; then nothing has changed.
 */
export async function agreeSettings(
  database: Database,
  config: Config,
  self: GatewayProcess,
): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.execute(sql`LOCK TABLE sluice_private.settings IN EXCLUSIVE MODE`);
    const stored = await tx.query<Stored>(sql`SELECT key, value FROM sluice_private.settings`);
    const values = new Map(stored.map((row) => [row.key, row.value]));
    const differing = sharedOptions.filter(
      (key) => values.has(key) && values.get(key) !== String(config[key]),
    );
    if (differing.length > 0 && (await othersLive(tx, self))) {
      throw new GatewayError("GW-SETTINGS-DIFFER", "another gateway is configured differently", {
        detail: differing
          .map((key) => `${key} is ${values.get(key)} there and ${String(config[key])} here.`)
          .join(" "),
        hint: "Configure all gateways of a database alike, or stop the others first.",
      });
    }
    for (const key of sharedOptions) {
      await tx.execute(sql`
        INSERT INTO sluice_private.settings (key, value) VALUES (${key}, ${String(config[key])})
        ON CONFLICT (key) DO UPDATE SET value = excluded.value`);
    }
  });
}

async function othersLive(tx: Tx, self: GatewayProcess): Promise<boolean> {
  const rows = await tx.query(sql`
    SELECT FROM sluice_private.gateways
     WHERE (host, pid) <> (${self.host}, ${self.pid}) AND expires_at > sluice_private.clock()
      LIMIT 1`);
  return rows.length > 0;
}
