// DROP: running work is cancelled and waited for outside any transaction, then storage, workflow
// and definition go in one. RESTRICT when others read the table; CASCADE takes them along, readers
// first.

import type { Dependent } from "../catalog/catalog.ts";
import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { hasSqlState, type Tx } from "../common/pg.ts";
import { lockStored, openInstances } from "./alter-table.ts";
import { findTable } from "./find-table.ts";
import type { TableServices } from "./table-services.ts";

/** How often the lock is tried again when a new run began meanwhile. */
const tries = 3;

export async function dropTable(
  services: TableServices,
  identifier: ObjectIdentifier,
  how: { readonly ifExists: boolean; readonly cascade: boolean },
): Promise<void> {
  const { catalog, database } = services;
  const known = await catalog.find(database, identifier);
  if (known === null && how.ifExists && (await catalog.kindOf(database, identifier)) === null) {
    return;
  }
  const table = known ?? (await findTable(services, identifier, "drop"));
  for (let attempt = 1; ; attempt++) {
    const doomed = await withReaders(services, table, how.cascade);
    for (const each of doomed) await endRuns(services, each);
    try {
      await database.transaction((tx) => dropAll(tx, services, doomed, how.cascade));
      return;
    } catch (error) {
      if (hasSqlState(error, "2BP01")) throw hasReaders(table, [], error);
      const busy = error instanceof GatewayError && error.code === "MT-BUSY";
      if (!busy || attempt === tries) throw error;
    }
  }
}

/**
 * The table and, with CASCADE, the materialized tables that read it: readers first. Throws
 * MT-DEPENDENTS.
 */
async function withReaders(
  services: TableServices,
  table: MaterializedTable,
  cascade: boolean,
): Promise<readonly MaterializedTable[]> {
  const { catalog, database } = services;
  const found = new Map<string, MaterializedTable>();
  const visit = async (each: MaterializedTable): Promise<void> => {
    if (found.has(each.id)) return;
    const readers = await catalog.dependents(database, each.id);
    if (!cascade && readers.length > 0) throw hasReaders(table, readers);
    for (const { tableId } of readers) {
      const reader = tableId === null ? null : await catalog.findById(database, tableId);
      if (reader !== null) await visit(reader);
    }
    found.set(each.id, each);
  };
  await visit(table);
  return [...found.values()];
}

function hasReaders(
  table: MaterializedTable,
  readers: readonly Dependent[],
  cause?: unknown,
): GatewayError {
  const lines = readers.map(({ kind, database, name }) => `${kind} "${database}.${name}"`);
  const detail = lines.length === 0 ? undefined : `It is read by ${lines.join(", ")}.`;
  return new GatewayError(
    "MT-DEPENDENTS",
    `materialized table "${table.identifier.name}" cannot be dropped, for others read it`,
    { detail, hint: "DROP MATERIALIZED TABLE … CASCADE drops those too.", cause },
  );
}

/** Cancels what is open and waits until it has ended, at most as long as for the lock. */
async function endRuns(services: TableServices, table: MaterializedTable): Promise<void> {
  const { database, scheduler, clock, settings } = services;
  const open = await database.transaction(async (tx) => {
    const ids = await openInstances(tx, table);
    for (const id of ids) await scheduler.cancel(tx, id);
    return ids;
  });
  const patience = new AbortController();
  const timer = clock.after(settings.lockTimeout, () => patience.abort());
  try {
    for (const id of open) await scheduler.awaitEnd(id, patience.signal);
  } catch (error) {
    // Whoever does not end in time still holds the table: its lock is what decides.
    if (!patience.signal.aborted) throw error;
  } finally {
    timer.cancel();
  }
}

async function dropAll(
  tx: Tx,
  services: TableServices,
  doomed: readonly MaterializedTable[],
  cascade: boolean,
): Promise<void> {
  const { catalog, scheduler, storage } = services;
  for (const table of doomed) {
    const { database, name } = table.identifier;
    if ((await catalog.lockById(tx, table.id)) === null) continue;
    if ((await catalog.relationOf(tx, table.id)) !== null) {
      await lockStored(tx, services, table);
      await storage.drop(tx, database, name, cascade);
    }
    await scheduler.dropWorkflow(tx, table.workflowId);
    await catalog.remove(tx, table.id);
  }
}
