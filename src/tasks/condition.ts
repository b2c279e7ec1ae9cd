// A task with a condition: its query is asked first, in a transaction that can only read. False,
// NULL or no row end the task SKIPPED, with detail CONDITION, and what comes after it goes on; an
// error of the query is a failed attempt. Otherwise the task runs as if it had none.

import { sql, trusted } from "../common/sql.ts";
import type {
  ClaimedTask,
  TaskContext,
  TaskOutcome,
  TaskRunner,
} from "../scheduler/task-runner.ts";
import { failureOf } from "./task-failure.ts";
import { inTaskSession, statementOf, type TaskSqlServices } from "./task-session.ts";

export class RunConditionally implements TaskRunner {
  readonly #services: TaskSqlServices;
  readonly #runner: TaskRunner;

  /** `runner` does what the task is about. */
  constructor(services: TaskSqlServices, runner: TaskRunner) {
    this.#services = services;
    this.#runner = runner;
  }

  async run(task: ClaimedTask, context: TaskContext): Promise<TaskOutcome> {
    if (task.condition !== null) {
      try {
        const holds = await this.#holds(task, task.condition, context);
        if (!holds) return { kind: "skipped", reason: "CONDITION" };
      } catch (error) {
        return failureOf(error, context.signal);
      }
    }
    return this.#runner.run(task, context);
  }

  #holds(task: ClaimedTask, condition: string, context: TaskContext): Promise<boolean> {
    const query = trusted(statementOf(task, condition));
    return inTaskSession(this.#services, task, context, async (session) => {
      await session.execute(sql`BEGIN READ ONLY`);
      // One query was read by PostgreSQL's grammar when the task was made; its last line may be a
      // comment.
      const rows = await session.query<{ holds: boolean | null }>(sql`
        SELECT condition.holds::boolean AS holds FROM (${query}
        ) AS condition (holds) LIMIT ${1}`);
      return rows[0]?.holds === true;
    });
  }
}
