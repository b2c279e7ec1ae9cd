// The switch of workflows, who is refused, who wins when two edit at once; queues.

import { describe, expect, test } from "vitest";
import type { InstanceId } from "../../src/common/ids.ts";
import { sql } from "../../src/common/sql.ts";
import type { WorkflowChange } from "../../src/workflows/workflow-request.ts";
import { until } from "../support/until.ts";
import { failure, ifNotExists, nowhere, orAlter, task } from "./world.ts";
import { world, name, useOrders, hourly, make, alter, got, stored, nameIt } from "./orders.ts";

useOrders();

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
          SELECT FROM pg_stat_activity
          WHERE wait_event_type = 'Lock' AND query LIKE '%FOR NO KEY%'`);
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
    nameIt(`${name}n`);
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
