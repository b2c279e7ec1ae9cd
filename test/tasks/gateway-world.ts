// A gateway with a database, and statements sent to it as users send them; what became of a run is
// read from the views.

import { sql } from "../../src/common/sql.ts";
import type { TestDatabase } from "../support/database.ts";
import { type TestGateway, testGateway } from "../support/gateway.ts";
import { openSession, submit } from "../support/rest.ts";
import { until } from "../support/until.ts";

/** How a task ended: `STATUS detail code`, and the words of its error. */
export interface TaskEnd {
  readonly line: string;
  readonly error: string | null;
  readonly attempts: number;
}

export interface GatewayWorld {
  readonly gateway: TestGateway;
  readonly db: TestDatabase;
  /** First field of the first row; rejects with what the gateway says. */
  statement(text: string): Promise<unknown>;
  /** A workflow of these tasks, made, run once and awaited; gives the instance's id. */
  runOnce(name: string, tasks: string, clauses?: string): Promise<string>;
  /** EXECUTE WORKFLOW with what follows the name; gives the id. */
  execute(text: string): Promise<string>;
  ended(instance: string): Promise<void>;
  /** Of an instance that has ended. */
  task(instance: string, name: string): Promise<TaskEnd>;
  /** The first column of a query, one line each. */
  lines(query: string): Promise<string[]>;
  close(): Promise<void>;
}

export async function openGatewayWorld(
  options: Readonly<Record<string, string>> = {},
): Promise<GatewayWorld> {
  const gateway = await testGateway({ options });
  const db = gateway.database;
  const session = await openSession(gateway.url);
  const statement = async (text: string) => {
    const fetch = await submit(gateway.url, session, text);
    const page = await fetch();
    if (page.errors !== undefined) throw new Error(page.errors.join("\n"));
    return page.results?.data[0]?.fields[0];
  };
  const ended = async (instance: string) => {
    await until(async () => {
      const rows = await db.query(sql`
        SELECT FROM sluice.workflow_instances
        WHERE instance_id = ${instance} AND finished_at IS NOT NULL`);
      return rows.length > 0;
    });
  };
  const execute = async (text: string) => String(await statement(`EXECUTE WORKFLOW ${text}`));
  return {
    gateway,
    db,
    statement,
    ended,
    execute,
    async runOnce(name, tasks, clauses = "") {
      await statement(`CREATE WORKFLOW ${name} ${clauses} TASKS (${tasks})`);
      const instance = await execute(name);
      await ended(instance);
      return instance;
    },
    async task(instance, name) {
      const rows = await db.query<TaskEnd>(sql`
        SELECT concat_ws(' ', status, detail, error_code) AS line, error, attempts
        FROM sluice.task_instances WHERE instance_id = ${instance} AND task = ${name}`);
      const [row] = rows;
      if (row === undefined) throw new Error(`no task ${name} in ${instance}`);
      return row;
    },
    async lines(query) {
      const rows = await db.query(query);
      return rows.map((row) => String(Object.values(row)[0]));
    },
    close: () => gateway.close(),
  };
}
