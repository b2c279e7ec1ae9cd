// The memory store of the simulation keeps the contract about backfills.

import { type Instant, instant } from "../../src/common/time.ts";
import { emptyTables, MemoryDatabase } from "../fakes/memory-database.ts";
import { memoryWorkflowStore } from "../fakes/memory-workflow-store.ts";
import { backfillStoreContract } from "./backfill-store.contract.ts";

backfillStoreContract("in memory", async () => {
  let now: Instant = instant(0);
  const database = new MemoryDatabase(() => now);
  return {
    store: memoryWorkflowStore(database),
    transaction: (body) => database.transaction(body),
    async setClock(at) {
      now = at;
    },
    async clear() {
      database.tables = emptyTables();
    },
    close: () => Promise.resolve(),
  };
});
