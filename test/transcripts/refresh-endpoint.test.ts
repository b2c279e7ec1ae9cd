// POST …/materialized-tables/:identifier/refresh, after transcript 10: which partitions a call
// refreshes, and what is said of calls that cannot be. The table is strict, so that a scheduled
// time means Flink's single partition.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AnswerError, RestClient } from "../sql/rest-client.ts";
import { settle } from "../sql/settle.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type TestGateway, testGateway } from "../support/gateway.ts";

let database: TestDatabase;
let gateway: TestGateway;
let client: RestClient;

beforeAll(async () => {
  database = await testDatabase();
  await database.setClock("2026-11-22 12:00:00Z");
  gateway = await testGateway({ database });
  client = new RestClient(gateway.url);
  await database.query(`CREATE TABLE orders AS SELECT *, 0 AS version FROM (VALUES
    ('a', '2026-11-20', '00'), ('b', '2026-11-20', '01'), ('a', '2026-11-21', '00'),
    ('c', '2026-11-21', '05'), ('a', '2026-11-22', '03')) AS o (shop, ds, hh)`);
  await client.execute(
    "s",
    `CREATE MATERIALIZED TABLE p1 PARTITIONED BY (ds, hh) WITH (
      'flink-strict' = 'true', 'partition.fields.ds.date-formatter' = 'yyyy-MM-dd',
      'partition.fields.hh.date-formatter' = 'HH') FRESHNESS = INTERVAL '1' HOUR
      AS SELECT shop, ds, hh, version FROM orders`,
  );
  await settle(database, "");
});

afterAll(async () => {
  await gateway.close();
  await database.close();
});

/** Every row of the source changes, so that the refreshed ones can be told from the others. */
beforeEach(async () => {
  await database.query("UPDATE orders SET version = version + 1");
});

async function refreshed(): Promise<string[]> {
  await settle(database, "");
  const rows = await database.query<{ cell: string }>(`
    SELECT ds || '/' || hh AS cell FROM p1
    WHERE version = (SELECT max(version) FROM orders) ORDER BY 1`);
  return rows.map(({ cell }) => cell);
}

async function sentence(identifier: string, body: object): Promise<string> {
  const failed = client.refreshTable("s", identifier, body);
  const error = await failed.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AnswerError);
  return (error as AnswerError).innermost.replaceAll(database.name, "mt");
}

const everything = [
  "2026-11-20/00",
  "2026-11-20/01",
  "2026-11-21/00",
  "2026-11-21/05",
  "2026-11-22/03",
];

describe("the refresh endpoint refreshes", () => {
  it.each([
    ["given partitions", { isPeriodic: false, staticPartitions: { ds: "2026-11-20" } }, [0, 1]],
    ["the slot's hour", { isPeriodic: true, scheduleTime: "2026-11-21 06:00:00" }, [3]],
    [
      "the slot's hour, whatever partitions are given",
      {
        isPeriodic: true,
        scheduleTime: "2026-11-21 01:00:00",
        staticPartitions: { ds: "2026-11-22" },
        dynamicOptions: { "sink.parallelism": "1" },
        executionConfig: { "pipeline.max-parallelism": "4" },
      },
      [2],
    ],
    [
      "everything, if there are neither partitions nor a slot",
      { isPeriodic: false, scheduleTime: "2026-11-21 01:00:00" },
      [0, 1, 2, 3, 4],
    ],
  ])("%s", async (_, body, cells) => {
    const answer = await client.refreshTable("s", `\`${database.name}\`.\`public\`.\`p1\``, body);
    expect(answer.columns.map(({ name }) => name)).toEqual(["job id", "cluster info"]);
    expect(answer.rows[0]?.[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.jobId).toBeNull();
    expect(answer.resultKind).toBe("SUCCESS_WITH_CONTENT");
    expect(await refreshed()).toEqual(cells.map((cell) => everything[cell]));
  });

  it("a table by its name alone, and a suspended one", async () => {
    await client.execute("s", "ALTER MATERIALIZED TABLE p1 SUSPEND");
    await client.refreshTable("s", "p1", { isPeriodic: false });
    expect(await refreshed()).toEqual(everything);
    await client.execute("s", "ALTER MATERIALIZED TABLE p1 RESUME");
  });

  it("and waits for the end where executionConfig says so", async () => {
    await client.refreshTable("s", "p1", {
      isPeriodic: false,
      executionConfig: { "table.dml-sync": "true" },
    });
    const rows = await database.query("SELECT FROM sluice_private.instances");
    expect(rows).toHaveLength(0);
  });
});

describe("the refresh endpoint refuses", () => {
  const table = "`mt`.`public`.`p1`";
  const validation = "org.apache.flink.table.api.ValidationException";
  const parse = (time: string) =>
    "org.apache.flink.table.gateway.service.utils.SqlExecutionException: Failed to parse a valid " +
    `partition value for the field 'ds' in materialized table ${table} using the scheduler time ` +
    `'${time}' based on the date format 'yyyy-MM-dd HH:mm:ss'.`;

  it.each([
    [
      "no time",
      "p1",
      { isPeriodic: true },
      `${validation}: The scheduler time must not be null during the periodic refresh of the ` +
        `materialized table ${table}.`,
    ],
    ["a date", "p1", { isPeriodic: true, scheduleTime: "2026-11-21" }, parse("2026-11-21")],
    [
      "a time with T",
      "p1",
      { isPeriodic: true, scheduleTime: "2026-11-21T06:00:00Z" },
      parse("2026-11-21T06:00:00Z"),
    ],
    [
      "an unknown partition column",
      "p1",
      { isPeriodic: false, staticPartitions: { nope: "1" } },
      `${validation}: The partition spec contains unknown partition keys:\n\nnope\n\n` +
        "All known partition keys are:\n\nds\nhh",
    ],
    [
      "a missing table",
      "nope",
      { isPeriodic: false },
      `${validation}: Cannot find table '\`mt\`.\`public\`.\`nope\`' in any of the catalogs [mt], ` +
        "nor as a temporary table.",
    ],
    [
      "a plain table",
      "orders",
      { isPeriodic: false },
      `${validation}: Table \`mt\`.\`public\`.\`orders\` is not a materialized table, does not ` +
        "support materialized table related operation.",
    ],
    [
      "what is no name",
      "not a name!",
      { isPeriodic: false },
      "org.apache.flink.table.api.SqlParserException: Invalid SQL identifier not a name!.",
    ],
  ])("%s", async (_, identifier, body, expected) => {
    expect(await sentence(identifier, body)).toBe(expected);
  });
});
