// The connection on which the statement of a user's task runs: one of the refreshes' pool, with the
// workflow's database as its search_path and the workflow's zone, ended from outside when the task
// is canceled or takes too long, and closed afterwards, whatever the statement left in it.

import type { Session, WorkDatabase } from "../common/pg.ts";
import { ident, literal, sql, type Sql } from "../common/sql.ts";
import { substituteSql } from "../scheduler/variables/substitute-sql.ts";
import { attemptVariable } from "../scheduler/variables/system-variables.ts";
import type { ClaimedTask, TaskContext } from "../scheduler/task-runner.ts";
import { serverZone } from "../common/server-zone.ts";

export interface TaskSqlServices {
  readonly work: WorkDatabase;
  /**
   * From the abort on, cancels what backend `pid` runs until stopped; `stop` resolves when no
   * cancel is on its way any more.
   */
  readonly watchForAbort: (pid: number, signal: AbortSignal) => { stop(): Promise<void> };
}

/** The session's settings are the task's; `stopWatching` is to be called before COMMIT. */
export type SessionBody<T> = (session: Session, stopWatching: () => Promise<void>) => Promise<T>;

/** Rejects with FencedError if the task was taken over, with what the body rejects with. */
export function inTaskSession<T>(
  { work, watchForAbort }: TaskSqlServices,
  task: ClaimedTask,
  context: TaskContext,
  body: SessionBody<T>,
): Promise<T> {
  return work.session(async (session) => {
    await context.attachBackend(session.backendPid);
    const watch = watchForAbort(session.backendPid, context.signal);
    try {
      for (const setting of settingsOf(task)) await session.execute(setting);
      context.signal.throwIfAborted();
      return await body(session, () => watch.stop());
    } finally {
      await watch.stop();
    }
  });
}

/** The text as it runs in this attempt. Throws WF-VARIABLE. */
export function statementOf(task: ClaimedTask, text: string): string {
  return substituteSql(text, { ...task.variables, [attemptVariable]: String(task.attempt) });
}

function settingsOf({ database, timeZone, workflow, task }: ClaimedTask): readonly Sql[] {
  const name = `sluice task ${workflow}.${task}`.slice(0, 63);
  return [
    sql`SET search_path = ${ident(database)}`,
    sql`SET TimeZone = ${literal(serverZone(timeZone))}`,
    // Values of variables are put into strings by its rules.
    sql`SET standard_conforming_strings = on`,
    sql`SET application_name = ${literal(name)}`,
  ];
}
