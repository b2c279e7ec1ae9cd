// A program that embeds Sluice, and a gateway on the same database, to which statements are sent.

import { type EmbeddedSluice, type OpenOptions, openSluice } from "../../src/program/entry.ts";
import { type GatewayWorld, openGatewayWorld } from "../tasks/gateway-world.ts";

export interface ProgramWorld extends GatewayWorld {
  readonly sluice: EmbeddedSluice;
  /** Another program on the same database. */
  open(parts?: Partial<OpenOptions>): Promise<EmbeddedSluice>;
}

export async function openProgramWorld(): Promise<ProgramWorld> {
  const world = await openGatewayWorld();
  const opened: EmbeddedSluice[] = [];
  const open = async (parts: Partial<OpenOptions> = {}) => {
    const sluice = await openSluice({ databaseUrl: world.db.url, ...parts });
    opened.push(sluice);
    return sluice;
  };
  return {
    ...world,
    sluice: await open(),
    open,
    async close() {
      for (const sluice of opened) await sluice.close();
      await world.close();
    },
  };
}

/** The tables of the document's examples, without rows. */
export async function makeTables(world: ProgramWorld): Promise<void> {
  await world.db.query(`
    CREATE TABLE sales (at timestamp NOT NULL, amount int NOT NULL);
    INSERT INTO sales VALUES
      ('2023-11-30 10:00', 1), ('2023-12-01 10:00', 2), ('2023-12-31 10:00', 3)`);
  await world.statement(`CREATE MATERIALIZED TABLE sales_summary PARTITIONED BY ("year", "month")
    START_MODE = FROM_NOW FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL
    AS SELECT to_char(at, 'YYYY') AS "year", to_char(at, 'MM') AS "month", sum(amount) AS total
    FROM sales GROUP BY 1, 2`);
  await world.statement(`CREATE MATERIALIZED TABLE daily_metrics
    START_MODE = FROM_NOW FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL
    AS SELECT count(*) AS n FROM sales`);
}
