// Users who rerun, mark, skip and cancel at random while two schedulers work on the same instances,
// on a real database: nobody waits for nobody in a circle, everything comes to an end, and what is
// counted is what is there.

import { afterAll, beforeAll, expect, test } from "vitest";
import { systemRandom } from "../../src/common/clock.ts";
import { GatewayError } from "../../src/common/gateway-error.ts";
import type { InstanceId } from "../../src/common/ids.ts";
import { RecordingRunner, taskDefinition, type TestScheduler, testScheduler } from "./harness.ts";
import { Scripted } from "./scripted.ts";

let s: Scripted;
let other: TestScheduler;

beforeAll(async () => {
  s = await Scripted.start();
  other = testScheduler(s.db.url, new RecordingRunner());
  await other.scheduler.start();
});
afterAll(async () => {
  await other.close();
  await s.close();
});

const pick = <T>(values: readonly [T, ...T[]]): T =>
  values[Math.floor(systemRandom.fraction() * values.length)] ?? values[0];

async function oneWish(id: InstanceId): Promise<void> {
  const task = pick(["a", "b", "c", "d"]);
  const { scheduler } = s;
  await s.inTx(async (tx) => {
    switch (pick(["rerun", "mark", "skip", "cancel"])) {
      case "rerun":
        return scheduler.rerun(tx, id, pick([{ kind: "all" }, { kind: "failed" }]));
      case "mark":
        return scheduler.markTask(tx, id, task);
      case "skip":
        return scheduler.skipTask(tx, id, task);
      default:
        await scheduler.cancel(tx, id);
    }
  });
}

test("many hands at the same instances", async () => {
  const tasks = [
    taskDefinition("a"),
    taskDefinition("b", { upstream: ["a"] }),
    taskDefinition("c", { upstream: ["a"] }),
    taskDefinition("d", { upstream: ["b", "c"] }),
  ];
  const ids: InstanceId[] = [];
  for (let n = 0; n < 5; n++) ids.push(await s.submit(await s.create(s.chain([], { tasks }))));
  const surprises: unknown[] = [];
  const user = async () => {
    for (let n = 0; n < 20; n++) {
      await oneWish(pick(ids as [InstanceId, ...InstanceId[]])).catch((error: unknown) => {
        if (!(error instanceof GatewayError)) surprises.push(error);
      });
    }
  };
  await Promise.all([user(), user(), user(), user()]);
  for (const id of ids) await s.ended(id);
  expect(surprises).toEqual([]);
  expect(other.errors).toEqual([]);
  expect(await s.db.query("SELECT * FROM sluice_private.task_instances")).toEqual([]);
  expect(await s.db.query("SELECT * FROM sluice_private.cancel_requests")).toEqual([]);
  const counts = await s.db.query(`
    SELECT workflow FROM sluice.workflows w
    WHERE pending + running + successful + failed <> (
      SELECT count(*) FROM sluice.workflow_instances i
      WHERE i.workflow_id = w.workflow_id AND i.status NOT IN ('CANCELED', 'SKIPPED'))`);
  expect(counts).toEqual([]);
});
