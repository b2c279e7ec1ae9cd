// The store on a real PostgreSQL keeps the contract.

import { trusted } from "../../src/common/sql.ts";
import { toIso } from "../../src/common/time.ts";
import { pgWorkflowStore } from "../../src/scheduler/durable/pg-store.ts";
import { testDatabase } from "../support/database.ts";
import { workflowStoreContract } from "./workflow-store.contract.ts";

const tables = [
  "gateways",
  "workflows",
  "workflow_versions",
  "instances",
  "task_instances",
  "task_backends",
  "cancel_requests",
  "task_progress",
  "task_attempts",
  "instance_history",
  "task_history",
];

workflowStoreContract("on PostgreSQL", async () => {
  const db = await testDatabase();
  return {
    store: pgWorkflowStore(db.database),
    transaction: (body) => db.database.transaction(body, "repeatable read"),
    setClock: (at) => db.setClock(toIso(at)),
    async clear() {
      const names = tables.map((name) => `sluice_private.${name}`).join(", ");
      await db.query(trusted(`TRUNCATE ${names}`));
    },
    close: () => db.close(),
  };
});
