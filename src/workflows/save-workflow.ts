// CREATE WORKFLOW and every edit: found and locked by name, resolved against what is there, stored
// as the next version, all in one transaction. Of two gateways that edit one workflow the second
// waits and then sees what the first has made of it.

import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import { isProtectedDatabase } from "../catalog/protected-database.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { hasSqlState, type Tx } from "../common/pg.ts";
import type { WorkflowDefinition } from "../scheduler/scheduler.ts";
import { applyChange, type Changed, type PlainChange } from "./apply-change.ts";
import { withDownstream } from "./downstream.ts";
import { checkName } from "./check-tasks.ts";
import { at, errorAt } from "./places.ts";
import { refuseUnstorable } from "./refuse-unstorable.ts";
import { isSameRequest, requestOf, tableIdsOf } from "./request-of.ts";
import { resolveIn } from "./resolve-in.ts";
import type { Resolved } from "./resolve-workflow.ts";
import {
  findWorkflow,
  lockWorkflow,
  readClock,
  refuseTableOwned,
  type StoredDefinition,
  tablePrefix,
  workflowNotFound,
} from "./stored-workflow.ts";
import { lockTables } from "./table-facts.ts";
import type { PositionOf, WorkflowChange, WorkflowRequest } from "./workflow-request.ts";
import type { WorkflowServices } from "./workflow-services.ts";
import type { WorkflowSaved } from "./workflows.ts";

export interface CreateHow {
  readonly orAlter: boolean;
  readonly ifNotExists: boolean;
}

/** Throws WF-EXISTS, WF-ENABLED (an edit by OR ALTER), WF-* and MT-* by what is wrong. */
export async function createWorkflow(
  services: WorkflowServices,
  request: WorkflowRequest,
  how: CreateHow,
  positionOf: PositionOf,
): Promise<WorkflowSaved> {
  refuseUnstorable(request);
  refuseReserved(request.identifier.name, positionOf, "name");
  const attempt = () =>
    services.database.transaction((tx) => createIn(tx, services, { request, how, positionOf }));
  if (!how.orAlter && !how.ifNotExists) return attempt();
  try {
    return await attempt();
  } catch (error) {
    // Somebody made it in the same moment: now it is there to be found.
    if (!(error instanceof GatewayError) || error.code !== "WF-EXISTS") throw error;
    return attempt();
  }
}

interface Creation {
  readonly request: WorkflowRequest;
  readonly how: CreateHow;
  readonly positionOf: PositionOf;
}

async function createIn(
  tx: Tx,
  services: WorkflowServices,
  { request, how, positionOf }: Creation,
): Promise<WorkflowSaved> {
  const { identifier } = request;
  await refuseForeign(tx, services, identifier, positionOf);
  const stored = await lockWorkflow(tx, identifier);
  if (stored === null) {
    const createdAt = await readClock(tx);
    const resolved = await resolveIn(tx, services, { request, positionOf, createdAt });
    const workflowId = await services.scheduler.createWorkflow(tx, resolved.definition);
    return { workflowId, changed: true, version: 1, warnings: resolved.warnings };
  }
  if (how.ifNotExists) return unchanged(stored);
  if (!how.orAlter) {
    const message = `workflow "${identifier.database}.${identifier.name}" already exists`;
    throw errorAt(positionOf, "name", ["WF-EXISTS", message]);
  }
  const { createdAt } = stored;
  const resolved = await resolveIn(tx, services, { request, positionOf, createdAt });
  return saveVersion(tx, services, stored, resolved);
}

/** Throws WF-NOTFOUND, WF-TABLE-OWNED, WF-ENABLED, WF-* and MT-* by what is wrong. */
export function alterWorkflow(
  services: WorkflowServices,
  identifier: ObjectIdentifier,
  change: WorkflowChange,
  positionOf: PositionOf,
): Promise<WorkflowSaved> {
  refuseUnstorable(change);
  return services.database.transaction(async (tx) => {
    const stored = await lockForEdit(tx, identifier);
    if (change.kind === "rename" || change.kind === "comment") {
      return relabel(tx, services, { stored, change, positionOf });
    }
    const { catalogName } = services.catalog;
    const ids = tableIdsOf(stored.definition);
    const tables = await lockTables(tx, catalogName, { names: [], ids });
    const before = requestOf(stored.definition, catalogName, tables);
    const { request, positionOf: places } = await changed(tx, services, {
      before,
      change,
      positionOf,
    });
    const { createdAt } = stored;
    const resolved = await resolveIn(tx, services, { request, positionOf: places, createdAt });
    return saveVersion(tx, services, stored, resolved);
  });
}

/** The workflow of a user, locked, disabled. */
export async function lockForEdit(tx: Tx, identifier: ObjectIdentifier): Promise<StoredDefinition> {
  const stored = await lockUserWorkflow(tx, identifier);
  refuseEnabled(stored);
  return stored;
}

/** Throws WF-NOTFOUND, WF-TABLE-OWNED. */
export async function lockUserWorkflow(
  tx: Tx,
  identifier: ObjectIdentifier,
): Promise<StoredDefinition> {
  const stored = await lockWorkflow(tx, identifier);
  if (stored === null) throw await workflowNotFound(tx, identifier);
  refuseTableOwned(stored.definition);
  return stored;
}

function refuseEnabled({ enabled, definition: { name } }: StoredDefinition): void {
  if (!enabled) return;
  throw new GatewayError("WF-ENABLED", `workflow "${name}" is enabled`, {
    hint: "ALTER WORKFLOW … DISABLE it first; runs that exist go on.",
  });
}

function changed(
  tx: Tx,
  services: WorkflowServices,
  edit: {
    readonly before: WorkflowRequest;
    readonly change: PlainChange | Extract<WorkflowChange, { readonly kind: "add-downstream" }>;
    readonly positionOf: PositionOf;
  },
): Changed | Promise<Changed> {
  const { before, change, positionOf } = edit;
  if (change.kind !== "add-downstream") return applyChange(before, change, positionOf);
  return withDownstream(tx, services, { request: before, task: change.task, positionOf });
}

/** Name and comment touch nothing else: a workflow whose tables are gone can have others. */
async function relabel(
  tx: Tx,
  services: WorkflowServices,
  edit: {
    readonly stored: StoredDefinition;
    readonly change: Extract<WorkflowChange, { readonly kind: "rename" | "comment" }>;
    readonly positionOf: PositionOf;
  },
): Promise<WorkflowSaved> {
  const { stored, change, positionOf } = edit;
  const { database, name } = stored.definition;
  const identifier = { catalog: services.catalog.catalogName, database, name };
  // Whoever alters a table of it right now is waited for, and what he wrote is read.
  const ids = tableIdsOf(stored.definition);
  await lockTables(tx, identifier.catalog, { names: [], ids });
  const definition = (await findWorkflow(tx, identifier))?.definition ?? stored.definition;
  if (change.kind === "comment") {
    return saveVersion(tx, services, stored, {
      definition: { ...definition, comment: change.comment },
      warnings: [],
    });
  }
  const target = { ...identifier, name: change.name };
  at(positionOf, "newName", () => checkName("workflow", change.name));
  refuseReserved(change.name, positionOf, "newName");
  if (change.name !== name && (await findWorkflow(tx, target)) !== null) {
    throw taken(change.name, positionOf);
  }
  const renamed = { definition: { ...definition, name: change.name }, warnings: [] };
  try {
    return await saveVersion(tx, services, stored, renamed);
  } catch (error) {
    if (hasSqlState(error, "23505")) throw taken(change.name, positionOf);
    throw error;
  }
}

function taken(name: string, positionOf: PositionOf): GatewayError {
  return errorAt(positionOf, "newName", ["WF-EXISTS", `workflow "${name}" already exists`]);
}

/** No version if nothing differs. */
async function saveVersion(
  tx: Tx,
  services: WorkflowServices,
  stored: StoredDefinition,
  { definition, warnings }: Resolved,
): Promise<WorkflowSaved> {
  if (isSameDefinition(stored.definition, definition)) return { ...unchanged(stored), warnings };
  refuseEnabled(stored);
  await services.scheduler.alterWorkflow(tx, stored.workflowId, definition);
  const version = stored.version + 1;
  return { workflowId: stored.workflowId, changed: true, version, warnings };
}

/**
 * As requests: the order of options means nothing. A task whose table was made anew differs, since
 * it has another identity.
 */
function isSameDefinition(a: WorkflowDefinition, b: WorkflowDefinition): boolean {
  const none = { byId: () => null };
  const ids = (definition: WorkflowDefinition) =>
    JSON.stringify(definition.tasks.map(({ action }) => [action["type"], action["tableId"]]));
  return ids(a) === ids(b) && isSameRequest(requestOf(a, "", none), requestOf(b, "", none));
}

function unchanged({ workflowId, version }: StoredDefinition): WorkflowSaved {
  return { workflowId, changed: false, version, warnings: [] };
}

/** Throws GW-CATALOG-UNKNOWN, GW-DATABASE-UNKNOWN, GW-DATABASE-PROTECTED. */
async function refuseForeign(
  tx: Tx,
  { catalog }: WorkflowServices,
  identifier: ObjectIdentifier,
  positionOf: PositionOf,
): Promise<void> {
  if (identifier.catalog !== catalog.catalogName) {
    const message = `catalog "${identifier.catalog}" does not exist`;
    throw errorAt(positionOf, "name", ["GW-CATALOG-UNKNOWN", message]);
  }
  if (isProtectedDatabase(identifier.database)) {
    const message = `database "${identifier.database}" cannot have workflows`;
    throw errorAt(positionOf, "name", ["GW-DATABASE-PROTECTED", message]);
  }
  if (await catalog.databaseExists(tx, identifier.database)) return;
  const message = `database "${identifier.database}" does not exist`;
  throw errorAt(positionOf, "name", ["GW-DATABASE-UNKNOWN", message]);
}

function refuseReserved(name: string, positionOf: PositionOf, path: string): void {
  if (!name.startsWith(tablePrefix)) return;
  const message = `names that begin with "${tablePrefix}" are kept for materialized tables`;
  throw errorAt(positionOf, path, ["WF-TABLE-OWNED", message]);
}
