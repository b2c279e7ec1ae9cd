// Flink's scheduler endpoints: names, idempotence and sentences, over the memory store.

import { beforeEach, expect, test } from "vitest";
import { systemRandom } from "../../../src/common/clock.ts";
import type { GatewayError } from "../../../src/common/gateway-error.ts";
import { instant } from "../../../src/common/time.ts";
import { WorkflowStatements } from "../../../src/scheduler/durable/workflow-statements.ts";
import type { Scheduler } from "../../../src/scheduler/scheduler.ts";
import { type OwnPipeline, WorkflowScheduler } from "../../../src/scheduler/workflow-scheduler.ts";
import { MemoryDatabase } from "../../fakes/memory-database.ts";
import { memoryWorkflowStore } from "../../fakes/memory-workflow-store.ts";
import { claimOf, taskDefinition, workflowDefinition } from "../../scheduler/harness.ts";

const identifier = "`mt`.`db`.`w9`";
const name = `quartz_job_${identifier}`;
const handle = { workflowName: name, workflowGroup: "default_group" };
const unknown = { workflowName: "nope", workflowGroup: "default_group" };
const none = new Map<string, string>();

let database: MemoryDatabase;
let flink: WorkflowScheduler;
const own: string[] = [];

beforeEach(() => {
  database = new MemoryDatabase(() => instant(Date.UTC(2026, 0, 1)));
  own.length = 0;
  const store = memoryWorkflowStore(database);
  const statements = new WorkflowStatements({ store, random: systemRandom, claimOf });
  const scheduler: Pick<
    Scheduler,
    "createWorkflow" | "enable" | "disable" | "alterWorkflow" | "dropWorkflow"
  > = {
    createWorkflow: (tx, definition) => statements.create(tx, definition),
    enable: (tx, id) => statements.enable(tx, id),
    disable: (tx, id) => statements.disable(tx, id),
    alterWorkflow: (tx, id, definition) => statements.alter(tx, id, definition),
    dropWorkflow: (tx, id) => statements.drop(tx, id),
  };
  const pipeline: OwnPipeline = {
    suspend: async () => void own.push("suspend"),
    resume: async (options) => void own.push(`resume ${[...options].join()}`),
  };
  flink = new WorkflowScheduler({
    scheduler: scheduler as Scheduler,
    transaction: (body) => database.transaction(body),
    async findWorkflow(tx, wanted) {
      const id = await store.findWorkflow(tx, "public", wanted);
      const workflow = id === null ? null : await store.lockWorkflow(tx, id);
      return workflow === null
        ? null
        : { id: workflow.workflowId, definition: workflow.definition };
    },
    definitionOf: ({ cronExpression }, wanted) =>
      workflowDefinition(wanted, {
        schedule: { kind: "cron", expression: cronExpression ?? "" },
        tasks: [taskDefinition("refresh")],
      }),
    withOptions: (definition, options) => ({
      ...definition,
      tasks: [taskDefinition("refresh", { action: Object.fromEntries(options) })],
    }),
    ownPipeline: async (wanted) => (wanted === "`mt`.`db`.`ours`" ? pipeline : null),
  });
});

function create(cronExpression: string | null, of: string | null = identifier) {
  return flink.create({
    materializedTableIdentifier: of,
    cronExpression,
    initConfig: none,
    executionConfig: none,
    restEndpointUrl: "http://127.0.0.1:8083",
  });
}

async function flinkText(attempt: Promise<unknown>): Promise<string | undefined> {
  return attempt.then(
    () => "accepted",
    (error: GatewayError) => error.flink?.text,
  );
}

const stored = () => [...database.tables.workflows.values()][0];

test("create names the workflow and enables it", async () => {
  expect(await create("0 0 0/1 * * ? *")).toEqual(handle);
  expect(stored()).toMatchObject({ enabled: true, definition: { name } });
  expect(stored()?.nextDueAt).toBe(Date.UTC(2026, 0, 1, 1));
});

test("Flink's sentences", async () => {
  await create("0 0 0/1 * * ? *");
  expect(await flinkText(create("0 0 0/1 * * ? *"))).toBe(
    `Materialized table ${identifier} quartz schedule job already exist, job info: default_group.${name}.`,
  );
  expect(await flinkText(create("every hour"))).toBe("CronExpression 'every hour' is invalid.");
  expect(await flinkText(create("0 2 * * *"))).toBe("CronExpression '0 2 * * *' is invalid.");
  expect(await flinkText(create(null))).toBe("cronExpression cannot be null");
  expect(await flinkText(flink.suspend(unknown))).toBe(
    "Failed to suspend a non-existent quartz schedule job: default_group.nope.",
  );
  expect(await flinkText(flink.resume(unknown, none))).toBe(
    "Failed to resume a non-existent quartz schedule job: default_group.nope.",
  );
  const nameless = { workflowName: null, workflowGroup: null };
  expect(await flinkText(flink.suspend(nameless))).toBe("Name cannot be null.");
  expect(await flinkText(flink.remove(unknown))).toBe("accepted");
  expect(await create("0 0 0/1 * * ? *", null)).toMatchObject({ workflowName: "quartz_job_null" });
});

test("suspend and resume are idempotent; resume with options makes a new version", async () => {
  await create("0 0 0/1 * * ? *");
  await flink.suspend(handle);
  await flink.suspend(handle);
  expect(stored()).toMatchObject({ enabled: false, nextDueAt: null, version: 1 });
  await flink.resume(handle, none);
  await flink.resume(handle, new Map([["a", "b"]]));
  expect(stored()).toMatchObject({
    enabled: true,
    version: 2,
    definition: { tasks: [{ action: { a: "b" } }] },
  });
  await flink.remove(handle);
  await flink.remove(handle);
  expect(stored()).toBeUndefined();
});

test("the handle of a table of ours is its own pipeline", async () => {
  const ours = { workflowName: "quartz_job_`mt`.`db`.`ours`", workflowGroup: "default_group" };
  await flink.suspend(ours);
  await flink.resume(ours, new Map([["a", "b"]]));
  expect(own).toEqual(["suspend", "resume a,b"]);
  await expect(flink.remove(ours)).rejects.toMatchObject({ code: "WF-TABLE-OWNED" });
  await expect(create("0 0 0/1 * * ? *", "`mt`.`db`.`ours`")).rejects.toMatchObject({
    code: "WF-EXISTS",
  });
});
