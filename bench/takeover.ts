// How soon the work of a killed gateway goes on: taken over by another one, or by a new start on
// the same host.

import { RestSession } from "../tools/demo/rest-session.ts";
import type { Product } from "../tools/product/start-product.ts";
import { rows, startGateway, until } from "./bench-gateway.ts";
import { type BenchDatabase, benchDatabase } from "./embedded-database.ts";
import { type Figure, showMilliseconds } from "./figure.ts";

/**
 * A refresh that takes seconds loses its gateway; another one, or a new one on the same host, takes
 * it over.
 */
export async function restartAfterKill(): Promise<readonly Figure[]> {
  const byAnother = await timeTakeover("another");
  const byRestart = await timeTakeover("restart");
  return [
    {
      figure: "kill -9 to the work's restart by another gateway",
      measured: showMilliseconds(byAnother),
      beside: null,
      wanted: "<= 10 s",
      met: byAnother <= 10_000,
    },
    {
      figure: "kill -9, new start on the same host: ready to the work's restart",
      measured: showMilliseconds(byRestart),
      beside: null,
      wanted: "<= 1 s",
      met: byRestart <= 1000,
    },
  ];
}

/** Milliseconds from the kill (or from the new gateway's ready) to the second claim. */
async function timeTakeover(by: "another" | "restart"): Promise<number> {
  const database = await benchDatabase();
  const victim = await startGateway(database, "a");
  const other = by === "another" ? await startGateway(database, "b") : null;
  let restarted: Product | null = null;
  try {
    const session = await RestSession.open(victim.url);
    await session.execute(`CREATE MATERIALIZED TABLE heavy FRESHNESS = INTERVAL '1' DAY
      REFRESH_MODE = FULL AS SELECT count(*) AS n FROM generate_series(1, 60000000)`);
    const owner = await until(async () => claimOf(database));
    const kept = owner.pid === victim.pid ? other : victim;
    const killed = owner.pid === victim.pid ? victim : other;
    await killed?.kill();
    let since = performance.now();
    if (by === "restart") {
      restarted = await startGateway(database, "a");
      since = performance.now();
    }
    await until(async () => {
      const claim = await claimOf(database);
      return claim !== null && claim.token !== owner.token;
    }, 60_000);
    const took = performance.now() - since;
    await kept?.kill();
    return took;
  } finally {
    await victim.kill();
    await other?.kill();
    await restarted?.kill();
    await database.close();
  }
}

/** The running task with its token and the gateway that has it; null while nothing runs. */
async function claimOf(
  database: BenchDatabase,
): Promise<{ readonly token: string; readonly pid: number } | null> {
  const [row] = await rows(
    database,
    `SELECT t.token, g.pid FROM sluice_private.task_instances t
     JOIN sluice_private.gateways g USING (gateway_id) WHERE t.status = 'RUNNING'`,
  );
  return row === undefined ? null : { token: String(row["token"]), pid: Number(row["pid"]) };
}
