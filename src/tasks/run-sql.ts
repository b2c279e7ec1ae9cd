// The statement of an EXECUTE task. It runs in a transaction of its own, whose last statement
// records the outcome under the task's fence: the work is done exactly when the task is SUCCESSFUL,
// wherever a gateway or the database dies. A statement that PostgreSQL takes only outside of a
// transaction (VACUUM, CREATE INDEX CONCURRENTLY, CALL of a procedure that commits) needs
// 'transactional' = 'false', which gives that up: its outcome is recorded after it, and an attempt
// that was lost in between ends the task FAILED, for nobody knows what was done.

import type { Session } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import type {
  ClaimedTask,
  TaskContext,
  TaskOutcome,
  TaskRunner,
} from "../scheduler/task-runner.ts";
import { commitFailureOf, failureOf } from "./task-failure.ts";
import { inTaskSession, statementOf, type TaskSqlServices } from "./task-session.ts";

/** The action of an EXECUTE task. */
export interface ExecuteSqlAction {
  readonly type: "execute-sql";
  /** One statement, with references to variables. */
  readonly text: string;
  readonly transactional: boolean;
}

export class RunSql implements TaskRunner {
  readonly #services: TaskSqlServices;

  constructor(services: TaskSqlServices) {
    this.#services = services;
  }

  async run(task: ClaimedTask, context: TaskContext): Promise<TaskOutcome> {
    const { text, transactional } = task.action as unknown as ExecuteSqlAction;
    const progress = { committing: false };
    try {
      const statement = statementOf(task, text);
      return await inTaskSession(this.#services, task, context, async (session, stopWatching) => {
        if (transactional) await session.execute(sql`BEGIN`);
        const { rows } = await session.run(statement);
        const outcome = succeeded(rows);
        if (transactional) await session.execute(sql`SET CONSTRAINTS ALL IMMEDIATE`);
        else await session.execute(sql`BEGIN`);
        await stopWatching();
        if (transactional) context.signal.throwIfAborted();
        await settle(session, context, outcome);
        progress.committing = true;
        await session.execute(sql`COMMIT`);
        return outcome;
      });
    } catch (error) {
      if (progress.committing) return commitFailureOf(error, context.signal);
      return failureOf(error, context.signal);
    }
  }
}

function succeeded(rows: number | null): TaskOutcome {
  if (rows === null) return { kind: "succeeded" };
  return { kind: "succeeded", detail: rows === 1 ? "1 row" : `${rows} rows` };
}

/** As ourselves again, whatever the statement has set. */
async function settle(session: Session, context: TaskContext, outcome: TaskOutcome): Promise<void> {
  await session.execute(sql`SET SESSION AUTHORIZATION DEFAULT`);
  await session.execute(sql`RESET ROLE`);
  await session.execute(sql`SET LOCAL search_path = pg_catalog, pg_temp`);
  await context.settle(session, outcome);
}
