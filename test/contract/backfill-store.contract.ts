// What every BackfillStore must do, one promise a test; on PostgreSQL and in memory alike.

import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { systemRandom } from "../../src/common/clock.ts";
import { asId, type GatewayId, type InstanceId, type WorkflowId } from "../../src/common/ids.ts";
import { dataInterval, instant, seconds } from "../../src/common/time.ts";
import type { NewBackfill } from "../../src/scheduler/backfill-runs.ts";
import { instanceEnd, planAdvance } from "../../src/scheduler/durable/advance-plan.ts";
import type { DueBackfill } from "../../src/scheduler/durable/backfill-store.ts";
import { instancesOf } from "../../src/scheduler/durable/backfill-work.ts";
import { DurableBackfills } from "../../src/scheduler/durable/durable-backfills.ts";
import type { Settlement, WorkflowStore } from "../../src/scheduler/durable/store.ts";
import { claimOf, taskDefinition, workflowDefinition } from "../scheduler/harness.ts";
import type { StoreUnderTest } from "./workflow-store.contract.ts";

const noon = instant(Date.UTC(2026, 0, 1, 12));
const alice = asId<GatewayId>("alice");
const wf = asId<WorkflowId>("wf");
const hour = (n: number) => instant(noon + n * 3_600_000);
type Outcome = Settlement["outcome"];
const succeeded: Outcome = { kind: "succeeded" };
const failure = { kind: "failed", code: "X", message: "m", retryable: false } as const;

export function backfillStoreContract(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`a store of backfills: ${name}`, () => {
    let world: StoreUnderTest;
    let store: WorkflowStore;
    let runs: DurableBackfills;
    const made = make().then((value) => {
      world = value;
      store = value.store;
      runs = new DurableBackfills(store, systemRandom);
    });

    beforeEach(async () => {
      await made;
      await world.clear();
      await world.setClock(noon);
      await store.register({ gatewayId: alice, host: "h", pid: 1, version: "0" }, seconds(3600));
      await define(wf, "user");
    });
    afterAll(() => world.close());

    async function define(id: WorkflowId, kind: "user" | "table"): Promise<void> {
      const definition = workflowDefinition(id, { kind, tasks: [taskDefinition("main")] });
      await world.transaction((tx) => store.insertWorkflow(tx, id, definition));
    }

    function backfill(total: number, parts: Partial<NewBackfill> = {}): Promise<string> {
      const intervals = Array.from({ length: total }, (_, n) => ({
        interval: dataInterval(hour(n), hour(n + 1)),
        partition: null,
        reason: null,
      }));
      const plain: NewBackfill = {
        workflowId: wf,
        range: { from: "a", to: "b" },
        period: dataInterval(hour(0), hour(total)),
        parallelism: 1,
        queue: null,
        exclusive: true,
        throttled: false,
        variables: {},
        request: {},
        options: {},
        parent: null,
        intervals,
      };
      return world.transaction((tx) => runs.create(tx, { ...plain, ...parts }));
    }

    const step = () =>
      store.stepBackfills(10, (due, now) =>
        instancesOf(due, now, { claimOf, random: systemRandom }),
      );

    async function settle(): Promise<void> {
      while ((await step()).more);
    }

    /** Runs what can be claimed to its end; gives the ordinals' outcomes as asked for. */
    async function work(outcome: Outcome = succeeded): Promise<number> {
      const held = await store.claim(alice, 50);
      const settlements = held.map(({ taskInstanceId, token }) => ({
        taskInstanceId,
        token,
        outcome,
        detail: null,
      }));
      await store.record(settlements);
      while ((await store.advance(100, planAdvance, instanceEnd)).count > 0);
      return held.length;
    }

    async function figures(id: string): Promise<string> {
      const found = await store.findBackfill(id);
      if (found === null) return "";
      const { status, ended, pending, open, successful, failed, skipped, canceled } = found;
      return [status, ended, pending, open, successful, failed, skipped, canceled].join(" ");
    }

    test("keeps as many instances open as it may, in order, and ends", async () => {
      const id = await backfill(5, { parallelism: 2 });
      const seen: number[] = [];
      const make = (due: DueBackfill) => {
        seen.push(...due.intervals.map(({ ordinal }) => ordinal));
        return instancesOf(due, noon, { claimOf, random: systemRandom });
      };
      expect(await store.stepBackfills(10, make)).toMatchObject({ made: 2, more: true });
      expect(await store.stepBackfills(10, make)).toMatchObject({ made: 0, more: false });
      expect(await figures(id)).toBe("RUNNING false 3 2 0 0 0 0");
      await work();
      expect(await store.stepBackfills(10, make)).toMatchObject({ made: 2 });
      await work();
      await settle();
      await work();
      await settle();
      expect(seen).toEqual([0, 1, 2, 3]);
      expect(await figures(id)).toBe("SUCCESSFUL true 0 0 5 0 0 0");
    });

    test("a step that fails leaves nothing behind", async () => {
      const id = await backfill(2);
      const fail = () => {
        throw new Error("killed");
      };
      await expect(store.stepBackfills(10, fail)).rejects.toThrow("killed");
      expect(await figures(id)).toBe("RUNNING false 2 0 0 0 0 0");
    });

    test("an interval with a reason is skipped at once; that alone is no failure", async () => {
      const skipped = { interval: null, partition: "k=1", reason: "frozen" };
      const id = await backfill(0, { intervals: [skipped], period: null });
      expect(await figures(id)).toBe("RUNNING false 0 0 0 0 1 0");
      await settle();
      expect(await figures(id)).toBe("SUCCESSFUL true 0 0 0 0 1 0");
    });

    test("failed intervals make it FAILED; retried, they alone are made again", async () => {
      const id = await backfill(2, { parallelism: 2 });
      await settle();
      await work(failure);
      await settle();
      expect(await figures(id)).toBe("FAILED true 0 0 0 2 0 0");
      await world.transaction((tx) => runs.retryFailed(tx, id));
      expect(await figures(id)).toBe("RUNNING false 2 0 0 0 0 0");
      await settle();
      await work();
      await settle();
      expect(await figures(id)).toBe("SUCCESSFUL true 0 0 2 0 0 0");
    });

    test("paused, ends are noted and nothing is made", async () => {
      const id = await backfill(3);
      await settle();
      await world.transaction((tx) => runs.pause(tx, id));
      await work();
      await settle();
      expect(await figures(id)).toBe("PAUSED false 2 0 1 0 0 0");
      await world.transaction((tx) => runs.resume(tx, id));
      await settle();
      expect(await figures(id)).toBe("RUNNING false 1 1 1 0 0 0");
    });

    test("canceled, the open ones have a wish to end, the others are skipped", async () => {
      const id = await backfill(3);
      await settle();
      await world.transaction((tx) => runs.cancel(tx, id));
      expect(await figures(id)).toBe("CANCELED false 0 1 0 0 2 0");
      expect(await store.claim(alice, 10)).toEqual([]);
      await store.applyCancels(alice);
      await work();
      await settle();
      expect(await figures(id)).toBe("CANCELED true 0 0 0 0 2 1");
      await expect(world.transaction((tx) => runs.cancel(tx, id))).rejects.toMatchObject({
        code: "BF-ENDED",
      });
    });

    test("a dropped workflow gives up what has not begun", async () => {
      const id = await backfill(3);
      await settle();
      await world.transaction((tx) => store.deleteWorkflow(tx, wf));
      await settle();
      expect(await figures(id)).toBe("CANCELED false 0 1 0 0 2 0");
      await store.applyCancels(alice);
      await work();
      await settle();
      expect(await figures(id)).toBe("CANCELED true 0 0 0 0 2 1");
    });

    test("a higher level waits for the lower ones, and is given up with them", async () => {
      const root = await backfill(1);
      await define(asId<WorkflowId>("child"), "table");
      const workflowId = asId<WorkflowId>("child");
      const child = await backfill(2, { workflowId, parent: { id: root, level: 1 } });
      await settle();
      expect(await figures(child)).toBe("PENDING false 2 0 0 0 0 0");
      await work(failure);
      await settle();
      expect(await figures(root)).toBe("FAILED true 0 0 0 1 0 0");
      expect(await figures(child)).toBe("FAILED true 0 0 0 0 2 0");
      await expect(world.transaction((tx) => runs.retryFailed(tx, child))).rejects.toMatchObject({
        code: "BF-NOT-FAILED",
      });
      await world.transaction((tx) => runs.retryFailed(tx, root));
      expect(await figures(child)).toBe("PENDING false 2 0 0 0 0 0");
      await settle();
      await work();
      await settle();
      expect(await figures(child)).toBe("RUNNING false 1 1 0 0 0 0");
    });

    test("ranges of exclusive ones may not meet while one is open", async () => {
      const first = await backfill(2);
      await expect(backfill(1)).rejects.toMatchObject({ code: "BF-OVERLAP" });
      const apart = dataInterval(hour(2), hour(3));
      await backfill(1, { period: apart, intervals: [] });
      await backfill(2, { exclusive: false });
      await expect(
        backfill(0, {
          period: null,
          intervals: [{ interval: null, partition: "k=1", reason: null }],
        }),
      ).rejects.toMatchObject({ code: "BF-OVERLAP" });
      await world.transaction((tx) => runs.cancel(tx, first));
      await backfill(2);
    });

    test("values overlap where they are the same", async () => {
      const value = (partition: string | null) => ({
        period: null,
        intervals: [{ interval: null, partition, reason: null }],
      });
      await backfill(0, value("k=1"));
      await backfill(0, value("k=2"));
      await expect(backfill(0, value("k=2"))).rejects.toMatchObject({ code: "BF-OVERLAP" });
      await expect(backfill(0, value(null))).rejects.toMatchObject({ code: "BF-OVERLAP" });
    });

    test("throttled, nothing is made until nine times what it ran have passed", async () => {
      const id = await backfill(2, { throttled: true });
      await settle();
      const held = await store.claim(alice, 1);
      await world.setClock(instant(noon + 10_000));
      const [task] = held;
      if (task === undefined) throw new Error("nothing was claimed");
      const { taskInstanceId, token } = task;
      await store.record([{ taskInstanceId, token, outcome: succeeded, detail: null }]);
      await store.advance(10, planAdvance, instanceEnd);
      await settle();
      expect(await figures(id)).toBe("RUNNING false 1 0 1 0 0 0");
      expect(await step()).toEqual({ made: 0, more: false, nextIn: 90_000 });
      await world.setClock(instant(noon + 100_000));
      expect(await step()).toMatchObject({ made: 1 });
    });

    test("an instance that runs already is adopted, and its end noted", async () => {
      const instanceId = asId<InstanceId>("already");
      const interval = { interval: null, partition: "", reason: null, instanceId };
      const id = await backfill(0, { period: null, intervals: [interval] });
      expect(await figures(id)).toBe("RUNNING false 0 1 0 0 0 0");
      // It never was: that counts as a failure, and nothing stands still.
      await settle();
      expect(await figures(id)).toBe("FAILED true 0 0 0 1 0 0");
    });

    test("a row that somebody holds is passed over", async () => {
      const id = await backfill(1);
      await world.transaction(async (tx) => {
        await store.lockBackfill(tx, id);
        expect(await step()).toMatchObject({ made: 0, more: false });
      });
      expect(await step()).toMatchObject({ made: 1 });
    });
  });
}
