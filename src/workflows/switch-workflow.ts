// ENABLE, DISABLE and DROP. The first two may be repeated and make no version.

import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import { lockForEdit, lockUserWorkflow } from "./save-workflow.ts";
import { findWorkflow } from "./stored-workflow.ts";
import type { WorkflowServices } from "./workflow-services.ts";

/** The schedule runs from now on. Throws WF-NOTFOUND, WF-TABLE-OWNED. */
export function enableWorkflow(
  { database, scheduler }: WorkflowServices,
  identifier: ObjectIdentifier,
): Promise<void> {
  return database.transaction(async (tx) => {
    const { workflowId } = await lockUserWorkflow(tx, identifier);
    await scheduler.enable(tx, workflowId);
  });
}

/** Instances that exist still run. Throws WF-NOTFOUND, WF-TABLE-OWNED. */
export function disableWorkflow(
  { database, scheduler }: WorkflowServices,
  identifier: ObjectIdentifier,
): Promise<void> {
  return database.transaction(async (tx) => {
    const { workflowId } = await lockUserWorkflow(tx, identifier);
    await scheduler.disable(tx, workflowId);
  });
}

/** Running work is canceled, history stays. Throws WF-NOTFOUND, WF-TABLE-OWNED, WF-ENABLED. */
export function dropWorkflow(
  { database, scheduler }: WorkflowServices,
  identifier: ObjectIdentifier,
  { ifExists }: { readonly ifExists: boolean },
): Promise<boolean> {
  return database.transaction(async (tx) => {
    if (ifExists && (await findWorkflow(tx, identifier)) === null) return false;
    const { workflowId } = await lockForEdit(tx, identifier);
    await scheduler.dropWorkflow(tx, workflowId);
    return true;
  });
}
