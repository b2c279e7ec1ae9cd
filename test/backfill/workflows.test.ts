// Backfills of users' workflows, over REST: slots by their begin, variables of their time, the
// latest run of each slot.

import { afterAll, beforeAll, expect, test } from "vitest";
import { RestSession } from "../../tools/demo/rest-session.ts";
import { type TestGateway, testGateway } from "../support/gateway.ts";

let gateway: TestGateway;
let session: RestSession;

beforeAll(async () => {
  gateway = await testGateway();
  session = await RestSession.open(gateway.url, { "table.dml-sync": "true" });
  await gateway.database.query(
    "CREATE TABLE log (day text, region text, at timestamptz DEFAULT clock_timestamp())",
  );
  await session.execute(`
    CREATE WORKFLOW nightly SCHEDULE = CRON '0 0 2 ? * *' TIME ZONE 'Europe/Berlin'
      START AT TIMESTAMP '2025-01-02 00:00:00'
      VARIABLES ('day' = '\${system.biz.date}', 'region' = 'eu')
      TASKS (load EXECUTE 'INSERT INTO log SELECT ''\${day}'', ''\${region}''')`);
});
afterAll(() => gateway.close());

async function logged(): Promise<string[]> {
  const rows = await gateway.database.query<{ line: string }>(
    "SELECT day || ' ' || region AS line FROM log ORDER BY at",
  );
  await gateway.database.query("TRUNCATE log");
  return rows.map(({ line }) => line);
}

test("the slots that begin in the range, each with the variables of its time", async () => {
  const from = "FROM TIMESTAMP '2025-03-28 00:00:00' TO TIMESTAMP '2025-04-01 00:00:00'";
  const plan = await session.execute(`BACKFILL WORKFLOW nightly ${from} WITH ('dry-run' = 'true')`);
  // The clocks were set forward on 2025-03-30: 02:00 in Berlin was 03:00.
  expect(plan.rows.map((row) => row.slice(0, 5))).toEqual([
    [0, "2025-03-28T01:00:00Z", "2025-03-29T01:00:00Z", null, null],
    [1, "2025-03-29T01:00:00Z", "2025-03-30T01:00:00Z", null, null],
    [2, "2025-03-30T01:00:00Z", "2025-03-31T00:00:00Z", null, null],
    [3, "2025-03-31T00:00:00Z", "2025-04-01T00:00:00Z", null, null],
  ]);
  expect(JSON.parse(String(plan.rows[0]?.[7]))).toMatchObject({
    day: "20250328",
    region: "eu",
    "system.biz.curdate": "20250329",
  });
  await session.execute(`BACKFILL WORKFLOW nightly ${from} VARIABLES ('region' = 'us')`);
  expect(await logged()).toEqual(["20250328 us", "20250329 us", "20250330 us", "20250331 us"]);
});

test("reprocess looks at the latest run of each slot", async () => {
  const range = "FROM TIMESTAMP '2025-03-30 00:00:00' TO TIMESTAMP '2025-04-03 00:00:00'";
  await session.execute(`BACKFILL WORKFLOW nightly ${range}
    WITH ('reprocess' = 'missing', 'order' = 'descending')`);
  expect(await logged()).toEqual(["20250402 eu", "20250401 eu"]);
  const [row] = await session.select("SHOW BACKFILLS FROM nightly");
  expect([row?.["status"], row?.["total"], row?.["successful"], row?.["skipped"]]).toEqual([
    "SUCCESSFUL",
    4,
    2,
    2,
  ]);
});

test("before START AT there is nothing", async () => {
  const plan = await session.select(`BACKFILL WORKFLOW nightly FROM TIMESTAMP '2024-12-30 00:00:00'
    TO TIMESTAMP '2025-01-03 00:00:00' WITH ('dry-run' = 'true')`);
  expect(plan.map((row) => row["reason"])).toEqual(["beyond start", "beyond start", null, null]);
});

test("what cannot be is refused", async () => {
  const range = "FROM TIMESTAMP '2025-03-01 00:00:00' TO TIMESTAMP '2025-03-03 00:00:00'";
  await session.execute("CREATE WORKFLOW byhand TASKS (one EXECUTE 'SELECT 1')");
  await expect(session.execute(`BACKFILL WORKFLOW byhand ${range}`)).rejects.toThrow(
    "[BF-NOT-PERIODIC]",
  );
  await expect(session.execute(`BACKFILL WORKFLOW nobody ${range}`)).rejects.toThrow(
    "[WF-NOTFOUND]",
  );
  await expect(
    session.execute(`BACKFILL WORKFLOW nightly ${range} VARIABLES ('regoin' = 'us')`),
  ).rejects.toThrow("[WF-VARIABLE]");
  await expect(
    session.execute(`BACKFILL WORKFLOW nightly ${range} WITH ('cascade' = 'true')`),
  ).rejects.toThrow("[BF-OPTION-VALUE]");
  expect(await logged()).toEqual([]);
});
