// CREATE [OR ALTER] MATERIALIZED TABLE: definition, storage, workflow and the queued first load are
// one transaction of the service; with 'table.dml-sync' the statement waits for the load. With
// 'initial' = 'block' it waits too, and a new table whose load failed does not stay.

import type { ObjectIdentifier } from "../../catalog/object-identifier.ts";
import type { CreateMaterializedTable } from "../../parser/ast/create-materialized-table.ts";
import { awaitEndOf, awaitRun } from "./await-run.ts";
import { createRequest } from "./create-request.ts";
import type { Executor, StatementServices } from "./executor.ts";
import { withQueryPositions } from "./query-positions.ts";
import type { TableCreated } from "../../refresh/table-requests.ts";
import type { StatementContext } from "./statement-context.ts";
import { altered } from "./table-altered.ts";

export const createMaterializedTable: Executor<CreateMaterializedTable> = async (
  statement,
  context,
  services,
) => {
  const request = await createRequest(statement, context, services.database);
  const created = await withQueryPositions(statement.query, () =>
    statement.orAlter ? services.tables.createOrAlter(request) : services.tables.create(request),
  );
  const result = altered(created, context);
  if (created.waits) await awaitBlocking(created, request.identifier, context, services);
  else await awaitRun(created.instanceId, context, services);
  return result;
};

async function awaitBlocking(
  { instanceId, outcome }: TableCreated,
  identifier: ObjectIdentifier,
  context: StatementContext,
  services: StatementServices,
): Promise<void> {
  if (instanceId === null) return;
  try {
    await awaitEndOf(instanceId, context, services, "refresh");
  } catch (error) {
    if (outcome === "created") {
      await services.tables.drop(identifier, { ifExists: true, cascade: false });
    }
    throw error;
  }
}
