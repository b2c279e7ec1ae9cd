// What /metrics says of tasks and refreshes, after some that are known.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RestClient } from "../sql/rest-client.ts";
import { settle } from "../sql/settle.ts";
import { type TestGateway, testGateway } from "../support/gateway.ts";

let gateway: TestGateway;
let failure: string;
let lines: readonly string[];

beforeAll(async () => {
  gateway = await testGateway();
  const { database } = gateway;
  const client = new RestClient(gateway.url);
  await database.query(
    "CREATE TABLE secret_orders AS SELECT i, 10 AS n FROM generate_series(1, 3) i",
  );
  await client.execute("s", "SET 'table.dml-sync' = 'true'");
  await client.execute(
    "s",
    `CREATE MATERIALIZED TABLE secret_table (PRIMARY KEY (i) NOT ENFORCED)
     FRESHNESS = INTERVAL '1' DAY AS SELECT i, 100 / n AS share FROM secret_orders`,
  );
  await database.query("DELETE FROM secret_orders WHERE i = 1");
  await database.query("UPDATE secret_orders SET n = 20 WHERE i = 2");
  await database.query("INSERT INTO secret_orders VALUES (4, 10), (5, 10)");
  const refresh = () => client.execute("s", "ALTER MATERIALIZED TABLE secret_table REFRESH");
  await refresh();
  await database.query("UPDATE secret_orders SET n = 0 WHERE i = 2");
  failure = await refresh().then(String, String);
  await settle(database, "");
  const answer = await fetch(`${gateway.url}/metrics`);
  lines = (await answer.text()).split("\n");
});

afterAll(() => gateway.close());

describe("metrics of runs", () => {
  it("are of a failure too", () => {
    expect(failure).toContain("division by zero");
  });

  it.each([
    'sluice_refreshes_total{outcome="succeeded",tactic="swap"} 1',
    'sluice_refreshes_total{outcome="succeeded",tactic="diff-apply"} 1',
    'sluice_refreshes_total{outcome="failed",tactic="none"} 1',
    'sluice_refresh_rows_total{change="inserted"} 5',
    'sluice_refresh_rows_total{change="updated"} 1',
    'sluice_refresh_rows_total{change="deleted"} 1',
    'sluice_tasks_claimed_total{trigger="INITIAL"} 1',
    'sluice_tasks_claimed_total{trigger="MANUAL"} 2',
    "sluice_tasks_running 0",
    "sluice_task_start_delay_seconds_count 3",
    'sluice_task_start_delay_seconds_bucket{le="3600"} 3',
    'sluice_task_duration_seconds_count{action="refresh",outcome="succeeded"} 2',
    'sluice_task_duration_seconds_count{action="refresh",outcome="failed"} 1',
    "sluice_tasks_fenced_total 0",
    "sluice_backends_reaped_total 0",
  ])("%s", (line) => {
    expect(lines.filter((each) => each.split(/[ {]/)[0] === line.split(/[ {]/)[0])).toContain(line);
  });

  it("names no table", () => {
    expect(lines.filter((line) => line.includes("secret"))).toEqual([]);
  });
});
