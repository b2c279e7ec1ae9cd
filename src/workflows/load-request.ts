// A stored workflow, in any version, as the request that would make it again.

import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { requestOf, tableIdsOf } from "./request-of.ts";
import { findVersion, findWorkflow, workflowNotFound } from "./stored-workflow.ts";
import { findTables } from "./table-facts.ts";
import type { WorkflowServices } from "./workflow-services.ts";
import type { StoredRequest } from "./workflows.ts";

/** `version` null: the current one. Throws WF-NOTFOUND, WF-VERSION-UNKNOWN. */
export async function loadRequest(
  { database, catalog }: Pick<WorkflowServices, "database" | "catalog">,
  identifier: ObjectIdentifier,
  version: number | null,
): Promise<StoredRequest> {
  const current = await findWorkflow(database, identifier);
  if (current === null) throw await workflowNotFound(database, identifier);
  const stored = version === null ? current : await findVersion(database, identifier, version);
  if (stored === null) {
    const message = `workflow "${identifier.name}" has no version ${version}`;
    throw new GatewayError("WF-VERSION-UNKNOWN", message, {
      detail: `Its versions are 1 to ${current.version}.`,
    });
  }
  const { workflowId, enabled, definition } = stored;
  const tables = await findTables(database, catalog.catalogName, tableIdsOf(definition));
  // An older version is shown under the name that the workflow has now.
  const named = { ...definition, name: identifier.name };
  const request = requestOf(named, catalog.catalogName, tables);
  return { workflowId, version: stored.version, enabled, request };
}
