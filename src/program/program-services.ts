// What the objects of a program stand on: the same services that statements and routes call.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import { joinedDatabase } from "../commands/joined-database.ts";
import type { Clock } from "../common/clock.ts";
import { GatewayError } from "../common/gateway-error.ts";
import type { Log } from "../common/log.ts";
import type { Tx } from "../common/pg.ts";
import { isServerError, passOn } from "../common/postgres-error.ts";
import type { StatementServices } from "../gateway/statements/executor.ts";
import { parseIdentifier } from "../gateway/statements/parse-identifier.ts";
import type { Monitoring } from "../ops/monitoring.ts";
import {
  createMaterializedTables,
  type MaterializedTables,
} from "../refresh/materialized-tables.ts";
import type { TableServices } from "../refresh/table-services.ts";
import { createWorkflows, type Workflows } from "../workflows/workflows.ts";

export interface ProgramServices
  extends Pick<StatementServices, "database" | "catalog" | "scheduler" | "tables" | "workflows"> {
  readonly tableServices: TableServices;
  readonly monitoring: Monitoring;
  readonly clock: Clock;
  readonly log: Log;
}

/** Services whose writes are one transaction. */
export interface JoinedServices {
  readonly tx: Tx;
  readonly tables: MaterializedTables;
  readonly workflows: Workflows;
}

/** All that `body` does through the services it is given is done together, or nothing is. */
export function together<T>(
  { database, tableServices }: ProgramServices,
  body: (services: JoinedServices) => Promise<T>,
): Promise<T> {
  return asOurs(() =>
    database.transaction((tx) => {
      const within = { ...tableServices, database: joinedDatabase(tx) };
      return body({
        tx,
        tables: createMaterializedTables(within),
        workflows: createWorkflows({ ...within, ...within.settings }),
      });
    }),
  );
}

/** Whatever `body` throws becomes the one error that programs see. */
export async function asOurs<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    if (isServerError(error)) throw passOn(error);
    const message = error instanceof Error ? error.message : String(error);
    const isLost = /connection|ECONN|timeout|Cannot use a pool/i.test(message);
    throw new GatewayError(isLost ? "GW-UNAVAILABLE" : "GW-INTERNAL", message, { cause: error });
  }
}

/** `table`, `database.table` or `catalog.database.table`. Throws GW-NAME, GW-CATALOG-UNKNOWN. */
export function identify(text: string, catalogName: string): ObjectIdentifier {
  const [name = "", database = "public", catalog = catalogName] =
    parseIdentifier(text).parts.toReversed();
  if (catalog === catalogName) return { catalog, database, name };
  throw new GatewayError("GW-CATALOG-UNKNOWN", `catalog "${catalog}" does not exist`, {
    hint: `The catalog of this database is "${catalogName}".`,
  });
}

/** The table of a name. Throws MT-NOTFOUND. */
export function tableOf(services: ProgramServices, text: string): Promise<MaterializedTable> {
  const identifier = identify(text, services.catalog.catalogName);
  return services.tables.get(identifier, "refresh");
}
