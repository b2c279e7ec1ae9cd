// Flink's embedded-scheduler endpoints on the product, after transcript 11: a table's own workflow
// under the name that Flink's clients know, and a workflow that a client made and that fires.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sql } from "../../src/common/sql.ts";
import { RestClient } from "../sql/rest-client.ts";
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
  await database.query("CREATE TABLE orders AS SELECT 'a' AS shop");
  await client.execute("s", "SET 'table.dml-sync' = 'true'");
  await createTable("w1");
});

afterAll(async () => {
  await gateway.close();
  await database.close();
});

const group = "default_group";
const handleOf = (table: string) => ({ workflowName: jobOf(table), workflowGroup: group });
const identifierOf = (table: string) => `\`${database.name}\`.\`public\`.\`${table}\``;
const jobOf = (table: string) => `quartz_job_${identifierOf(table)}`;

async function createTable(name: string): Promise<void> {
  await client.execute(
    "s",
    `CREATE MATERIALIZED TABLE ${name} FRESHNESS = INTERVAL '1' DAY AS SELECT shop FROM orders`,
  );
}

/** Status and body; of a refusal the innermost cause. */
async function call(path: string, body: object): Promise<[number, unknown]> {
  const answer = await fetch(`${gateway.url}/v3/workflow/embedded-scheduler/${path}`, {
    method: path === "delete" ? "DELETE" : "POST",
    body: JSON.stringify(body),
  });
  const parsed = (await answer.json()) as { readonly errors?: readonly string[] };
  if (parsed.errors === undefined) return [answer.status, parsed];
  const cause = parsed.errors.at(-1)?.split("Caused by: ").at(-1) ?? "";
  return [answer.status, (cause.split("\n")[0] ?? "").replaceAll(database.name, "mt")];
}

const create = (table: string, cronExpression = "0 0 0/1 * * ? *") =>
  call("create", {
    materializedTableIdentifier: identifierOf(table),
    cronExpression,
    initConfig: { "execution.target": "remote" },
    executionConfig: {},
    restEndpointUrl: gateway.url,
  });

const exists = (table: string) =>
  "org.apache.flink.table.gateway.workflow.scheduler.SchedulerException: Materialized table " +
  `\`mt\`.\`public\`.\`${table}\` quartz schedule job already exist, job info: ` +
  `default_group.quartz_job_\`mt\`.\`public\`.\`${table}\`.`;
const missing = (verb: string, job: string) =>
  "org.apache.flink.table.gateway.workflow.scheduler.SchedulerException: Failed to " +
  `${verb} a non-existent quartz schedule job: default_group.${job}.`;

/** Ends of the runs of the workflow that a client made for the table, in the order of slots. */
async function runsOf(table: string): Promise<readonly string[]> {
  const rows = await database.query<{ run: string }>(sql`
    SELECT to_char(interval_end AT TIME ZONE 'UTC', 'HH24:MI ') || status AS run
    FROM sluice.workflow_instances WHERE workflow = ${jobOf(table)} ORDER BY interval_end`);
  return rows.map(({ run }) => run);
}

describe("the workflow of a table", () => {
  it("is there already", async () => {
    expect(await create("w1")).toEqual([500, exists("w1")]);
  });

  it("is suspended and resumed with its table, twice without harm", async () => {
    const state = () =>
      database.query(sql`
        SELECT t.status, w.enabled FROM sluice_private.materialized_tables t
        JOIN sluice_private.workflows w USING (workflow_id) WHERE t.name = 'w1'`);
    for (const [path, status] of [
      ["suspend", "SUSPENDED"],
      ["suspend", "SUSPENDED"],
      ["resume", "ACTIVATED"],
      ["resume", "ACTIVATED"],
    ] as const) {
      expect(await call(path, handleOf("w1"))).toEqual([200, {}]);
      expect(await state()).toEqual([{ status, enabled: status === "ACTIVATED" }]);
    }
  });

  it("is not deleted behind its back", async () => {
    const [status, cause] = await call("delete", handleOf("w1"));
    expect([status, String(cause)]).toEqual([500, expect.stringContaining("[WF-TABLE-OWNED]")]);
  });
});

describe("a workflow that a client made", () => {
  it("is made once, for a table that need not be there", async () => {
    expect(await create("later")).toEqual([200, handleOf("later")]);
    expect(await create("later")).toEqual([500, exists("later")]);
    await settle(database, "2026-11-22 13:00:00");
    expect(await runsOf("later")).toEqual(["13:00 FAILED"]);
  });

  it("does not fire while it is suspended, and does so again when it is resumed", async () => {
    expect(await call("suspend", handleOf("later"))).toEqual([200, {}]);
    expect(await call("suspend", handleOf("later"))).toEqual([200, {}]);
    await settle(database, "2026-11-22 14:30:00");
    expect(await runsOf("later")).toEqual(["13:00 FAILED"]);
    const options = { ...handleOf("later"), dynamicOptions: { a: "b" } };
    expect(await call("resume", options)).toEqual([200, {}]);
    await settle(database, "2026-11-22 15:00:00");
    expect((await runsOf("later")).at(-1)).toBe("15:00 FAILED");
  });

  it("refreshes the table at its slot once there is one", async () => {
    await createTable("later");
    await database.query("INSERT INTO orders VALUES ('b')");
    await settle(database, "2026-11-22 16:00:00");
    expect((await runsOf("later")).at(-1)).toBe("16:00 SUCCESSFUL");
    expect(await database.query("SELECT shop FROM later ORDER BY 1")).toEqual([
      { shop: "a" },
      { shop: "b" },
    ]);
  });

  it("is gone when it was deleted", async () => {
    await client.execute("s", "DROP MATERIALIZED TABLE later");
    expect(await call("delete", handleOf("later"))).toEqual([200, {}]);
    const before = await runsOf("later");
    await settle(database, "2026-11-22 18:00:00");
    expect(await runsOf("later")).toEqual(before);
    const job = jobOf("later").replaceAll(database.name, "mt");
    expect(await call("suspend", handleOf("later"))).toEqual([500, missing("suspend", job)]);
  });
});

describe("an unknown workflow", () => {
  it("is refused, but for delete", async () => {
    const nope = { workflowName: "nope", workflowGroup: group };
    expect(await call("suspend", nope)).toEqual([500, missing("suspend", "nope")]);
    expect(await call("resume", nope)).toEqual([500, missing("resume", "nope")]);
    expect(await call("delete", nope)).toEqual([200, {}]);
  });

  it("is not made with a schedule that cannot be read", async () => {
    const [status, cause] = await create("w8", "every hour");
    expect([status, cause]).toEqual([
      500,
      "java.lang.RuntimeException: CronExpression 'every hour' is invalid.",
    ]);
  });
});
