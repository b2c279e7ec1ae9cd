// What every WorkflowStore must do, one promise a test. The store on PostgreSQL and the memory
// store of the simulation run the same suite: it is what makes the simulation speak about the
// product.

import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { systemRandom } from "../../src/common/clock.ts";
import {
  asId,
  type GatewayId,
  type InstanceId,
  type TaskInstanceId,
  type WorkflowId,
} from "../../src/common/ids.ts";
import type { Tx } from "../../src/common/pg.ts";
import { type Instant, instant, seconds } from "../../src/common/time.ts";
import { instanceEnd, planAdvance } from "../../src/scheduler/durable/advance-plan.ts";
import {
  newInstance,
  plainRun,
  resolveRun,
  skippedInstance,
} from "../../src/scheduler/durable/new-instance.ts";
import type {
  HeldTask,
  NewInstanceRow,
  Settlement,
  TickChange,
  WorkflowStore,
} from "../../src/scheduler/durable/store.ts";
import type { WorkflowDefinition } from "../../src/scheduler/scheduler.ts";
import {
  type ClaimScope,
  FencedError,
  type TaskOutcome,
  type Trigger,
} from "../../src/scheduler/task-runner.ts";
import {
  claimOf,
  tableDefinition,
  taskDefinition,
  workflowDefinition,
} from "../scheduler/harness.ts";

/** One store with a clock that the suite moves. */
export interface StoreUnderTest {
  readonly store: WorkflowStore;
  transaction<T>(body: (tx: Tx) => Promise<T>): Promise<T>;
  setClock(at: Instant): Promise<void>;
  /** Removes all workflows, runs and gateways. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

const noon = instant(Date.UTC(2026, 0, 1, 12));
const lease = seconds(10);
const alice = asId<GatewayId>("alice");
const bob = asId<GatewayId>("bob");
const minute = (n: number) => instant(noon + n * 60_000);
const succeeded: TaskOutcome = { kind: "succeeded" };
const failure = { kind: "failed", code: "X", message: "m", retryable: true } as const;

export function workflowStoreContract(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`a workflow store: ${name}`, () => {
    let world: StoreUnderTest;
    let store: WorkflowStore;
    const made = make().then((value) => {
      world = value;
      store = value.store;
    });

    beforeEach(async () => {
      await made;
      await world.clear();
      await world.setClock(noon);
      for (const gatewayId of [alice, bob]) {
        await store.register({ gatewayId, host: "h", pid: 1, version: "0" }, lease);
      }
    });
    afterAll(() => world.close());

    async function create(definition: WorkflowDefinition, enabled = true): Promise<WorkflowId> {
      const id = asId<WorkflowId>(systemRandom.hex32());
      await world.transaction(async (tx) => {
        await store.insertWorkflow(tx, id, definition);
        const workflow = await store.lockWorkflow(tx, id);
        if (workflow === null || !enabled) return;
        const cursor = { nextDueAt: minute(1), previousFireAt: minute(0) };
        await store.updateWorkflow(tx, { ...workflow, ...cursor, enabled: true });
      });
      return id;
    }

    function row(
      workflowId: WorkflowId,
      definition: WorkflowDefinition,
      trigger: Trigger = "MANUAL",
      parts: { readonly end?: Instant; readonly gated?: boolean } = {},
    ): NewInstanceRow {
      const interval = { start: noon, end: parts.end ?? noon };
      const run = { workflowId, version: 1, definition, trigger, interval, request: { r: 1 } };
      const resolved = resolveRun(plainRun(run), claimOf, systemRandom);
      return newInstance(resolved, systemRandom, parts.gated ?? false);
    }

    async function insert(...rows: NewInstanceRow[]): Promise<void> {
      await world.transaction((tx) => store.insertInstances(tx, rows));
    }

    /** An instance of a workflow of its own. */
    async function submitted(
      definition: WorkflowDefinition,
      trigger: Trigger = "MANUAL",
    ): Promise<NewInstanceRow> {
      const instance = row(await create(definition), definition, trigger);
      await insert(instance);
      return instance;
    }

    async function claimOne(gateway = alice): Promise<HeldTask> {
      const [task] = await store.claim(gateway, 1);
      if (task === undefined) throw new Error("nothing to claim");
      return task;
    }

    const settlement = (task: HeldTask, outcome: TaskOutcome = succeeded): Settlement => ({
      taskInstanceId: task.taskInstanceId,
      token: task.token,
      outcome: outcome as Settlement["outcome"],
      detail: null,
    });

    const advance = () => store.advance(100, planAdvance, instanceEnd);
    const find = async (instance: NewInstanceRow) =>
      (await store.find(instance.instanceId))?.status;
    const table = (name_: string, scopes: readonly ClaimScope[] | null = null) =>
      tableDefinition(
        name_,
        { kind: "every", amount: 1, unit: "MINUTE", anchor: null },
        {
          tasks: [
            taskDefinition("refresh", { action: { resource: "t", scopes }, queue: "tables" }),
          ],
        },
      );

    describe("workflows", () => {
      test("are stored with their definition, disabled, version 1", async () => {
        const definition = workflowDefinition("w");
        const id = await create(definition, false);
        const read = await world.transaction((tx) => store.readWorkflow(tx, id));
        expect(read).toEqual({
          workflowId: id,
          version: 1,
          enabled: false,
          definition,
          nextDueAt: null,
          previousFireAt: null,
          revision: 0,
          now: noon,
        });
        expect(await world.transaction((tx) => store.findWorkflow(tx, "public", "w"))).toBe(id);
        expect(await world.transaction((tx) => store.findWorkflow(tx, "other", "w"))).toBeNull();
      });

      test("have unique names per database", async () => {
        await create(workflowDefinition("w"));
        await expect(create(workflowDefinition("w"))).rejects.toMatchObject({ code: "WF-EXISTS" });
      });

      test("vanish when deleted, and ask their open instances to end", async () => {
        const instance = await submitted(workflowDefinition("w"));
        await world.transaction((tx) => store.deleteWorkflow(tx, instance.workflowId));
        expect(
          await world.transaction((tx) => store.lockWorkflow(tx, instance.workflowId)),
        ).toBeNull();
        expect(await store.claim(alice, 1)).toEqual([]);
        expect(await store.applyCancels(alice)).toEqual({ running: [], ended: 1 });
        await advance();
        expect(await find(instance)).toBe("CANCELED");
      });

      test("a transaction that fails leaves nothing", async () => {
        const id = asId<WorkflowId>(systemRandom.hex32());
        const attempt = world.transaction(async (tx) => {
          await store.insertWorkflow(tx, id, workflowDefinition("w"));
          throw new Error("no");
        });
        await expect(attempt).rejects.toThrow("no");
        expect(await world.transaction((tx) => store.readWorkflow(tx, id))).toBeNull();
      });

      test("queues that do not exist are named", async () => {
        const unknown = await world.transaction((tx) =>
          store.unknownQueues(tx, ["tables", "q", "default-queue"]),
        );
        expect(unknown).toEqual(["q"]);
      });
    });

    describe("time", () => {
      const change = (id: WorkflowId, rows: readonly NewInstanceRow[]): TickChange => ({
        workflowId: id,
        version: 1,
        revision: 0,
        expectedDueAt: minute(1),
        nextDueAt: minute(2),
        previousFireAt: minute(1),
        instances: rows,
        replaced: [],
      });

      test("a workflow is due when its cursor has passed by the store's clock", async () => {
        const id = await create(workflowDefinition("w"));
        await create(workflowDefinition("off"), false);
        expect((await store.loadDue(10)).due).toEqual([]);
        expect(await store.upcoming()).toEqual({
          now: noon,
          nextDueAt: minute(1),
          nextReadyAt: null,
        });
        await world.setClock(minute(1));
        const batch = await store.loadDue(10);
        expect(batch.now).toBe(minute(1));
        expect(batch.due.map((due) => due.workflowId)).toEqual([id]);
      });

      test("alive since: the start of the gateway that lives longest", async () => {
        await create(workflowDefinition("w"));
        await world.setClock(instant(noon + 5000));
        await store.register(
          { gatewayId: asId<GatewayId>("carol"), host: "h", pid: 2, version: "0" },
          seconds(600),
        );
        await store.heartbeat(bob, seconds(600));
        await world.setClock(minute(1));
        expect((await store.loadDue(10)).aliveSince).toBe(noon);
        await store.expire([bob]);
        expect((await store.loadDue(10)).aliveSince).toBe(noon + 5000);
      });

      test("a tick counts once", async () => {
        const definition = workflowDefinition("w");
        const id = await create(definition);
        const first = row(id, definition, "SCHEDULE", { end: minute(1) });
        const again = row(id, definition, "SCHEDULE", { end: minute(1) });
        expect(await store.commitTick([change(id, [first])])).toEqual([id]);
        expect(await store.commitTick([change(id, [again])])).toEqual([]);
        expect(await find(first)).toBe("PENDING");
        expect(await store.find(again.instanceId)).toBeNull();
      });

      test("a tick is void after disable, a new version, or a run it did not see", async () => {
        for (const part of [
          { enabled: false },
          { version: 2 },
          { revision: 1 },
          { nextDueAt: minute(5) },
        ]) {
          const definition = workflowDefinition(`w ${JSON.stringify(part)}`);
          const id = await create(definition);
          await world.transaction(async (tx) => {
            const workflow = await store.lockWorkflow(tx, id);
            if (workflow !== null) await store.updateWorkflow(tx, { ...workflow, ...part });
          });
          expect(await store.commitTick([change(id, [row(id, definition, "SCHEDULE")])])).toEqual(
            [],
          );
        }
      });

      test("an instance that is only a row goes straight to history", async () => {
        const definition = workflowDefinition("w");
        const workflowId = await create(definition);
        const interval = { start: minute(0), end: minute(1) };
        const trigger = "SCHEDULE" as const;
        const run = plainRun({
          workflowId,
          version: 1,
          definition,
          trigger,
          interval,
          request: {},
        });
        const skipped = skippedInstance(run, systemRandom, "MISSED");
        await store.commitTick([change(workflowId, [skipped])]);
        expect(await store.find(skipped.instanceId)).toMatchObject({
          status: "SKIPPED",
          detail: "MISSED",
        });
        expect(await store.claim(alice, 10)).toEqual([]);
      });

      test("the newest slot that has an instance is known, open or ended, run or not", async () => {
        const definition = workflowDefinition("w");
        const id = await create(definition);
        const last = () => world.transaction((tx) => store.lastSlot(tx, id));
        await insert(row(id, definition, "MANUAL", { end: minute(9) }));
        expect(await last()).toBeNull();
        await insert(row(id, definition, "SCHEDULE", { end: minute(3) }));
        expect(await last()).toBe(minute(3));
        const interval = { start: minute(3), end: minute(5) };
        const trigger = "SCHEDULE" as const;
        const run = { workflowId: id, version: 1, definition, trigger, interval, request: {} };
        await insert(skippedInstance(plainRun(run), systemRandom, "MISSED"));
        expect(await last()).toBe(minute(5));
      });

      test("the slots of a table wait while one of its scheduled runs does", async () => {
        const definition = table("t");
        const id = await create(definition);
        await store.commitTick([change(id, [row(id, definition, "SCHEDULE", { end: minute(1) })])]);
        await world.setClock(minute(2));
        await store.register(
          { gatewayId: asId<GatewayId>("carol"), host: "h", pid: 2, version: "0" },
          lease,
        );
        expect((await store.loadDue(10)).due).toEqual([]);
        await claimOne(asId<GatewayId>("carol"));
        expect((await store.loadDue(10)).due.map((due) => due.workflowId)).toEqual([id]);
      });

      test("open runs are shown with their claims, oldest first", async () => {
        const definition = { ...table("t", [{ d: "1" }]), overlap: "skip" as const };
        const id = await create(definition);
        const [a, b] = [row(id, definition), row(id, definition)];
        await insert(a);
        await world.setClock(instant(noon + 1));
        await insert(b);
        const claims = [{ resource: "t", scopes: [{ d: "1" }] }];
        const expected = [a, b].map(({ instanceId }) => ({ instanceId, claims }));
        expect(await world.transaction((tx) => store.openRuns(tx, id))).toEqual(expected);
        await world.setClock(minute(1));
        expect((await store.loadDue(10)).due[0]?.open).toEqual(expected);
      });

      test("what replaces asks the others to end", async () => {
        const definition = workflowDefinition("w");
        const id = await create(definition);
        const old = row(id, definition);
        await insert(old);
        await claimOne();
        const next = row(id, definition, "SCHEDULE", { end: minute(1), gated: true });
        const replaced = [old.instanceId];
        await store.commitTick([{ ...change(id, [next]), replaced }]);
        const { running } = await store.applyCancels(alice);
        expect(running.map(({ reason }) => reason)).toEqual(["REPLACED"]);
      });
    });

    describe("claims", () => {
      test("a claimed task is RUNNING under a new token, its instance too", async () => {
        const instance = await submitted(workflowDefinition("w"));
        const task = await claimOne();
        expect(task).toMatchObject({
          instanceId: instance.instanceId,
          workflowVersion: 1,
          task: "main",
          trigger: "MANUAL",
          scheduledAt: noon,
          claimedAt: noon,
          attempt: 1,
          token: expect.any(Number),
          claim: null,
          request: { r: 1 },
        });
        expect(await find(instance)).toBe("RUNNING");
        expect(await store.claim(bob, 10)).toEqual([]);
        const { taskInstanceId, token } = task;
        expect(await store.heldTasks(alice)).toMatchObject([{ taskInstanceId, token }]);
      });

      test("in order of priority, then age", async () => {
        const triggers: Trigger[] = ["BACKFILL", "CATCH_UP", "SCHEDULE", "MANUAL", "INITIAL"];
        for (const [n, trigger] of triggers.entries()) {
          await world.setClock(instant(noon + n));
          await submitted(workflowDefinition(`w${n}`), trigger);
        }
        await world.setClock(instant(noon + 100));
        await submitted(workflowDefinition("w9"), "MANUAL");
        const tasks = await store.claim(alice, 10);
        expect(tasks.map((task) => task.trigger)).toEqual([
          "MANUAL",
          "MANUAL",
          "INITIAL",
          "SCHEDULE",
          "CATCH_UP",
          "BACKFILL",
        ]);
        expect(tasks[0]?.dueAt).toBe(noon + 3);
      });

      // covers: G-03
      test("a queue has its limit over all gateways", async () => {
        for (let n = 0; n < 12; n++) await submitted(workflowDefinition(`w${n}`));
        expect(await store.claim(alice, 7)).toHaveLength(7);
        expect(await store.claim(bob, 7)).toHaveLength(3);
        expect(await store.claim(bob, 7)).toEqual([]);
      });

      test.each<[string, readonly ClaimScope[] | null, readonly ClaimScope[] | null, number]>([
        ["whole and whole", null, null, 1],
        ["whole and part", null, [{ d: "1" }], 1],
        ["other cells", [{ d: "1" }], [{ d: "2" }], 2],
        ["the same cell", [{ d: "1" }], [{ d: "1" }], 1],
        ["one cell in common", [{ d: "1" }, { d: "2" }], [{ d: "3" }, { d: "2" }], 1],
        ["other keys", [{ d: "1" }], [{ e: "2" }], 1],
        ["subset of keys", [{ d: "1", e: "1" }], [{ d: "1" }], 1],
        ["differ in one of two keys", [{ d: "1", e: "1" }], [{ d: "1", e: "2" }], 2],
        ["NULL and NULL", [{ d: null }], [{ d: null }], 1],
        ["NULL and a value", [{ d: null }], [{ d: "1" }], 2],
        ["the empty conjunction is everything", [{}], [{ d: "1" }], 1],
      ])("%s: %o beside %o", async (_name, a, b, expected) => {
        await submitted(table("a", a));
        await submitted(table("b", b));
        expect(await store.claim(alice, 10)).toHaveLength(expected);
        // The same between claims of two gateways.
        expect(await store.claim(bob, 10)).toEqual([]);
      });

      test("what is blocked does not keep others from their turn", async () => {
        for (let n = 0; n < 3; n++) await submitted(table(`t${n}`));
        const free = await submitted(tableDefinition("free", { kind: "manual" }), "BACKFILL");
        expect(await store.claim(alice, 1)).toHaveLength(1);
        expect((await claimOne()).instanceId).toBe(free.instanceId);
      });

      test("a gateway without a lease gets nothing", async () => {
        await submitted(workflowDefinition("w"));
        await world.setClock(instant(noon + lease));
        expect(await store.claim(alice, 1)).toEqual([]);
        expect(await store.claim(asId<GatewayId>("nobody"), 1)).toEqual([]);
      });

      test("a deferred task waits as if never claimed, and its instance with it", async () => {
        const instance = await submitted(workflowDefinition("w"));
        const task = await claimOne();
        const { taskInstanceId, token } = task;
        const until = instant(noon + 1_000);
        const detail = "WAITING_UPSTREAM";
        await store.defer([{ taskInstanceId, token: token + 1, until, detail }]);
        expect(await find(instance)).toBe("RUNNING");
        await store.defer([{ taskInstanceId, token, until, detail }]);
        expect(await store.find(instance.instanceId)).toMatchObject({ status: "PENDING", detail });
        expect(await store.claim(alice, 1)).toEqual([]);
        expect((await advance()).count).toBe(0);
        await world.setClock(until);
        expect((await claimOne()).attempt).toBe(1);
        await store.record([settlement(task)]);
        expect(await find(instance)).toBe("RUNNING");
      });

      test("released tasks are as if never claimed, but for the token", async () => {
        await submitted(workflowDefinition("w"));
        const task = await claimOne();
        await store.release(bob, [task]);
        expect(await store.claim(bob, 1)).toEqual([]);
        await store.release(alice, [task]);
        await advance();
        const again = await claimOne(bob);
        expect(again.attempt).toBe(1);
        expect(again.token).toBeGreaterThan(task.token);
      });

      test("a wish to cancel keeps tasks from starting", async () => {
        const { instanceId } = await submitted(workflowDefinition("w"));
        const cancel = () =>
          world.transaction((tx) => store.requestCancel(tx, instanceId, "CANCELED"));
        expect(await cancel()).toBe(true);
        expect(await cancel()).toBe(true);
        expect(await store.claim(alice, 1)).toEqual([]);
        expect(await store.applyCancels(bob)).toEqual({ running: [], ended: 1 });
        expect((await advance()).ended).toMatchObject([{ instanceId, status: "CANCELED" }]);
        expect(await cancel()).toBe(false);
      });

      test("only the holder is told to abort", async () => {
        const { instanceId } = await submitted(workflowDefinition("w"));
        const { taskInstanceId } = await claimOne();
        await world.transaction((tx) => store.requestCancel(tx, instanceId, "why"));
        expect(await store.applyCancels(bob)).toEqual({ running: [], ended: 0 });
        expect(await store.applyCancels(alice)).toEqual({
          running: [{ taskInstanceId, reason: "why" }],
          ended: 0,
        });
      });

      test("SUSPEND ends what its schedule has queued, and nothing else", async () => {
        const definition = table("t");
        const id = await create(definition);
        const rows = (["SCHEDULE", "CATCH_UP", "MANUAL"] as const).map((trigger, n) =>
          row(id, definition, trigger, { end: minute(n) }),
        );
        await insert(...rows);
        await world.transaction((tx) =>
          store.skipPending(tx, id, ["SCHEDULE", "CATCH_UP"], "SUSPENDED"),
        );
        await advance();
        const states = await Promise.all(rows.map((each) => store.find(each.instanceId)));
        expect(states.map((state) => [state?.status, state?.detail])).toEqual([
          ["SKIPPED", "SUSPENDED"],
          ["SKIPPED", "SUSPENDED"],
          ["PENDING", "QUEUED"],
        ]);
      });
    });

    describe("outcomes", () => {
      test("settle is the task's own transaction: both or neither", async () => {
        const instance = await submitted(workflowDefinition("w"));
        const task = await claimOne();
        const attempt = world.transaction(async (tx) => {
          await store.settle(tx, settlement(task));
          throw new Error("the data did not fit");
        });
        await expect(attempt).rejects.toThrow("the data did not fit");
        expect(await advance()).toMatchObject({ count: 0 });
        await world.transaction((tx) => store.settle(tx, settlement(task)));
        expect(await advance()).toMatchObject({
          ended: [{ instanceId: instance.instanceId, status: "SUCCESSFUL" }],
        });
        expect(await find(instance)).toBe("SUCCESSFUL");
      });

      test("settle fences: wrong token, not running, settled twice", async () => {
        await submitted(workflowDefinition("w"));
        const task = await claimOne();
        const settle = (parts: Partial<HeldTask>) =>
          world.transaction((tx) => store.settle(tx, settlement({ ...task, ...parts })));
        await expect(settle({ token: task.token + 1 })).rejects.toThrow(FencedError);
        const unknown = asId<TaskInstanceId>("0");
        await expect(settle({ taskInstanceId: unknown })).rejects.toThrow(FencedError);
        await settle({});
        await expect(settle({})).rejects.toThrow(FencedError);
      });

      test("record passes over what is no longer held", async () => {
        const instance = await submitted(workflowDefinition("w"));
        const task = await claimOne();
        await store.record([settlement({ ...task, token: 7 })]);
        expect(await advance()).toMatchObject({ count: 0 });
        await store.record([settlement(task)]);
        await store.record([settlement(task, failure)]);
        expect((await advance()).ended).toEqual([
          {
            instanceId: instance.instanceId,
            status: "SUCCESSFUL",
            detail: null,
            errorCode: null,
            error: null,
          },
        ]);
        expect(await advance()).toMatchObject({ count: 0 });
      });

      test("a retry waits for its time", async () => {
        const retry = { retries: 1, delay: seconds(5), backoff: 1 };
        const definition = workflowDefinition("w", { tasks: [taskDefinition("main", { retry })] });
        const instance = await submitted(definition);
        const first = await claimOne();
        await store.record([settlement(first, failure)]);
        expect(await advance()).toMatchObject({ ended: [], count: 1 });
        expect(await store.claim(alice, 1)).toEqual([]);
        expect((await store.upcoming()).nextReadyAt).toBe(noon + 5000);
        await world.setClock(instant(noon + 5000));
        const second = await claimOne();
        expect(second.attempt).toBe(2);
        expect(second.token).toBeGreaterThan(first.token);
        await store.record([settlement(second, failure)]);
        await advance();
        expect(await store.find(instance.instanceId)).toMatchObject({
          status: "FAILED",
          errorCode: "X",
          error: "m",
        });
      });

      test("downstream tasks become ready when the last upstream task is done", async () => {
        const tasks = [
          taskDefinition("a"),
          taskDefinition("b"),
          taskDefinition("c", { upstream: ["a", "b"] }),
        ];
        const instance = await submitted(workflowDefinition("w", { tasks }));
        const [a, b] = await store.claim(alice, 10);
        if (a === undefined || b === undefined) throw new Error("two tasks were to start");
        await store.record([settlement(a)]);
        await advance();
        expect(await store.claim(alice, 10)).toEqual([]);
        await store.record([settlement(b, { kind: "skipped", reason: "CONDITION" })]);
        await advance();
        const c = await claimOne();
        expect(c.task).toBe("c");
        await store.record([settlement(c)]);
        await advance();
        expect(await find(instance)).toBe("SUCCESSFUL");
      });

      test("a failure fails what is downstream, layer by layer", async () => {
        const tasks = [
          taskDefinition("a"),
          taskDefinition("b", { upstream: ["a"] }),
          taskDefinition("c", { upstream: ["b"] }),
        ];
        const instance = await submitted(workflowDefinition("w", { tasks }));
        await store.record([settlement(await claimOne(), failure)]);
        for (const more of [true, true, true]) expect((await advance()).more).toBe(more);
        expect(await store.find(instance.instanceId)).toMatchObject({
          status: "FAILED",
          errorCode: "X",
        });
      });

      test("a queued instance goes when those before it have ended", async () => {
        const definition = workflowDefinition("w");
        const id = await create(definition);
        const first = row(id, definition);
        const second = row(id, definition, "MANUAL", { gated: true });
        await insert(first);
        await insert(second);
        const task = await claimOne();
        expect(await store.openGates()).toBe(0);
        expect(await store.claim(alice, 1)).toEqual([]);
        await store.record([settlement(task)]);
        await advance();
        expect(await store.openGates()).toBe(1);
        expect(await store.openGates()).toBe(0);
        expect((await claimOne()).instanceId).toBe(second.instanceId);
      });
    });

    describe("queues", () => {
      const at = <T>(body: (tx: Tx) => Promise<T>) => world.transaction(body);

      test("are made once, changed, named while in use, dropped", async () => {
        expect(await at((tx) => store.insertQueue(tx, "q", { concurrency: 2 }))).toBe(true);
        expect(await at((tx) => store.insertQueue(tx, "q", { concurrency: 9 }))).toBe(false);
        expect(await at((tx) => store.unknownQueues(tx, ["q", "r"]))).toEqual(["r"]);
        expect(await at((tx) => store.queueUsers(tx, "q"))).toEqual([]);
        const tasks = [taskDefinition("main", { queue: "q" })];
        const instance = await submitted(workflowDefinition("w", { tasks }));
        expect(await at((tx) => store.queueUsers(tx, "q"))).toEqual([
          `instance ${instance.instanceId}`,
          'workflow "public"."w"',
        ]);
        await claimOne();
        const { workflowId } = instance;
        await at((tx) => store.deleteWorkflow(tx, workflowId));
        expect(await at((tx) => store.queueUsers(tx, "q"))).toEqual([
          `instance ${instance.instanceId}`,
        ]);
        expect(await at((tx) => store.updateQueue(tx, "q", { concurrency: 1 }))).toBe(true);
        expect(await at((tx) => store.deleteQueue(tx, "q"))).toBe(true);
        expect(await at((tx) => store.deleteQueue(tx, "q"))).toBe(false);
        expect(await at((tx) => store.updateQueue(tx, "q", { concurrency: 1 }))).toBe(false);
      });

      test("a lowered limit lets what runs run on, and nothing more start", async () => {
        await at((tx) => store.insertQueue(tx, "low", { concurrency: 3 }));
        const tasks = ["a", "b", "c"].map((name_) => taskDefinition(name_, { queue: "low" }));
        await submitted(workflowDefinition("w", { tasks }));
        const [first, second] = await store.claim(alice, 2);
        await at((tx) => store.updateQueue(tx, "low", { concurrency: 1 }));
        expect(await store.claim(bob, 5)).toEqual([]);
        await store.record([settlement(first as HeldTask)]);
        expect(await store.claim(bob, 5)).toEqual([]);
        await store.record([settlement(second as HeldTask)]);
        expect(await store.claim(bob, 5)).toHaveLength(1);
        await at((tx) => store.deleteQueue(tx, "low"));
      });
    });

    describe("instances that are opened again", () => {
      const chain = (...names: string[]) =>
        workflowDefinition("w", {
          tasks: names.map((task, n) =>
            taskDefinition(task, { upstream: n === 0 ? [] : names.slice(n - 1, n) }),
          ),
        });
      const locked = (instance: NewInstanceRow) =>
        world.transaction((tx) => store.lockInstance(tx, instance.instanceId));
      const idOf = (instance: NewInstanceRow, task: string) => {
        const found = instance.tasks.find((each) => each.task === task);
        if (found === undefined) throw new Error(`no task ${task}`);
        return found.taskInstanceId;
      };
      const statusOf = async (instance: NewInstanceRow) => {
        const tasks = (await locked(instance))?.tasks ?? [];
        const words = tasks.map(({ task, status, detail }) => `${task} ${status} ${detail}`);
        return words.sort();
      };
      async function runAll(outcome: (task: string) => TaskOutcome = () => succeeded) {
        for (let round = 0; round < 10; round++) {
          const held = await store.claim(alice, 10);
          await store.record(held.map((task) => settlement(task, outcome(task.task))));
          await advance();
        }
      }

      test("an unknown one is null, an open one is shown as it is", async () => {
        const id = asId<InstanceId>("none");
        expect(await world.transaction((tx) => store.lockInstance(tx, id))).toBeNull();
        const instance = await submitted(chain("a", "b"));
        const { workflowId, version, trigger, interval, scheduledAt, request } = instance;
        expect(await locked(instance)).toMatchObject({
          workflowId,
          version,
          trigger,
          interval,
          scheduledAt,
          request,
          backfill: null,
          open: true,
          gated: false,
        });
        expect(await statusOf(instance)).toEqual([
          "a PENDING QUEUED",
          "b PENDING WAITING_UPSTREAM",
        ]);
      });

      test("one that has ended comes back whole, and ends again", async () => {
        const instance = await submitted(chain("a", "b"));
        await runAll((task) => (task === "b" ? { ...failure, retryable: false } : succeeded));
        expect(await find(instance)).toBe("FAILED");
        const b = idOf(instance, "b");
        const { instanceId } = instance;
        await world.transaction(async (tx) => {
          expect(await store.lockInstance(tx, instanceId)).toMatchObject({ open: false });
          const tasks = [{ taskInstanceId: b, waiting: 0 }];
          await store.reopen(tx, { instanceId, gated: false, tasks, marked: null });
        });
        expect(await find(instance)).toBe("PENDING");
        expect(await statusOf(instance)).toEqual(["a SUCCESSFUL null", "b PENDING QUEUED"]);
        const again = await claimOne();
        expect(again).toMatchObject({ taskInstanceId: b, instanceId, attempt: 1 });
        expect(again.variables).toEqual(instance.variables);
        await store.record([settlement(again)]);
        expect(await advance()).toMatchObject({ ended: [{ instanceId, status: "SUCCESSFUL" }] });
        expect(await statusOf(instance)).toEqual(["a SUCCESSFUL null", "b SUCCESSFUL null"]);
      });

      test("a wish to cancel that came too late does not meet the rerun", async () => {
        const instance = await submitted(chain("a"));
        const { instanceId } = instance;
        const held = await claimOne();
        await world.transaction((tx) => store.requestCancel(tx, instanceId, "CANCELED"));
        await store.record([settlement(held)]);
        await advance();
        await world.transaction(async (tx) => {
          await store.lockInstance(tx, instanceId);
          const tasks = [{ taskInstanceId: idOf(instance, "a"), waiting: 0 }];
          await store.reopen(tx, { instanceId, gated: false, tasks, marked: null });
        });
        await store.applyCancels(alice);
        expect(await statusOf(instance)).toEqual(["a PENDING QUEUED"]);
      });

      test("a marked task counts as done for what waits for it", async () => {
        const instance = await submitted(chain("a", "b"));
        const { instanceId } = instance;
        const marked = {
          taskInstanceId: idOf(instance, "a"),
          status: "SKIPPED",
          advanced: false,
        } as const;
        await world.transaction(async (tx) => {
          await store.lockInstance(tx, instanceId);
          await store.reopen(tx, { instanceId, gated: false, tasks: [], marked });
        });
        expect((await advance()).count).toBe(1);
        expect(await statusOf(instance)).toEqual(["a SKIPPED MARKED", "b PENDING QUEUED"]);
        await runAll();
        expect(await find(instance)).toBe("SUCCESSFUL");
      });

      test("marking the one task of an instance that failed ends it well", async () => {
        const instance = await submitted(chain("a"));
        const { instanceId } = instance;
        await runAll(() => ({ ...failure, retryable: false }));
        const marked = {
          taskInstanceId: idOf(instance, "a"),
          status: "SUCCESSFUL",
          advanced: false,
        } as const;
        await world.transaction(async (tx) => {
          await store.lockInstance(tx, instanceId);
          await store.reopen(tx, { instanceId, gated: false, tasks: [], marked });
        });
        await advance();
        expect(await store.find(instanceId)).toEqual({
          instanceId,
          status: "SUCCESSFUL",
          detail: "MARKED",
          errorCode: null,
          error: null,
        });
      });

      test("behind a gate it waits, and goes when the others have ended", async () => {
        const definition = chain("a");
        const id = await create(definition);
        const old = row(id, definition);
        await insert(old);
        await runAll();
        const other = row(id, definition);
        await insert(other);
        const { instanceId } = old;
        await world.transaction(async (tx) => {
          await store.lockInstance(tx, instanceId);
          const tasks = [{ taskInstanceId: idOf(old, "a"), waiting: 0 }];
          await store.reopen(tx, { instanceId, gated: true, tasks, marked: null });
        });
        const first = await claimOne();
        expect(first.instanceId).toBe(other.instanceId);
        expect(await store.claim(alice, 1)).toEqual([]);
        await store.record([settlement(first)]);
        await advance();
        expect(await store.openGates()).toBe(1);
        expect((await claimOne()).instanceId).toBe(instanceId);
      });

      test("whose queue is gone goes to the default queue", async () => {
        await world.transaction((tx) => store.insertQueue(tx, "gone", { concurrency: 1 }));
        const tasks = [taskDefinition("a", { queue: "gone" })];
        const instance = await submitted(workflowDefinition("w", { tasks }));
        const { instanceId } = instance;
        await runAll();
        await world.transaction(async (tx) => {
          await store.deleteQueue(tx, "gone");
          await store.lockInstance(tx, instanceId);
          const opened = [{ taskInstanceId: idOf(instance, "a"), waiting: 0 }];
          await store.reopen(tx, { instanceId, gated: false, tasks: opened, marked: null });
        });
        expect((await claimOne()).instanceId).toBe(instanceId);
      });

      test("a new one whose version names a queue that is gone, too", async () => {
        const tasks = [taskDefinition("a", { queue: "never was" })];
        const instance = await submitted(workflowDefinition("w", { tasks }));
        expect((await claimOne()).instanceId).toBe(instance.instanceId);
      });

      test("one that was only a row makes room for one with tasks", async () => {
        const definition = chain("a");
        const workflowId = await create(definition);
        const interval = { start: minute(0), end: minute(1) };
        const trigger = "SCHEDULE" as const;
        const run = plainRun({
          workflowId,
          version: 1,
          definition,
          trigger,
          interval,
          request: {},
        });
        const missed = skippedInstance(run, systemRandom, "MISSED");
        await insert(missed);
        const { instanceId } = missed;
        const resolved = resolveRun({ ...run, instanceId }, claimOf, systemRandom);
        await world.transaction(async (tx) => {
          expect(await store.lockInstance(tx, instanceId)).toMatchObject({
            open: false,
            tasks: [],
          });
          expect(await store.readVersion(tx, workflowId, 1)).toEqual(definition);
          expect(await store.readVersion(tx, workflowId, 2)).toBeNull();
          await store.forgetEnded(tx, instanceId);
          await store.insertInstances(tx, [newInstance(resolved, systemRandom)]);
        });
        expect((await claimOne()).instanceId).toBe(instanceId);
      });
    });

    describe("gateways", () => {
      test("a lease that has run out is never revived", async () => {
        expect(await store.heartbeat(alice, lease)).toBe(true);
        await world.setClock(instant(noon + lease));
        expect(await store.heartbeat(alice, lease)).toBe(false);
        expect(await store.heartbeat(asId<GatewayId>("nobody"), lease)).toBe(false);
      });

      test("work without a lease is found, taken over once, and its holder is fenced", async () => {
        const instance = await submitted(workflowDefinition("w"));
        const task = await claimOne();
        expect(await store.lostTasks(10)).toEqual([]);
        await store.expire([alice]);
        const lost = await store.lostTasks(10);
        const { taskInstanceId, token } = task;
        expect(lost).toEqual([{ taskInstanceId, token, backend: null }]);
        expect(await store.takeOver(lost)).toBe(1);
        expect(await store.takeOver(lost)).toBe(0);
        const zombie = world.transaction((tx) => store.settle(tx, settlement(task)));
        await expect(zombie).rejects.toThrow(FencedError);
        await store.record([settlement(task)]);
        expect(await store.attachBackend(task.taskInstanceId, task.token, 1)).toBe(false);
        expect(await advance()).toMatchObject({ ended: [], count: 1 });
        const next = await claimOne(bob);
        expect(next.attempt).toBe(2);
        expect(next.token).toBeGreaterThan(token + 1);
        expect(await find(instance)).toBe("RUNNING");
      });

      test("work under a live lease is not taken", async () => {
        await submitted(workflowDefinition("w"));
        const { taskInstanceId, token } = await claimOne();
        expect(await store.takeOver([{ taskInstanceId, token, backend: null }])).toBe(0);
      });

      test("the backend that works for a task is remembered for the takeover", async () => {
        await submitted(workflowDefinition("w"));
        const task = await claimOne();
        await world.transaction(async (tx) => {
          const { taskInstanceId, token } = task;
          expect(await store.attachBackend(taskInstanceId, token + 1, tx.backendPid)).toBe(false);
          expect(await store.attachBackend(taskInstanceId, token, tx.backendPid)).toBe(true);
          await store.expire([alice]);
          expect((await store.lostTasks(1))[0]?.backend?.pid).toBe(tx.backendPid);
        });
      });

      test("gateways are known by host, and forgotten when they hold nothing", async () => {
        await submitted(workflowDefinition("w"));
        await claimOne(alice);
        await store.expire([alice, bob]);
        await store.forgetGateways();
        expect(await store.gatewaysOn("h")).toMatchObject([{ gatewayId: alice, pid: 1 }]);
        expect(await store.gatewaysOn("elsewhere")).toEqual([]);
      });
    });

    test("an instance that never was is not found", async () => {
      expect(await store.find(asId<InstanceId>("0"))).toBeNull();
    });

    test("nothing to do is nothing done", async () => {
      expect(await store.advance(10, planAdvance, instanceEnd)).toEqual({
        ended: [],
        count: 0,
        more: false,
      });
      expect(await store.claim(alice, 10)).toEqual([]);
      await store.record([]);
      await store.saveProgress(asId<TaskInstanceId>("0"), 1, 2, "note");
    });
  });
}
