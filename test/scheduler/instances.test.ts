// What users do to instances, on a real database: rerun, mark, skip, cancel. Sentences of the
// surface's section about instances, one test each.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InstanceId } from "../../src/common/ids.ts";
import { sql } from "../../src/common/sql.ts";
import { instant, milliseconds } from "../../src/common/time.ts";
import { tableDefinition, taskDefinition, until } from "./harness.ts";
import { failed, Scripted } from "./scripted.ts";

let s: Scripted;
beforeAll(async () => {
  s = await Scripted.start();
});
afterAll(() => s.close());

describe("RERUN", () => {
  test("of all: same id, version, variables and time, attempts are counted on", async () => {
    const workflowId = await s.create(
      s.chain(["ra", "rb"], { variables: { day: "yyyy-MM-dd" }, timeZone: "Europe/Berlin" }),
    );
    const scheduledAt = instant(Date.UTC(2026, 0, 31, 23, 30));
    const id = await s.submit(workflowId, { scheduledAt });
    expect(await s.ended(id)).toBe("SUCCESSFUL");
    const before = await instanceRow(id);
    expect(before).toMatchObject({ scheduled_at: scheduledAt, day: "2026-02-01", version: 1 });
    await s.inTx((tx) =>
      s.scheduler.alterWorkflow(
        tx,
        workflowId,
        s.chain(["other"], { name: String(before?.["workflow"]) }),
      ),
    );
    await s.rerun(id, { kind: "all" });
    expect(await s.ended(id)).toBe("SUCCESSFUL");
    expect(await instanceRow(id)).toEqual(before);
    expect(await s.tasksOf(id)).toEqual(["ra SUCCESSFUL 1/2", "rb SUCCESSFUL 1/2"]);
    expect(s.claimed.at(-1)).toMatchObject({
      attempt: 1,
      timeZone: "Europe/Berlin",
      variables: { day: "2026-02-01", "instance.id": id },
    });
  });

  async function instanceRow(id: InstanceId) {
    const [row] = await s.db.query(sql`
      SELECT instance_id, workflow, version, trigger, scheduled_at, interval_start, interval_end,
        variables ->> 'day' AS day, created_at
      FROM sluice.workflow_instances WHERE instance_id = ${id}`);
    return row;
  }

  test("of what failed: what was well is not made again", async () => {
    s.outcomes.set("fb", [failed]);
    const id = await s.submit(await s.create(s.chain(["fa", "fb", "fc"])));
    expect(await s.ended(id)).toBe("FAILED");
    expect(await s.tasksOf(id)).toEqual([
      "fa SUCCESSFUL 1/1",
      "fb FAILED 1/1",
      "fc FAILED UPSTREAM_FAILED 0/0",
    ]);
    await s.rerun(id, { kind: "failed" });
    expect(await s.ended(id)).toBe("SUCCESSFUL");
    expect(await s.tasksOf(id)).toEqual([
      "fa SUCCESSFUL 1/1",
      "fb SUCCESSFUL 1/2",
      "fc SUCCESSFUL 1/1",
    ]);
  });

  test("of one task alone: what failed for it stays, with downstream it goes on", async () => {
    s.outcomes.set("ta", [failed]);
    const id = await s.submit(await s.create(s.chain(["ta", "tb"])));
    await s.ended(id);
    await s.rerun(id, { kind: "task", task: "ta", downstream: false });
    expect(await s.ended(id)).toBe("FAILED UPSTREAM_FAILED");
    expect(await s.tasksOf(id)).toEqual(["ta SUCCESSFUL 1/2", "tb FAILED UPSTREAM_FAILED 0/0"]);
    await s.rerun(id, { kind: "task", task: "ta", downstream: true });
    expect(await s.ended(id)).toBe("SUCCESSFUL");
    expect(await s.tasksOf(id)).toEqual(["ta SUCCESSFUL 1/3", "tb SUCCESSFUL 1/1"]);
  });

  test("has retries again", async () => {
    const retry = { retries: 1, delay: milliseconds(1), backoff: 1 };
    s.outcomes.set("rr", [failed, failed, failed]);
    const tasks = [taskDefinition("rr", { retry })];
    const id = await s.submit(await s.create(s.chain([], { tasks })));
    expect(await s.ended(id)).toBe("FAILED");
    await s.rerun(id, { kind: "failed" });
    expect(await s.ended(id)).toBe("SUCCESSFUL");
    expect(await s.tasksOf(id)).toEqual(["rr SUCCESSFUL 2/4"]);
  });

  test("is refused while it runs, for unknown ids and tasks; nothing changes", async () => {
    const id = await s.submit(await s.create(s.chain(["hang on"])));
    const go = await s.hangs("hang on");
    await expect(s.rerun(id, { kind: "all" })).rejects.toMatchObject({
      code: "WF-INSTANCE-RUNNING",
    });
    go();
    await s.ended(id);
    await expect(s.rerun(id, { kind: "task", task: "x", downstream: true })).rejects.toMatchObject({
      code: "WF-TASK-UNKNOWN",
    });
    await expect(s.rerun("0".repeat(32) as InstanceId, { kind: "all" })).rejects.toMatchObject({
      code: "WF-INSTANCE-UNKNOWN",
    });
    expect(await s.tasksOf(id)).toEqual(["hang on SUCCESSFUL 1/1"]);
  });

  test("in a transaction that fails it never happened", async () => {
    const id = await s.submit(await s.create(s.chain(["never again"])));
    await s.ended(id);
    const broken = s.inTx(async (tx) => {
      await s.scheduler.rerun(tx, id, { kind: "all" });
      throw new Error("no");
    });
    await expect(broken).rejects.toThrow("no");
    expect(await s.ended(id)).toBe("SUCCESSFUL");
    expect(await s.tasksOf(id)).toEqual(["never again SUCCESSFUL 1/1"]);
  });

  test("waits for a run of its workflow that is open", async () => {
    const workflowId = await s.create(s.chain(["hang first"]));
    const old = await s.submit(workflowId);
    (await s.hangs("hang first"))();
    await s.ended(old);
    const next = await s.submit(workflowId);
    const go = await s.hangs("hang first");
    await s.rerun(old, { kind: "all" });
    expect((await s.scheduler.find(old))?.status).toBe("PENDING");
    go();
    expect(await s.ended(next)).toBe("SUCCESSFUL");
    (await s.hangs("hang first"))();
    expect(await s.ended(old)).toBe("SUCCESSFUL");
  });

  test("of a run whose workflow is gone is refused", async () => {
    const workflowId = await s.create(s.chain(["gone"]));
    const id = await s.submit(workflowId);
    await s.ended(id);
    await s.inTx((tx) => s.scheduler.dropWorkflow(tx, workflowId));
    await expect(s.rerun(id, { kind: "all" })).rejects.toMatchObject({ code: "WF-NOTFOUND" });
    expect(await s.ended(id)).toBe("SUCCESSFUL");
  });

  test("of a table's refresh: its claim holds again", async () => {
    const definition = tableDefinition("orders", { kind: "manual" });
    const id = await s.submit(await s.create(definition));
    await s.ended(id);
    await s.rerun(id, { kind: "all" });
    expect(await s.ended(id)).toBe("SUCCESSFUL");
    expect(s.claimed.at(-1)?.claim).toEqual({ resource: "orders", scopes: null });
    expect(await s.tasksOf(id)).toEqual(["refresh SUCCESSFUL 1/2"]);
  });
});

describe("MARK and SKIP", () => {
  const mark = (id: InstanceId, task: string) => s.inTx((tx) => s.scheduler.markTask(tx, id, task));
  const skip = (id: InstanceId, task: string) => s.inTx((tx) => s.scheduler.skipTask(tx, id, task));

  test("a failed task marked: what is downstream is made after all", async () => {
    s.outcomes.set("mb", [failed]);
    const id = await s.submit(await s.create(s.chain(["ma", "mb", "mc", "md"])));
    expect(await s.ended(id)).toBe("FAILED");
    await mark(id, "mb");
    expect(await s.ended(id)).toBe("SUCCESSFUL");
    expect(await s.tasksOf(id)).toEqual([
      "ma SUCCESSFUL 1/1",
      "mb SUCCESSFUL MARKED 1/1",
      "mc SUCCESSFUL 1/1",
      "md SUCCESSFUL 1/1",
    ]);
    expect(s.ran.filter((task) => task === "mb")).toHaveLength(1);
  });

  test("the only task of a failed run marked: the run is well, without its error", async () => {
    s.outcomes.set("only", [failed]);
    const id = await s.submit(await s.create(s.chain(["only"])));
    await s.ended(id);
    await mark(id, "only");
    expect(await s.ended(id)).toBe("SUCCESSFUL MARKED");
    const [row] = await s.db.query(sql`
      SELECT error_code, error FROM sluice.workflow_instances WHERE instance_id = ${id}`);
    expect(row).toEqual({ error_code: null, error: null });
  });

  test("a task that has not started is skipped while another runs", async () => {
    const tasks = [
      taskDefinition("hang side"),
      taskDefinition("s1", { upstream: ["hang side"] }),
      taskDefinition("s2", { upstream: ["s1"] }),
    ];
    const id = await s.submit(await s.create(s.chain([], { tasks })));
    const go = await s.hangs("hang side");
    await expect(mark(id, "hang side")).rejects.toMatchObject({ code: "WF-TASK-RUNNING" });
    await expect(skip(id, "hang side")).rejects.toMatchObject({ code: "WF-TASK-RUNNING" });
    await skip(id, "s1");
    await until("what waited for it runs", () => s.ran.includes("s2"));
    go();
    expect(await s.ended(id)).toBe("SUCCESSFUL");
    expect(await s.tasksOf(id)).toEqual([
      "hang side SUCCESSFUL 1/1",
      "s1 SKIPPED MARKED 0/0",
      "s2 SUCCESSFUL 1/1",
    ]);
  });

  test("in an open run, a failed task marked opens what failed for it", async () => {
    s.outcomes.set("of", [failed]);
    const tasks = [
      taskDefinition("of"),
      taskDefinition("og", { upstream: ["of"] }),
      taskDefinition("hang open"),
    ];
    const id = await s.submit(await s.create(s.chain([], { tasks })));
    const go = await s.hangs("hang open");
    await until("the failure is known", async () => (await s.tasksOf(id))[2]?.includes("UPSTREAM"));
    await skip(id, "of");
    await until("it is made", async () => (await s.tasksOf(id))[2] === "og SUCCESSFUL 1/1");
    go();
    expect(await s.ended(id)).toBe("SUCCESSFUL");
  });

  test("a task that is done stays as it is", async () => {
    const id = await s.submit(await s.create(s.chain(["done"])));
    await s.ended(id);
    await mark(id, "done");
    await skip(id, "done");
    expect(await s.ended(id)).toBe("SUCCESSFUL");
    expect(await s.tasksOf(id)).toEqual(["done SUCCESSFUL 1/1"]);
  });
});

describe("CANCEL", () => {
  const cancel = (id: InstanceId) => s.inTx((tx) => s.scheduler.cancel(tx, id));

  test("what runs and what has not started are canceled; an ended run refuses", async () => {
    const id = await s.submit(await s.create(s.chain(["hang c", "c2"])));
    await s.hangs("hang c");
    expect(await cancel(id)).toBe(true);
    expect(await s.ended(id)).toBe("CANCELED");
    expect(await s.tasksOf(id)).toEqual(["c2 CANCELED 0/0", "hang c CANCELED 1/1"]);
    expect(await cancel(id)).toBe(false);
  });

  test("a canceled run can be made again where it stopped", async () => {
    const id = await s.submit(await s.create(s.chain(["first", "hang d", "last"])));
    await s.hangs("hang d");
    await cancel(id);
    expect(await s.ended(id)).toBe("CANCELED");
    await s.rerun(id, { kind: "failed" });
    (await s.hangs("hang d"))();
    expect(await s.ended(id)).toBe("SUCCESSFUL");
    expect(await s.tasksOf(id)).toEqual([
      "first SUCCESSFUL 1/1",
      "hang d SUCCESSFUL 1/2",
      "last SUCCESSFUL 1/1",
    ]);
  });
});
