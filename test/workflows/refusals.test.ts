// What is refused when a workflow is created, at which place, in which words; and that a refused
// request leaves nothing behind.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TaskRequest, WorkflowRequest } from "../../src/workflows/workflow-request.ts";
import { create, execute, failure, openWorkflowWorld, task, type WorkflowWorld } from "./world.ts";

let world: WorkflowWorld;
beforeAll(async () => {
  world = await openWorkflowWorld();
  await world.db.query(`
    CREATE TABLE orders (ds date NOT NULL, shop text, amount int NOT NULL);
    INSERT INTO orders VALUES ('2026-01-01', 'a', 10)`);
  await world.create("whole", "SELECT shop, sum(amount) AS total FROM orders GROUP BY shop");
  await world.create("daily", "SELECT ds, sum(amount) AS total FROM orders GROUP BY ds", {
    partitionKeys: ["ds"],
  });
  await world.create("running", "SELECT ds, sum(amount) OVER (ORDER BY ds) AS total FROM orders", {
    partitionKeys: ["ds"],
  });
});
afterAll(() => world.close());

function refused(parts: Partial<WorkflowRequest>, name = "w"): Promise<string> {
  return failure((at) => world.workflows.create(world.workflow(name, parts), create, at));
}

const daily: WorkflowRequest["schedule"] = { kind: "cron", expression: "0 0 2 * * ?" };

describe("the head", () => {
  test.each<[string, Partial<WorkflowRequest>, string]>([
    [
      "an unknown zone",
      { timeZone: "Mars/Olympus" },
      'WF-TIME-ZONE at timeZone: time zone "Mars/Olympus" does not exist',
    ],
    [
      "an unreadable cron",
      { schedule: { kind: "cron", expression: "0 0 25 * * ?" } },
      'WF-CRON at schedule: "25" does not fit hour',
    ],
    [
      "a cron that is over",
      { schedule: { kind: "cron", expression: "0 0 0 1 1 ? 2020" } },
      "WF-CRON at schedule: cron expression never fires again",
    ],
    [
      "months",
      { schedule: { kind: "every", amount: "1", unit: "MONTH" } },
      "WF-SCHEDULE at schedule: a workflow cannot run every '1' MONTH",
    ],
    [
      "no hours",
      { schedule: { kind: "every", amount: "0", unit: "HOUR" } },
      "WF-SCHEDULE at schedule: a workflow cannot run every '0' HOUR",
    ],
    [
      "half hours",
      { schedule: { kind: "every", amount: "0.5", unit: "HOUR" } },
      "WF-SCHEDULE at schedule: a workflow cannot run every '0.5' HOUR",
    ],
    [
      "bounds without a schedule",
      { startAt: "2026-01-01" },
      "WF-BOUNDS at startAt: START AT needs a schedule",
    ],
    [
      "an end without a schedule",
      { endAt: "2026-01-01" },
      "WF-BOUNDS at endAt: END AT needs a schedule",
    ],
    [
      "an end before the start",
      { schedule: daily, startAt: "2026-02-01", endAt: "2026-02-01 00:00:00" },
      "WF-BOUNDS at endAt: END AT is not after START AT",
    ],
    [
      "a start that is none",
      { schedule: daily, startAt: "tomorrow" },
      'WF-TIMESTAMP at startAt: "tomorrow" cannot be read as a timestamp',
    ],
    [
      "an unknown option",
      { options: { retrys: "1" } },
      "WF-OPTION-UNKNOWN at options/retrys: option 'retrys' of a workflow does not exist",
    ],
    [
      "an unknown queue",
      { options: { queue: "nope" } },
      'WF-QUEUE-UNKNOWN at options/queue: queue "nope" does not exist',
    ],
    ["no tasks", { tasks: [] }, "WF-TASKS-EMPTY at tasks: a workflow needs at least one task"],
    [
      "a name of tables",
      {},
      'WF-TABLE-OWNED at name: names that begin with "table:" are kept for materialized tables',
    ],
    ["an empty name", {}, "WF-NAME at name: the name of a workflow is empty"],
    [
      "a zero character",
      { comment: "a\0b" },
      "WF-TEXT: a text has a character that cannot be stored",
    ],
    [
      "half a character",
      { variables: { x: "\ud83d" } },
      "WF-TEXT: a text has a character that cannot be stored",
    ],
  ])("%s", async (what, parts, expected) => {
    const name = what === "a name of tables" ? "table:x" : what === "an empty name" ? "" : "w";
    expect(await refused(parts, name)).toBe(expected);
  });

  test("a database and a catalog that are not there", async () => {
    const request = world.workflow("w");
    const inDatabase = { ...request, identifier: { ...request.identifier, database: "nope" } };
    expect(await failure((at) => world.workflows.create(inDatabase, create, at))).toBe(
      'GW-DATABASE-UNKNOWN at name: database "nope" does not exist',
    );
    const inCatalog = { ...request, identifier: { ...request.identifier, catalog: "other" } };
    expect(await failure((at) => world.workflows.create(inCatalog, create, at))).toBe(
      'GW-CATALOG-UNKNOWN at name: catalog "other" does not exist',
    );
  });
});

describe("variables", () => {
  test.each<[string, Partial<WorkflowRequest>, string]>([
    [
      "one that is not defined, in another",
      { variables: { a: "${b}" } },
      'WF-VARIABLE at variables/a: variable "b" is not defined',
    ],
    [
      "a circle",
      { variables: { a: "${b}", b: "x${a}" } },
      'WF-VARIABLE at variables/a: variable "a" is defined by itself',
    ],
    [
      "a fact of the run",
      { variables: { "instance.id": "1" } },
      'WF-VARIABLE at variables/instance.id: variable "instance.id" cannot be given a value',
    ],
    [
      "one that is not defined, in a text",
      { tasks: [task("a"), task("b", { action: execute("SELECT '${date}'") })] },
      'WF-VARIABLE at tasks/1/action: variable "date" is not defined',
    ],
    [
      "one of another task",
      {
        tasks: [
          task("a", { variables: { own: "1" } }),
          task("b", { action: execute("SELECT '${own}'") }),
        ],
      },
      'WF-VARIABLE at tasks/1/action: variable "own" is not defined',
    ],
    [
      "one that is not defined, in a condition",
      { tasks: [task("a", { options: { condition: "SELECT ${x}" } })] },
      'WF-VARIABLE at tasks/0/options/condition: variable "x" is not defined',
    ],
    [
      "a reference without an end",
      { tasks: [task("a", { action: execute("SELECT '${x'") })] },
      "WF-VARIABLE at tasks/0/action: reference to a variable has no closing brace",
    ],
    [
      "a task's own that refers to nothing",
      { tasks: [task("a", { variables: { x: "${y}" } })] },
      'WF-VARIABLE at tasks/0/variables/x: variable "y" is not defined',
    ],
  ])("%s", async (_, parts, expected) => {
    expect(await refused(parts)).toBe(expected);
  });

  test("one that is not defined, in a partition", async () => {
    const action = world.refreshOf("daily", { ds: "${date}" });
    expect(await refused({ tasks: [task("a", { action })] })).toBe(
      'WF-VARIABLE at tasks/0/partition/ds: variable "date" is not defined',
    );
  });
});

// covers: S1-02
describe("texts of EXECUTE", () => {
  test.each<[string, string]>([
    ["", "the text of EXECUTE is empty"],
    ["-- nothing", "the text of EXECUTE is empty"],
    ["SELECT 1; SELECT 2", "the text of EXECUTE has 2 statements"],
    ["SELEC 1", "the text of EXECUTE is not a statement of PostgreSQL"],
    ["SELECT 'a", "the text of EXECUTE is not a statement of PostgreSQL"],
    ["ALTER MATERIALIZED TABLE t REFRESH", "the text of EXECUTE is not a statement of PostgreSQL"],
    ["BEGIN", "a task cannot begin or end a transaction"],
    ["start transaction read only", "a task cannot begin or end a transaction"],
    ["/* x */ COMMIT", "a task cannot begin or end a transaction"],
    ["ROLLBACK TO SAVEPOINT x", "a task cannot begin or end a transaction"],
    ["SAVEPOINT x", "a task cannot begin or end a transaction"],
    ["PREPARE TRANSACTION 'x'", "a task cannot begin or end a transaction"],
    ["SET search_path = x", "a task cannot run a statement that only changes its session"],
    ["LISTEN x", "a task cannot run a statement that only changes its session"],
    ["COPY orders FROM STDIN", "a task cannot copy from or to a client"],
  ])("%j", async (text, message) => {
    expect(await refused({ tasks: [task("a"), task("b", { action: execute(text) })] })).toBe(
      `WF-STATEMENT at tasks/1/action: ${message}`,
    );
  });

  test.each([
    "SELECT 1;",
    "CALL load_orders('${d}')",
    "INSERT INTO t_${d} SELECT ${d}, ${d}_x FROM \"q${d}\" WHERE a = E'${d}' -- ${d}",
    "DO $$ BEGIN PERFORM ${d}; COMMIT; END $$",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; SELECT 2 $$",
    "NOTIFY done, '${d}'",
    "VACUUM orders",
  ])("%s is one statement", async (text) => {
    const request = world.workflow("fine", {
      variables: { d: "yyyy" },
      tasks: [task("a", { action: execute(text) })],
    });
    await world.workflows.create(request, create, () => null);
    await world.workflows.drop(request.identifier, { ifExists: false });
  });

  test.each<[string, string]>([
    ["DELETE FROM orders", "the condition of a task is not a query"],
    ["SELECT 1; SELECT 2", "the condition of a task has 2 statements"],
  ])("condition %j", async (condition, message) => {
    expect(await refused({ tasks: [task("a", { options: { condition } })] })).toBe(
      `WF-STATEMENT at tasks/0/options/condition: ${message}`,
    );
  });
});

// covers: S1-02, S1-20
describe("tasks that refresh", () => {
  const one = (table: string, partition: Record<string, string | null> | null = null) => [
    task("r", { action: world.refreshOf(table, partition) }),
  ];
  type Case = [string, () => Partial<WorkflowRequest>, string];
  test.each<Case>([
    [
      "an unknown table",
      () => ({ tasks: one("nope") }),
      'MT-NOTFOUND at tasks/0/action: materialized table "public.nope" does not exist',
    ],
    [
      "a table that is not materialized",
      () => ({ tasks: one("orders") }),
      'MT-NOT-MT at tasks/0/action: table "public.orders" is not a materialized table',
    ],
    [
      "an unknown key",
      () => ({ tasks: one("daily", { dt: "2026-01-01" }) }),
      'MT-SPEC-UNKNOWN at tasks/0/partition/dt: "dt" is no partition column',
    ],
    [
      "a key of a table without partitions",
      () => ({ tasks: one("whole", { ds: "2026-01-01" }) }),
      'MT-SPEC-UNKNOWN at tasks/0/partition/ds: "ds" is no partition column',
    ],
    [
      "a value of another type",
      () => ({ tasks: one("daily", { ds: "first" }) }),
      'MT-SPEC-VALUE at tasks/0/partition/ds: "first" is no value of partition column "ds" of type date',
    ],
    [
      "a partition that cannot be computed alone",
      () => ({ tasks: one("running", { ds: "2026-01-01" }) }),
      'MT-PARTITION-NOT-LOCAL at tasks/0/partition/ds: materialized table "running" can only be refreshed whole',
    ],
    [
      "no partition and no schedule that could tell it",
      () => ({ tasks: one("daily") }),
      'WF-PARTITION-NEEDED at tasks/0/action: the partition of "daily" to be refreshed is not named',
    ],
  ])("%s", async (_, parts, expected) => {
    expect(await refused(parts())).toBe(expected);
  });

  test("the queue of a task, and what only the workflow has", async () => {
    const tasks = (options: TaskRequest["options"]) => [task("a"), task("b", { options })];
    expect(await refused({ tasks: tasks({ queue: "nope" }) })).toBe(
      'WF-QUEUE-UNKNOWN at tasks/1/options/queue: queue "nope" does not exist',
    );
    expect(await refused({ tasks: tasks({ "catch-up": "all" }) })).toBe(
      "WF-OPTION-UNKNOWN at tasks/1/options/catch-up: option 'catch-up' of a task does not exist",
    );
  });
});

describe("size", () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `t${index}`);

  test("ten thousand tasks are stored, read back and refused for the last of them", async () => {
    const tasks = names.map((name, index) =>
      task(name, {
        after: index === 0 ? [] : [`t${(index - 1) >> 1}`],
        action:
          index % 2 === 0
            ? execute(`INSERT INTO r SELECT ${index}, '\${d}'`)
            : world.refreshOf("daily", { ds: "${d}" }),
      }),
    );
    const request = world.workflow("huge", { variables: { d: "yyyy-MM-dd" }, tasks });
    await world.workflows.create(request, create, () => null);
    const stored = await world.workflows.get(request.identifier, null);
    expect(stored.request).toEqual(request);
    await world.workflows.drop(request.identifier, { ifExists: false });
    const last = task("t9999", { action: execute("SELECT '${x}'") });
    expect(await refused({ ...request, tasks: tasks.with(9_999, last) })).toBe(
      'WF-VARIABLE at tasks/9999/action: variable "x" is not defined',
    );
  });
});

test("nothing of all this was stored, and nothing failed without a word", async () => {
  const left = await world.db.query("SELECT FROM sluice_private.workflows WHERE kind = 'user'");
  expect(left).toEqual([]);
  expect(world.errors).toEqual([]);
});
