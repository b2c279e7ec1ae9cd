// The store on a real PostgreSQL keeps the contract about backfills.

import { trusted } from "../../src/common/sql.ts";
import { toIso } from "../../src/common/time.ts";
import { pgWorkflowStore } from "../../src/scheduler/durable/pg-store.ts";
import { testDatabase } from "../support/database.ts";
import { backfillStoreContract } from "./backfill-store.contract.ts";

const tables = [
  "backfills",
  "backfill_intervals",
  "gateways",
  "workflows",
  "workflow_versions",
  "instances",
  "task_instances",
  "cancel_requests",
  "task_attempts",
  "instance_history",
  "task_history",
];

backfillStoreContract("on PostgreSQL", async () => {
  const db = await testDatabase();
  return {
    store: pgWorkflowStore(db.database),
    transaction: (body) => db.database.transaction(body),
    setClock: (at) => db.setClock(toIso(at)),
    async clear() {
      const names = tables.map((name) => `sluice_private.${name}`).join(", ");
      await db.query(trusted(`TRUNCATE ${names}`));
    },
    close: () => db.close(),
  };
});
