// Workflows from their creation to their end: versions, edits, the switch, what is read back, who
// wins when two edit at once.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InstanceId } from "../../src/common/ids.ts";
import { sql } from "../../src/common/sql.ts";
import type { WorkflowChange, WorkflowRequest } from "../../src/workflows/workflow-request.ts";
import { until } from "../support/until.ts";
import {
  create,
  execute,
  failure,
  ifNotExists,
  nowhere,
  openWorkflowWorld,
  orAlter,
  task,
  type WorkflowWorld,
} from "./world.ts";

let world: WorkflowWorld;
let count = 0;
/** Name of the workflow of the running test. */
let name = "";
beforeAll(async () => {
  world = await openWorkflowWorld();
  await world.db.query(`
    CREATE TABLE orders (ds date NOT NULL, shop text, amount int NOT NULL);
    INSERT INTO orders VALUES ('2026-01-01', 'a', 10)`);
  const daily = "SELECT ds, sum(amount) AS total FROM orders GROUP BY ds";
  await world.create("daily", daily, { partitionKeys: ["ds"] });
});
afterAll(() => world.close());
beforeEach(() => {
  name = `w${++count}`;
});

const hourly: WorkflowRequest["schedule"] = { kind: "every", amount: "4", unit: "HOUR" };

function make(parts: Partial<WorkflowRequest> = {}, how = create) {
  return world.workflows.create(world.workflow(name, parts), how, nowhere);
}

function alter(change: WorkflowChange) {
  return world.workflows.alter(world.id(name), change, nowhere);
}

async function got(version: number | null = null): Promise<WorkflowRequest> {
  return (await world.workflows.get(world.id(name), version)).request;
}

/** `name enabled version next?` of all workflows that begin with the name of the test. */
async function stored(): Promise<readonly string[]> {
  const rows = await world.db.query<{ line: string }>(sql`
    SELECT concat_ws(' ', workflow, enabled, version,
      CASE WHEN next_execution IS NOT NULL THEN 'next' END) AS line
    FROM sluice.workflows WHERE workflow LIKE ${`${name}%`} ORDER BY 1`);
  return rows.map((row) => row.line);
}

describe("a request goes in and comes out", () => {
  test("with everything in it, exactly as it was written", async () => {
    const request = world.workflow(name, {
      comment: "orders to report",
      schedule: { kind: "cron", expression: "0 0 2  ? * *" },
      timeZone: "Europe/Berlin",
      startAt: "2126-12-01 00:00:00",
      endAt: "2127-01-01 12:30:00.250",
      variables: { date: "yyyy-MM-dd", region: "eu", "system.biz.date": "${system.biz.date}" },
      options: { "catch-up": "none", "notify.on": "failure", "tag.team": "sales", timeout: "2 h" },
      tasks: [
        task("load", { action: execute("CALL load_orders('${date}')"), comment: "from the feed" }),
        task("daily", {
          action: world.refreshOf("daily", { ds: "${date}" }),
          after: ["load"],
          variables: { date: "yyyy-MM-dd - 1 day" },
          options: { condition: "SELECT true", retries: "0", timeout: "600 s" },
        }),
        task('Ein "Bericht" für 日本\'s `Chef`', {
          action: execute("INSERT INTO report SELECT 1"),
          after: ["daily", "load"],
          options: { transactional: "false" },
        }),
      ],
    });
    const saved = await world.workflows.create(request, create, nowhere);
    expect(saved).toMatchObject({ changed: true, version: 1, warnings: [] });
    expect(await world.workflows.get(request.identifier, null)).toEqual({
      workflowId: saved.workflowId,
      version: 1,
      enabled: false,
      request,
    });
    // What came out makes the same workflow again.
    const again = await world.workflows.create(await got(), orAlter, nowhere);
    expect(again).toEqual({
      workflowId: saved.workflowId,
      changed: false,
      version: 1,
      warnings: [],
    });
    const copy = { ...request, identifier: world.id(`${name}_copy`) };
    await world.workflows.create(copy, create, nowhere);
    expect((await world.workflows.get(copy.identifier, 1)).request).toEqual(copy);
  });

  test("a name in any script, with quotes", async () => {
    name = `${name} "Ärger" mit 'Zitaten' 🙂 \\ $1`;
    await make();
    expect((await got()).identifier).toEqual(world.id(name));
    await alter({ kind: "rename", name: `${name} / neu` });
    expect(await failure(() => got())).toBe(
      `WF-NOTFOUND: workflow "public.${name}" does not exist`,
    );
  });

  test("every schedule", async () => {
    const schedules: readonly WorkflowRequest["schedule"][] = [
      hourly,
      { kind: "every", amount: "3", unit: "WEEK" },
      { kind: "cron", expression: "*/5 * * * *" },
      { kind: "manual" },
    ];
    for (const schedule of schedules) {
      await make({ schedule }, orAlter);
      expect((await got()).schedule).toEqual(schedule);
    }
  });

  test("literals of partitions are in the ledger's words", async () => {
    await make({ tasks: [task("r", { action: world.refreshOf("daily", { ds: "2026-1-31" }) })] });
    expect((await got()).tasks[0]?.action).toMatchObject({ partition: { ds: "2026-01-31" } });
  });

  test("times in a gap of the clocks are those at its end", async () => {
    const startAt = "2126-03-31 02:30:00";
    await make({ schedule: hourly, timeZone: "Europe/Berlin", startAt });
    expect((await got()).startAt).toBe("2126-03-31 03:00:00");
    expect(await make({ ...(await got()) }, orAlter)).toMatchObject({ changed: false });
  });
});

describe("CREATE", () => {
  test("of what is there: refused, left alone, or altered", async () => {
    await make({ comment: "first" });
    expect(await failure((at) => world.workflows.create(world.workflow(name), create, at))).toBe(
      `WF-EXISTS at name: workflow "public.${name}" already exists`,
    );
    expect(await make({ comment: "second" }, ifNotExists)).toMatchObject({
      changed: false,
      version: 1,
    });
    expect((await got()).comment).toBe("first");
    expect(await make({ comment: "third" }, orAlter)).toMatchObject({ changed: true, version: 2 });
    expect((await got()).comment).toBe("third");
    expect((await got(1)).comment).toBe("first");
  });

  test("OR ALTER that says the same in other words makes no version", async () => {
    const parts: Partial<WorkflowRequest> = {
      schedule: { kind: "cron", expression: "0 0 2 * * ?" },
      startAt: "2126-01-01 00:00:00",
      variables: { a: "1", b: "2" },
      options: { retries: "1", queue: "default-queue" },
      tasks: [task("x"), task("y"), task("z", { after: ["x", "y"] })],
    };
    await make(parts);
    const same = {
      schedule: { kind: "cron", expression: " 0  0 2 * * ? " },
      startAt: "2126-01-01",
      variables: { b: "2", a: "1" },
      options: { queue: "default-queue", retries: "1" },
      tasks: [task("x"), task("y"), task("z", { after: ["y", "x"] })],
    } as const;
    expect(await make(same, orAlter)).toMatchObject({ changed: false, version: 1 });
    const others: readonly Partial<WorkflowRequest>[] = [
      { ...parts, options: { retries: "2" } },
      { ...parts, tasks: [...(parts.tasks ?? [])].reverse() },
      { ...parts, timeZone: "Europe/Berlin" },
    ];
    for (const [index, other] of others.entries()) {
      expect(await make(other, orAlter)).toMatchObject({ changed: true, version: index + 2 });
    }
  });

  test("a start in the past is a warning, an end in the past another", async () => {
    const { warnings } = await make({
      schedule: hourly,
      startAt: "2020-01-01",
      endAt: "2020-02-01",
    });
    expect(warnings.map((text) => text.slice(0, 60))).toEqual([
      "START AT (2020-01-01T00:00:00.000Z) lies in the past; the sc",
      "END AT (2020-02-01T00:00:00.000Z) lies in the past; the sche",
    ]);
  });

  test("uneven schedules count from the day of creation, whenever they are set", async () => {
    const seven: WorkflowRequest["schedule"] = { kind: "every", amount: "7", unit: "HOUR" };
    await make({ schedule: seven });
    await alter({ kind: "set-schedule", schedule: { kind: "manual" } });
    await alter({ kind: "set-schedule", schedule: seven });
    const rows = await world.db.query<{ same: boolean }>(sql`
      SELECT anchor = date_trunc('day', created_at, 'UTC') AS same
      FROM sluice.workflows WHERE workflow = ${name}`);
    expect(rows).toEqual([{ same: true }]);
  });
});

describe("ALTER", () => {
  test("each edit is a version, and the versions before stay readable", async () => {
    await make({ tasks: [task("a"), task("b", { after: ["a"] })] });
    const edits: readonly [WorkflowChange, Partial<WorkflowRequest>][] = [
      [{ kind: "comment", comment: "c" }, { comment: "c" }],
      [{ kind: "set-schedule", schedule: hourly }, { schedule: hourly }],
      [
        { kind: "set-options", options: { retries: "1", queue: "tables" } },
        { options: { queue: "tables", retries: "1" } },
      ],
      [
        { kind: "set-options", options: { retries: "2" } },
        { options: { queue: "tables", retries: "2" } },
      ],
      [{ kind: "reset-options", keys: ["queue", "timeout"] }, { options: { retries: "2" } }],
      [{ kind: "set-variables", variables: { d: "yyyy" } }, { variables: { d: "yyyy" } }],
      [
        { kind: "set-variables", variables: { e: "${d}" } },
        { variables: { d: "yyyy", e: "${d}" } },
      ],
      [
        { kind: "modify-task", task: task("a", { action: execute("SELECT '${e}'") }) },
        { tasks: [task("a", { action: execute("SELECT '${e}'") }), task("b", { after: ["a"] })] },
      ],
      [
        { kind: "add-task", task: task("c", { after: ["b"] }) },
        {
          tasks: [
            task("a", { action: execute("SELECT '${e}'") }),
            task("b", { after: ["a"] }),
            task("c", { after: ["b"] }),
          ],
        },
      ],
      [
        { kind: "drop-task", task: "c" },
        { tasks: [task("a", { action: execute("SELECT '${e}'") }), task("b", { after: ["a"] })] },
      ],
    ];
    for (const [index, [change, parts]] of edits.entries()) {
      expect(await alter(change)).toMatchObject({ changed: true, version: index + 2 });
      expect(await got()).toMatchObject(parts);
    }
    expect(await got(1)).toEqual(
      world.workflow(name, { tasks: [task("a"), task("b", { after: ["a"] })] }),
    );
    expect(await failure(() => got(12))).toBe(
      `WF-VERSION-UNKNOWN: workflow "${name}" has no version 12`,
    );
  });

  test("an edit that changes nothing makes no version", async () => {
    await make({ options: { retries: "1" } });
    expect(await alter({ kind: "set-options", options: { retries: "1" } })).toMatchObject({
      changed: false,
      version: 1,
    });
    expect(await alter({ kind: "reset-options", keys: ["timeout"] })).toMatchObject({
      changed: false,
    });
    expect(await alter({ kind: "comment", comment: null })).toMatchObject({ changed: false });
    expect(await alter({ kind: "rename", name })).toMatchObject({ changed: false });
  });

  test.each<[WorkflowChange, string]>([
    [{ kind: "set-options", options: {} }, "WF-CHANGE-EMPTY: SET names nothing"],
    [{ kind: "reset-options", keys: [] }, "WF-CHANGE-EMPTY: RESET names nothing"],
    [{ kind: "set-variables", variables: {} }, "WF-CHANGE-EMPTY: SET VARIABLES names nothing"],
    [
      { kind: "set-options", options: { retrise: "1" } },
      "WF-OPTION-UNKNOWN at options/retrise: option 'retrise' of a workflow does not exist",
    ],
    [
      { kind: "set-variables", variables: { d: "${x}" } },
      'WF-VARIABLE at variables/d: variable "x" is not defined',
    ],
    [{ kind: "add-task", task: task("b") }, 'WF-TASK-DUPLICATE at task: task "b" exists already'],
    [
      { kind: "add-task", task: task("c", { after: ["d"] }) },
      'WF-TASK-UNKNOWN at task/after/0: task "d" does not exist',
    ],
    [
      { kind: "add-task", task: task("c", { action: execute("COMMIT") }) },
      "WF-STATEMENT at task/action: a task cannot begin or end a transaction",
    ],
    [
      { kind: "modify-task", task: task("a", { after: ["b"] }) },
      "WF-CYCLE at task/after/0: tasks wait for each other in a circle",
    ],
    [{ kind: "modify-task", task: task("c") }, 'WF-TASK-UNKNOWN at task: task "c" does not exist'],
    [{ kind: "drop-task", task: "c" }, 'WF-TASK-UNKNOWN at task: task "c" does not exist'],
    [
      { kind: "drop-task", task: "a" },
      'WF-TASK-NEEDED at task: task "a" cannot be dropped, for others run after it',
    ],
    [
      { kind: "set-schedule", schedule: { kind: "cron", expression: "often" } },
      "WF-CRON at schedule: cron expression has 1 fields",
    ],
    [{ kind: "rename", name: "" }, "WF-NAME at newName: the name of a workflow is empty"],
    [
      { kind: "rename", name: "table:x" },
      'WF-TABLE-OWNED at newName: names that begin with "table:" are kept for materialized tables',
    ],
    [
      { kind: "add-downstream", task: "a" },
      'WF-DOWNSTREAM at task: task "a" refreshes no materialized table',
    ],
  ])("%j is refused", async (change, expected) => {
    await make({ tasks: [task("a"), task("b", { after: ["a"] })] });
    expect(await failure((at) => world.workflows.alter(world.id(name), change, at))).toBe(expected);
    expect(await stored()).toEqual([`${name} f 1`]);
  });

  test("the last task is not dropped", async () => {
    await make();
    expect(
      await failure((at) =>
        world.workflows.alter(world.id(name), { kind: "drop-task", task: "a" }, at),
      ),
    ).toBe("WF-TASKS-EMPTY at task: a workflow needs at least one task");
  });

  test("a name that is taken is refused, one that is free is taken with all instances", async () => {
    await make();
    await world.workflows.create(world.workflow(`${name}b`), create, nowhere);
    const { instanceId } = await world.workflows.execute(
      world.id(name),
      { at: null, variables: {} },
      nowhere,
    );
    expect(
      await failure((at) =>
        world.workflows.alter(world.id(name), { kind: "rename", name: `${name}b` }, at),
      ),
    ).toBe(`WF-EXISTS at newName: workflow "${name}b" already exists`);
    expect(await alter({ kind: "rename", name: `${name}c` })).toMatchObject({ version: 2 });
    expect(await stored()).toEqual([`${name}b f 1`, `${name}c f 2`]);
    const rows = await world.db.query<{ workflow: string }>(sql`
      SELECT workflow FROM sluice.workflow_instances WHERE instance_id = ${instanceId}`);
    expect(rows).toEqual([{ workflow: `${name}c` }]);
    // The first version has the name that the workflow has now.
    const old = await world.workflows.get(world.id(`${name}c`), 1);
    expect(old.request.identifier).toEqual(world.id(`${name}c`));
  });
});

describe("the switch", () => {
  test("may be turned twice, makes no version, and moves the next time", async () => {
    await make({ schedule: hourly });
    expect(await stored()).toEqual([`${name} f 1`]);
    const id = world.id(name);
    for (let time = 0; time < 2; time++) {
      await world.workflows.enable(id);
      expect(await stored()).toEqual([`${name} t 1 next`]);
    }
    for (let time = 0; time < 2; time++) {
      await world.workflows.disable(id);
      expect(await stored()).toEqual([`${name} f 1`]);
    }
  });

  test("while it is on, every edit is refused and nothing is changed", async () => {
    await make({ schedule: hourly, comment: "kept" });
    const id = world.id(name);
    await world.workflows.enable(id);
    const changes: readonly WorkflowChange[] = [
      { kind: "rename", name: `${name}x` },
      { kind: "comment", comment: "kept" },
      { kind: "set-options", options: { retries: "1" } },
      { kind: "add-task", task: task("b") },
      { kind: "drop-task", task: "a" },
      { kind: "set-schedule", schedule: { kind: "manual" } },
    ];
    const expected = `WF-ENABLED: workflow "${name}" is enabled`;
    for (const change of changes) expect(await failure(() => alter(change))).toBe(expected);
    expect(await failure(() => world.workflows.drop(id, { ifExists: true }))).toBe(expected);
    expect(await failure(() => make({ comment: "other" }, orAlter))).toBe(expected);
    // What changes nothing is no edit.
    expect(await make({ schedule: hourly, comment: "kept" }, orAlter)).toMatchObject({
      changed: false,
    });
    expect(await make({}, ifNotExists)).toMatchObject({ changed: false });
    await world.workflows.execute(id, { at: null, variables: {} }, nowhere);
    expect(await stored()).toEqual([`${name} t 1 next`]);
    await world.workflows.disable(id);
    expect(await world.workflows.drop(id, { ifExists: false })).toBe(true);
    expect(await stored()).toEqual([]);
  });
});

describe("what is not there, and what belongs to a table", () => {
  const run = { at: null, variables: {} };

  test("is not found, with the name that was meant", async () => {
    await make();
    const missing = world.id(`${name}y`);
    const expected = `WF-NOTFOUND: workflow "public.${name}y" does not exist`;
    const { workflows } = world;
    for (const attempt of [
      () => workflows.get(missing, null),
      () => workflows.alter(missing, { kind: "comment", comment: null }, nowhere),
      () => workflows.enable(missing),
      () => workflows.disable(missing),
      () => workflows.drop(missing, { ifExists: false }),
      () => workflows.execute(missing, run, nowhere),
      () => workflows.preview(missing, "a", null),
      () => workflows.downstream(missing, "a"),
    ]) {
      expect(await failure(attempt)).toBe(expected);
    }
    expect(await workflows.drop(missing, { ifExists: true })).toBe(false);
    const error = await workflows.enable(missing).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ hint: `Did you mean "${name}"?` });
  });

  test("cannot even have a name with a zero character", async () => {
    const { workflows, instances } = world;
    const expected = "WF-TEXT: a text has a character that cannot be stored";
    const id = "\0" as InstanceId;
    for (const attempt of [
      () => workflows.get(world.id("a\0"), null),
      () => workflows.enable(world.id("a\0")),
      () => workflows.drop(world.id("a\0"), { ifExists: true }),
      async () => instances.cancel(id),
      async () => instances.skip("0".repeat(32) as InstanceId, "\0"),
    ]) {
      expect(await failure(attempt)).toBe(expected);
    }
  });

  test("is managed through the table", async () => {
    const id = world.id("table:daily");
    const expected = 'WF-TABLE-OWNED: workflow "table:daily" belongs to a materialized table';
    const { workflows } = world;
    for (const attempt of [
      () => workflows.alter(id, { kind: "comment", comment: null }, nowhere),
      () => workflows.enable(id),
      () => workflows.disable(id),
      () => workflows.drop(id, { ifExists: true }),
      () => workflows.execute(id, run, nowhere),
    ]) {
      expect(await failure(attempt)).toBe(expected);
    }
    const { request, enabled } = await workflows.get(id, null);
    expect(enabled).toBe(true);
    expect(request).toMatchObject({
      schedule: { kind: "every", amount: "1", unit: "DAY" },
      tasks: [
        { name: "refresh", action: { kind: "refresh", table: world.id("daily"), partition: null } },
      ],
    });
  });
});

describe("two at once", () => {
  test("edits of one workflow come one after the other, and none is lost", async () => {
    await make();
    const saved = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        alter({ kind: "set-options", options: { [`tag.t${index}`]: String(index) } }),
      ),
    );
    expect(saved.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual([
      2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    expect(Object.keys((await got()).options)).toHaveLength(8);
  });

  test("an edit waits for the one before it and sees what that has made", async () => {
    await make();
    const { database } = world.db;
    let second: Promise<unknown> = Promise.resolve();
    await database.transaction(async (tx) => {
      await tx.query(sql`SELECT FROM sluice_private.workflows WHERE name = ${name} FOR UPDATE`);
      second = failure(() => alter({ kind: "comment", comment: "late" }));
      await until(async () => {
        const rows = await database.query(sql`
          SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FOR NO KEY%'`);
        return rows.length > 0;
      });
      await tx.execute(
        sql`UPDATE sluice_private.workflows SET enabled = true WHERE name = ${name}`,
      );
    });
    expect(await second).toBe(`WF-ENABLED: workflow "${name}" is enabled`);
  });

  test("of many that create one name exactly one does", async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => make()));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected")
        expect(outcome.reason).toMatchObject({ code: "WF-EXISTS" });
    }
    const again = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        make({ comment: "x" }, index % 2 === 0 ? ifNotExists : orAlter),
      ),
    );
    expect(again.filter(({ changed }) => changed)).toHaveLength(1);
    name = `${name}n`;
    const fresh = await Promise.all(Array.from({ length: 6 }, () => make({}, ifNotExists)));
    expect(fresh.filter(({ changed }) => changed)).toHaveLength(1);
  });
});

describe("queues", () => {
  test("are made, changed and dropped", async () => {
    const { queues } = world;
    expect(await queues.create(name, { concurrency: "4" }, { ifNotExists: false })).toBe(true);
    expect(await queues.create(name, { concurrency: "5" }, { ifNotExists: true })).toBe(false);
    expect(await failure(() => queues.create(name, {}, { ifNotExists: false }))).toBe(
      `WF-QUEUE-EXISTS: queue "${name}" already exists`,
    );
    const limit = async () =>
      (await world.db.query(sql`SELECT concurrency FROM sluice.queues WHERE queue = ${name}`))[0];
    expect(await limit()).toEqual({ concurrency: 4 });
    await queues.alter(name, { concurrency: "2" });
    expect(await limit()).toEqual({ concurrency: 2 });
    await make({ options: { queue: name } });
    expect(await failure(() => queues.drop(name, { ifExists: false }))).toBe(
      `WF-QUEUE-IN-USE: queue "${name}" is in use`,
    );
    await world.workflows.drop(world.id(name), { ifExists: false });
    expect(await queues.drop(name, { ifExists: false })).toBe(true);
    expect(await queues.drop(name, { ifExists: true })).toBe(false);
  });

  test.each<[string, () => Promise<unknown>]>([
    [
      'WF-QUEUE-UNKNOWN: queue "nope" does not exist',
      () => world.queues.drop("nope", { ifExists: false }),
    ],
    [
      'WF-QUEUE-UNKNOWN: queue "nope" does not exist',
      () => world.queues.alter("nope", { concurrency: "1" }),
    ],
    ["WF-CHANGE-EMPTY: SET names nothing", () => world.queues.alter("tables", {})],
    [
      'WF-QUEUE-IN-USE: queue "default-queue" cannot be dropped',
      () => world.queues.drop("default-queue", { ifExists: true }),
    ],
    [
      "WF-OPTION-UNKNOWN: option 'concurency' of a queue does not exist",
      () => world.queues.create("x", { concurency: "1" }, { ifNotExists: false }),
    ],
    [
      "WF-NAME: the name of a queue is empty",
      () => world.queues.create(" ", {}, { ifNotExists: false }),
    ],
  ])("%s", async (expected, attempt) => {
    expect(await failure(attempt)).toBe(expected);
  });
});

test("nothing of all this failed without a word", () => {
  expect(world.errors).toEqual([]);
});
