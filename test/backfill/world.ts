// The small product of test/refresh, with the service of backfills on top.

import { type Backfills, createBackfills } from "../../src/backfill/backfills.ts";
import { systemClock, systemRandom } from "../../src/common/clock.ts";
import { sql } from "../../src/common/sql.ts";
import { milliseconds, seconds } from "../../src/common/time.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { postgresEngine } from "../../src/engine/postgres/postgres-engine.ts";
import { postgresStorage } from "../../src/engine/postgres/storage.ts";
import { DurableBackfills } from "../../src/scheduler/durable/durable-backfills.ts";
import { pgWorkflowStore } from "../../src/scheduler/durable/pg-store.ts";
import { openWorld, type World } from "../refresh/world.ts";
import { until } from "../support/until.ts";

export interface BackfillWorld extends World {
  readonly backfills: Backfills;
  /** Starts a backfill of a table; gives its id. */
  backfill(
    name: string,
    from: string,
    to: string,
    options?: Record<string, string>,
  ): Promise<string>;
  /** The dry run: `start end partition reason`, times without seconds in UTC. */
  plan(name: string, from: string, to: string, options?: Record<string, string>): Promise<string[]>;
  /** Waits for the end; gives `status total pending running successful failed skipped`. */
  ended(id: string): Promise<string>;
  figures(id: string): Promise<string>;
  /** `ordinal partition status reason`, in the order of running. */
  intervals(id: string): Promise<string[]>;
}

/** `clock`: where the database's clock stands. */
export async function openBackfillWorld(
  clock: string,
  engineOf: (engine: Engine) => Engine = (engine) => engine,
): Promise<BackfillWorld> {
  const world = await openWorld({ clock, engine: engineOf });
  const { db, catalog, scheduler } = world;
  const { database } = db;
  const backfills = createBackfills({
    database,
    catalog,
    storage: postgresStorage,
    engine: postgresEngine({ database, clock: systemClock, random: systemRandom }),
    scheduler,
    random: systemRandom,
    clock: systemClock,
    settings: {
      freshnessThreshold: milliseconds(30 * 60_000),
      defaultFreshnessFull: milliseconds(3_600_000),
      defaultStartMode: "FROM_BEGINNING",
      strict: false,
      lockTimeout: seconds(3),
    },
    runs: new DurableBackfills(pgWorkflowStore(database), systemRandom),
  });
  const request = (name: string, range: readonly [string, string], options = {}) => {
    const target = { kind: "table", identifier: world.id(name) } as const;
    return { target, from: range[0], to: range[1], options };
  };
  const figures = async (id: string): Promise<string> => {
    const rows = await db.query<{ line: string }>(sql`
      SELECT concat_ws(' ', status, total, pending, running, successful, failed, skipped) AS line
      FROM sluice.backfills WHERE backfill_id = ${id}`);
    return rows[0]?.line ?? "";
  };
  return {
    ...world,
    backfills,
    figures,
    async backfill(name, from, to, options) {
      const { backfillId } = await backfills.create(request(name, [from, to], options));
      return backfillId;
    },
    async plan(name, from, to, options) {
      const planned = await backfills.dryRun(request(name, [from, to], options));
      const text = (at: number | null) =>
        at === null ? "-" : new Date(at).toISOString().slice(0, 16);
      return planned.map(({ intervalStart, intervalEnd, partition, reason }) =>
        [text(intervalStart), text(intervalEnd), partition ?? "-", reason ?? ""].join(" ").trim(),
      );
    },
    async ended(id) {
      await until(async () => {
        const rows = await db.query<{ ended: boolean }>(sql`
          SELECT finished_at IS NOT NULL AS ended FROM sluice.backfills WHERE backfill_id = ${id}`);
        return rows[0]?.ended;
      });
      return figures(id);
    },
    async intervals(id) {
      const rows = await db.query<{ line: string }>(sql`
        SELECT concat_ws(' ', ordinal, partition, status, reason) AS line
        FROM sluice.backfill_intervals WHERE backfill_id = ${id} ORDER BY ordinal`);
      return rows.map((row) => row.line);
    },
  };
}
