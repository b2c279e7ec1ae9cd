// What the taker does when carrying out fails: errors of the moment are tried again, a command that
// kills its connection is given up in the end, and none of them keeps another target's from its
// turn.

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { CommandServices } from "../../src/commands/carry-out.ts";
import { CommandTaker } from "../../src/commands/command-taker.ts";
import { systemClock } from "../../src/common/clock.ts";
import { GatewayError } from "../../src/common/gateway-error.ts";
import type { Database } from "../../src/common/pg.ts";
import { sql } from "../../src/common/sql.ts";
import type { Scheduler } from "../../src/scheduler/scheduler.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";

let db: TestDatabase;
const errors: unknown[] = [];
/** What the next REFRESH of a table does, within the taker's transaction. */
const refreshes = new Map<string, (on: Database) => Promise<void>>();

function services(on: Database): CommandServices {
  const absent = () => Promise.reject(new Error("not part of this test"));
  return {
    catalogName: db.name,
    tables: {
      async refresh({ identifier }) {
        await on.execute(sql`INSERT INTO effects VALUES (${identifier.name})`);
        await refreshes.get(identifier.name)?.(on);
        return { instanceId: `instance of ${identifier.name}` as never };
      },
      suspend: absent,
      resume: absent,
    },
    workflows: { execute: absent },
    backfills: { create: absent, refreshCascade: absent },
  };
}

let taker: CommandTaker;
beforeAll(async () => {
  db = await testDatabase();
  await db.query("CREATE TABLE effects (name text)");
  for (const name of ["a", "b"]) {
    await db.query(sql`
      INSERT INTO sluice_private.materialized_tables
        (table_id, database, name, status, original_query, expanded_query, definition, time_zone,
         version, workflow_id, created_at, altered_at)
      VALUES (${name}, 'public', ${name}, 'ACTIVATED', '', '', '{"partitionKeys": []}', 'UTC', 1,
              ${name}, now(), now())`);
  }
  taker = new CommandTaker({
    database: db.database,
    clock: systemClock,
    scheduler: { submit: () => Promise.reject(new Error("not used")) } as unknown as Scheduler,
    servicesOn: services,
    onError: (error) => errors.push(error),
  });
  taker.start();
});
afterAll(async () => {
  await taker.stop();
  await db.close();
});
beforeEach(async () => {
  refreshes.clear();
  errors.length = 0;
  await db.query("TRUNCATE effects");
});

async function give(name: string): Promise<string> {
  const rows = await db.query<{ id: string }>(sql`SELECT sluice.refresh(${name}) AS id`);
  taker.wake();
  return rows[0]?.id ?? "";
}

interface Row {
  readonly status: string;
  readonly attempts: number;
  readonly error_code: string | null;
  readonly error: string | null;
}

/** The command once `done` holds; whatever waits for another attempt need not wait. */
function when(id: string, done: (row: Row) => boolean): Promise<Row> {
  return until(async () => {
    await db.query("UPDATE sluice_private.commands SET ready_at = now() WHERE status = 'PENDING'");
    taker.wake();
    const [row] = await db.query<Row>(sql`
      SELECT status, attempts, error_code, error FROM sluice.commands WHERE command_id = ${id}`);
    return row !== undefined && done(row) ? row : null;
  });
}
const ended = (row: Row) => row.status !== "PENDING";

const effects = async () =>
  (await db.query<{ name: string }>("SELECT name FROM effects")).map((row) => row.name);

test("an error of the moment is tried again; what was half done is not there", async () => {
  let tries = 0;
  refreshes.set("a", async () => {
    if (tries++ < 3) throw new GatewayError("MT-BUSY", "is being refreshed");
  });
  expect(await when(await give("a"), ended)).toMatchObject({ status: "SUCCESSFUL", attempts: 3 });
  expect(await effects()).toEqual(["a"]);
});

test("an error of the server that will not pass is the end, with its words", async () => {
  refreshes.set("a", async (on) => void (await on.query(sql`SELECT 1 / 0`)));
  expect(await when(await give("a"), ended)).toEqual({
    status: "FAILED",
    attempts: 0,
    error_code: "GW-POSTGRES",
    error: "division by zero",
  });
  refreshes.set("a", () => Promise.reject(new TypeError("a defect")));
  expect(await when(await give("a"), ended)).toMatchObject({
    status: "FAILED",
    error_code: "GW-INTERNAL",
  });
  expect(errors).toEqual([expect.objectContaining({ message: "a defect" })]);
  expect(await effects()).toEqual([]);
});

test("one that kills its connection is given up in the end, others go on meanwhile", async () => {
  refreshes.set("a", async (on) => {
    await on.query(sql`SELECT pg_terminate_backend(pg_backend_pid())`);
  });
  const deadly = await give("a");
  const other = await give("b");
  expect(await when(other, ended)).toMatchObject({ status: "SUCCESSFUL" });
  const row = await when(deadly, ended);
  expect([row.status, row.attempts]).toEqual(["FAILED", 9]);
  expect(row.error).toMatch(/terminat/);
  expect(await effects()).toEqual(["b"]);
});
