// A scheduler on a real database whose tasks do what a test says: outcomes to come by the name of
// the task, tasks whose name begins with `hang` until they are released or aborted.

import type { InstanceId, WorkflowId } from "../../src/common/ids.ts";
import type { Tx } from "../../src/common/pg.ts";
import { sql } from "../../src/common/sql.ts";
import type { NewInstance, RerunSpec, WorkflowDefinition } from "../../src/scheduler/scheduler.ts";
import type { ClaimedTask, TaskContext, TaskOutcome } from "../../src/scheduler/task-runner.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import {
  nowInterval,
  RecordingRunner,
  taskDefinition,
  type TestScheduler,
  testScheduler,
  until,
  workflowDefinition,
} from "./harness.ts";

export const failed: TaskOutcome = {
  kind: "failed",
  code: "XX001",
  message: "broken",
  retryable: false,
};

export class Scripted {
  readonly db: TestDatabase;
  readonly scheduler: TestScheduler["scheduler"];
  /** Outcomes to come, by task; then success. */
  readonly outcomes = new Map<string, TaskOutcome[]>();
  readonly ran: string[] = [];
  readonly claimed: ClaimedTask[] = [];
  readonly #running: TestScheduler;
  readonly #release = new Map<string, () => void>();
  #serial = 0;

  private constructor(db: TestDatabase) {
    this.db = db;
    const runner = new RecordingRunner((task, context) => this.#run(task, context));
    this.#running = testScheduler(db.url, runner);
    this.scheduler = this.#running.scheduler;
  }

  static async start(): Promise<Scripted> {
    const scripted = new Scripted(await testDatabase());
    await scripted.scheduler.start();
    return scripted;
  }

  async close(): Promise<void> {
    await this.#running.close();
    await this.db.close();
  }

  async #run(task: ClaimedTask, { signal }: TaskContext): Promise<TaskOutcome> {
    this.ran.push(task.task);
    this.claimed.push(task);
    if (task.task.startsWith("hang")) {
      await new Promise<void>((resolve) => {
        this.#release.set(task.task, resolve);
        signal.addEventListener("abort", () => resolve());
      });
      if (signal.aborted) return { kind: "canceled", reason: String(signal.reason) };
    }
    return this.outcomes.get(task.task)?.shift() ?? { kind: "succeeded" };
  }

  /** Waits until the task hangs; what is given lets it go on, once. */
  async hangs(task: string): Promise<() => void> {
    const go = await until(`${task} runs`, () => this.#release.get(task));
    this.#release.delete(task);
    return go;
  }

  inTx<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
    return this.db.database.transaction(body);
  }

  create(definition: WorkflowDefinition): Promise<WorkflowId> {
    return this.inTx((tx) => this.scheduler.createWorkflow(tx, definition));
  }

  submit(workflowId: WorkflowId, parts: Partial<NewInstance> = {}): Promise<InstanceId> {
    const run = { workflowId, trigger: "MANUAL" as const, interval: nowInterval(), request: {} };
    return this.inTx((tx) => this.scheduler.submit(tx, { ...run, ...parts }));
  }

  rerun(id: InstanceId, what: RerunSpec): Promise<void> {
    return this.inTx((tx) => this.scheduler.rerun(tx, id, what));
  }

  /** How an instance ended: status and detail. */
  async ended(id: InstanceId): Promise<string> {
    const state = await this.scheduler.awaitEnd(id, AbortSignal.timeout(10_000));
    return [state.status, state.detail].filter((word) => word !== null).join(" ");
  }

  /** `a SUCCESSFUL 1/2`: attempt of attempts, with the detail. */
  async tasksOf(id: InstanceId): Promise<string[]> {
    const rows = await this.db.query<{ text: string }>(sql`
      SELECT concat_ws(' ', task, status, detail, attempt || '/' || attempts) AS text
      FROM sluice.task_instances WHERE instance_id = ${id} ORDER BY task`);
    return rows.map((row) => row.text);
  }

  /** A workflow of its own name, each task after the one before it. */
  chain(tasks: readonly string[], parts: Partial<WorkflowDefinition> = {}): WorkflowDefinition {
    this.#serial += 1;
    const definitions = tasks.map((name, n) =>
      taskDefinition(name, { upstream: n === 0 ? [] : tasks.slice(n - 1, n) }),
    );
    return workflowDefinition(`w${this.#serial}`, { tasks: definitions, ...parts });
  }
}
