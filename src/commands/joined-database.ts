// A database whose transactions are savepoints of one that is open: a service that opens a
// transaction of its own writes in the caller's instead, so that both commit together or not at
// all.

import { GatewayError } from "../common/gateway-error.ts";
import type { Database, Tx } from "../common/pg.ts";

/** Valid as long as `tx` is open. The isolation is that of `tx`, whatever is asked for. */
export function joinedDatabase(tx: Tx): Database {
  return {
    query: (statement) => tx.query(statement),
    execute: (statement) => tx.execute(statement),
    transaction: (body) => tx.savepoint(() => body(tx)),
    connect: async () => {
      throw new GatewayError("GW-INTERNAL", "a transaction has no second connection");
    },
    // It is the caller's to end.
    close: async () => undefined,
  };
}
