// The way of a statement: text → parser → its executor, or PostgreSQL. What goes to PostgreSQL is
// looked at first: DDL of plain tables must not reach the storage of a materialized table.

import type { Statement } from "../../parser/ast/statement.ts";
import { parse } from "../../parser/parse.ts";
import { withPlaces } from "./error-place.ts";
import type { Executor, StatementServices } from "./executor.ts";
import { passthrough } from "./passthrough.ts";
import { executors } from "./registry.ts";
import type { ExecuteStatement } from "./statement-context.ts";

/** Binds the services; the result is what the gateway calls for each statement. */
export function makeExecuteStatement(services: StatementServices): ExecuteStatement {
  return (text, context) =>
    withPlaces(text, async () => {
      const statement = parse(text);
      if (statement.kind === "passthrough") return passthrough(statement, context, services);
      // The registry's type pairs each kind with the executor of that kind; the compiler cannot
      // follow the pairing.
      const executor = executors[statement.kind] as Executor<Statement>;
      return executor(statement, context, services);
    });
}
