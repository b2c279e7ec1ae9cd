// 'table.dml-sync' with two sessions: one waits for its refresh, the other ends it; and a statement
// that is cancelled while it waits takes its run with it.

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type TestGateway, testGateway } from "../support/gateway.ts";
import { AnswerError, RestClient } from "./rest-client.ts";
import { settle } from "./settle.ts";

let gateway: TestGateway;
let client: RestClient;

beforeAll(async () => {
  gateway = await testGateway();
  client = new RestClient(gateway.url);
  await client.execute("setup", "CREATE TABLE o (slow boolean)");
  await client.execute("setup", "INSERT INTO o VALUES (false)");
  await client.execute(
    "setup",
    `CREATE MATERIALIZED TABLE t FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL
     AS SELECT slow, CASE WHEN slow THEN pg_sleep(600)::text END AS waited FROM o`,
  );
  await settle(gateway.database, "");
  await client.execute("setup", "UPDATE o SET slow = true");
  await client.execute("waiting", "SET 'table.dml-sync' = 'true'");
});

afterAll(() => gateway.close());

/** The refresh that is in the middle of its query. */
async function runningJob(): Promise<string> {
  return vi.waitFor(async () => {
    const rows = await gateway.database.query<{ id: string }>(`
      SELECT i.instance_id AS id FROM sluice_private.instances i
      WHERE i.status = 'RUNNING' AND EXISTS (
        SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event = 'PgSleep')`);
    const id = rows[0]?.id;
    if (id === undefined) throw new Error("no refresh is running");
    return id;
  });
}

async function failureOf(statement: Promise<unknown>): Promise<AnswerError> {
  const reason: unknown = await statement.then(
    () => null,
    (error: unknown) => error,
  );
  expect(reason).toBeInstanceOf(AnswerError);
  return reason as AnswerError;
}

describe("dml-sync", () => {
  it("fails with MT-REFRESH-CANCELED when somebody stops the job", async () => {
    const failed = failureOf(client.execute("waiting", "ALTER MATERIALIZED TABLE t REFRESH"));
    await client.execute("other", `STOP JOB '${await runningJob()}'`);
    expect((await failed).details).toMatchObject({
      code: "MT-REFRESH-CANCELED",
      sqlstate: "57014",
      message: "the refresh was cancelled",
    });
    expect((await client.execute("other", "SELECT slow FROM t")).rows).toEqual([["FALSE"]]);
  });

  it("takes the run along when the statement is cancelled", async () => {
    const operation = await client.submit("waiting", "ALTER MATERIALIZED TABLE t REFRESH");
    const job = await runningJob();
    await client.cancel("waiting", operation);
    await settle(gateway.database, "");
    const answer = await client.execute("other", `DESCRIBE JOB '${job}'`);
    expect(answer.rows[0]?.[2]).toBe("CANCELED");
    expect((await client.execute("other", "SELECT slow FROM t")).rows).toEqual([["FALSE"]]);
  });
});

describe("dml-sync of workflows", () => {
  const slow = "TASKS (a EXECUTE 'SELECT pg_sleep(600)')";

  beforeAll(async () => {
    await client.execute("setup", `CREATE WORKFLOW w SCHEDULE = CRON '0 0 2 ? * *' ${slow}`);
  });

  it("fails with WF-RUN-CANCELED when somebody cancels the instance", async () => {
    const failed = failureOf(client.execute("waiting", "EXECUTE WORKFLOW w"));
    const instance = await runningJob();
    const mark = `ALTER WORKFLOW INSTANCE '${instance}' MARK TASK a SUCCESSFUL`;
    const refused = await failureOf(client.execute("other", mark));
    expect(refused.details).toMatchObject({ code: "WF-TASK-RUNNING", sqlstate: "55000" });
    await client.execute("other", `ALTER WORKFLOW INSTANCE '${instance}' CANCEL`);
    expect((await failed).details).toMatchObject({
      code: "WF-RUN-CANCELED",
      message: "the run of the workflow was cancelled",
    });
  });

  it("takes the run along when the statement is cancelled", async () => {
    const operation = await client.submit("waiting", "EXECUTE WORKFLOW w");
    const instance = await runningJob();
    await client.cancel("waiting", operation);
    await settle(gateway.database, "");
    const tasks = await client.execute("other", `SHOW TASK INSTANCES FROM INSTANCE '${instance}'`);
    expect(tasks.rows.map((row) => row[3])).toEqual(["CANCELED"]);
  });

  const backfill = (from: number) =>
    `BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-0${from}' TO TIMESTAMP '2026-01-0${from + 2}'`;
  const newest =
    "SELECT backfill_id, status FROM sluice.backfills ORDER BY created_at DESC LIMIT 1";

  it("fails with BF-RUN-CANCELED when somebody cancels the backfill", async () => {
    const failed = failureOf(client.execute("waiting", backfill(1)));
    await runningJob();
    const id = String((await client.execute("other", newest)).rows[0]?.[0]);
    await client.execute("other", `ALTER BACKFILL '${id}' CANCEL`);
    expect((await failed).details).toMatchObject({
      code: "BF-RUN-CANCELED",
      message: "the backfill was cancelled",
    });
  });

  it("takes the backfill along when the statement is cancelled", async () => {
    const operation = await client.submit("waiting", backfill(5));
    await runningJob();
    await client.cancel("waiting", operation);
    await vi.waitFor(async () => {
      expect((await client.execute("other", newest)).rows[0]?.[1]).toBe("CANCELED");
    });
  });
});
