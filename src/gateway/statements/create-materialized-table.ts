// CREATE [OR ALTER] MATERIALIZED TABLE: definition, storage, workflow and the queued first load are
// one transaction of the service; with 'table.dml-sync' the statement waits for the load.

import type { CreateMaterializedTable } from "../../parser/ast/create-materialized-table.ts";
import { awaitRun } from "./await-run.ts";
import { createRequest } from "./create-request.ts";
import type { Executor } from "./executor.ts";
import { withQueryPositions } from "./query-positions.ts";
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
  await awaitRun(created.instanceId, context, services);
  return result;
};
