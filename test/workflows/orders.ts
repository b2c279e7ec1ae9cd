// What the tests of the service of workflows share: a table by day, and short words for what is
// done to the workflow of the running test.

import { afterAll, beforeAll, beforeEach } from "vitest";
import { sql } from "../../src/common/sql.ts";
import type { WorkflowChange, WorkflowRequest } from "../../src/workflows/workflow-request.ts";
import { create, nowhere, openWorkflowWorld, type WorkflowWorld } from "./world.ts";

export let world: WorkflowWorld;
let count = 0;
/** Name of the workflow of the running test. */
export let name = "";

/** Opens the world for the tests of a file, and names each test. */
export function useOrders(): void {
  beforeAll(async () => {
    world = await openWorkflowWorld();
    await world.db.query(`
    CREATE TABLE orders (ds date NOT NULL, shop text, amount int NOT NULL);
    INSERT INTO orders VALUES ('2026-01-01', 'a', 10)`);
    const daily = "SELECT ds, sum(amount) AS total FROM orders GROUP BY ds";
    await world.create("daily", daily, { partitionKeys: ["ds"] });
  });
  afterAll(() => world.close());
  beforeEach(() => {
    name = `w${++count}`;
  });
}

export const hourly: WorkflowRequest["schedule"] = { kind: "every", amount: "4", unit: "HOUR" };

export function make(parts: Partial<WorkflowRequest> = {}, how = create) {
  return world.workflows.create(world.workflow(name, parts), how, nowhere);
}

export function alter(change: WorkflowChange) {
  return world.workflows.alter(world.id(name), change, nowhere);
}

export async function got(version: number | null = null): Promise<WorkflowRequest> {
  return (await world.workflows.get(world.id(name), version)).request;
}

/** `name enabled version next?` of all workflows that begin with the name of the test. */
export async function stored(): Promise<readonly string[]> {
  const rows = await world.db.query<{ line: string }>(sql`
    SELECT concat_ws(' ', workflow, enabled, version,
      CASE WHEN next_execution IS NOT NULL THEN 'next' END) AS line
    FROM sluice.workflows WHERE workflow LIKE ${`${name}%`} ORDER BY 1`);
  return rows.map((row) => row.line);
}

/** Gives the workflow of the running test another name from now on. */
export function nameIt(other: string): void {
  name = other;
}
