// From a command to what it leaves behind, by the same services that statements and REST use. All
// of it is written in the transaction that takes the command.

import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import type { Backfills } from "../backfill/backfills.ts";
import { unreachable } from "../common/assert.ts";
import { GatewayError } from "../common/gateway-error.ts";
import type { Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import type { MaterializedTables } from "../refresh/materialized-tables.ts";
import type { Workflows } from "../workflows/workflows.ts";
import type { Command, CommandEffect, TakenCommand } from "./command.ts";

/** What commands are carried out by; each writes in the transaction it was made for. */
export interface CommandServices {
  readonly catalogName: string;
  readonly tables: Pick<MaterializedTables, "refresh" | "suspend" | "resume">;
  readonly workflows: Pick<Workflows, "execute">;
  readonly backfills: Pick<Backfills, "create" | "refreshCascade">;
}

const nothing: CommandEffect = { instanceId: null, backfillId: null };

/** Throws GatewayError for what cannot be done. */
export async function carryOut(
  tx: Tx,
  services: CommandServices,
  taken: TakenCommand,
): Promise<CommandEffect> {
  const { command } = taken;
  const identifier = await nameNow(tx, services.catalogName, taken);
  switch (command.kind) {
    case "refresh":
      return refresh(services, identifier, command);
    case "suspend":
      await services.tables.suspend(identifier, command.options);
      return nothing;
    case "resume":
      await services.tables.resume(identifier, command.options);
      return nothing;
    case "execute-workflow": {
      const { at, variables } = command;
      const run = await services.workflows.execute(identifier, { at, variables }, () => null);
      return { ...nothing, instanceId: run.instanceId };
    }
    case "backfill":
    case "backfill-workflow":
      return backfill(services, identifier, command);
    default:
      return unreachable(command);
  }
}

async function refresh(
  { tables, backfills }: CommandServices,
  identifier: ObjectIdentifier,
  { partition, options }: Extract<Command, { readonly kind: "refresh" }>,
): Promise<CommandEffect> {
  const { cascade = "false", ...rest } = options;
  if (cascade.toLowerCase() === "true") {
    return backfills.refreshCascade({ identifier, partition, cascade: true, options: rest });
  }
  const request = { identifier, partition, cascade: false, options: rest };
  return { ...nothing, ...(await tables.refresh(request)) };
}

async function backfill(
  { backfills }: CommandServices,
  identifier: ObjectIdentifier,
  command: Extract<Command, { readonly kind: "backfill" | "backfill-workflow" }>,
): Promise<CommandEffect> {
  const { from, to, options } = command;
  const target =
    command.kind === "backfill"
      ? ({ kind: "table", identifier } as const)
      : ({ kind: "workflow", identifier, variables: command.variables } as const);
  const { backfillId } = await backfills.create({ target, from, to, options });
  return { ...nothing, backfillId };
}

/** By its id, for it may have been renamed. Throws MT-NOTFOUND or WF-NOTFOUND. */
async function nameNow(
  tx: Tx,
  catalog: string,
  { command, targetId, name }: TakenCommand,
): Promise<ObjectIdentifier> {
  const isWorkflow = command.kind === "execute-workflow" || command.kind === "backfill-workflow";
  const rows = await tx.query<{ database: string; name: string }>(
    isWorkflow
      ? sql`SELECT database, name FROM sluice_private.workflows WHERE workflow_id = ${targetId}`
      : sql`
          SELECT database, name FROM sluice_private.materialized_tables
          WHERE table_id = ${targetId}`,
  );
  const row = rows[0];
  if (row !== undefined) return { catalog, ...row };
  const what = isWorkflow ? "workflow" : "materialized table";
  throw new GatewayError(
    isWorkflow ? "WF-NOTFOUND" : "MT-NOTFOUND",
    `${what} "${name}" was dropped before the command was taken`,
  );
}
