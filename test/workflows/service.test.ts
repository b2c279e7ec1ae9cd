// Workflows are created, altered and read back: every edit is a version, what went in comes out.

import { describe, expect, test } from "vitest";
import { sql } from "../../src/common/sql.ts";
import type { WorkflowChange, WorkflowRequest } from "../../src/workflows/workflow-request.ts";
import { create, execute, failure, ifNotExists, nowhere, orAlter, task } from "./world.ts";
import { world, name, useOrders, hourly, make, alter, got, stored, nameIt } from "./orders.ts";

useOrders();

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
    nameIt(`${name} "Ärger" mit 'Zitaten' 🙂 \\ $1`);
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

  test("a name that is taken is refused, a free one is taken with all instances", async () => {
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

test("nothing of all this failed without a word", () => {
  expect(world.errors).toEqual([]);
});
