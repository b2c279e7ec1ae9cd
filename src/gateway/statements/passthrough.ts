// A statement that is PostgreSQL's. DROP TABLE, ALTER TABLE and TRUNCATE of a materialized table
// are refused in Flink's words before they get there; DML is refused by a trigger of the stored
// table, and gets its code here.

import { flinkName, type ObjectIdentifier, plainName } from "../../catalog/object-identifier.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import { nearest } from "../../common/nearest.ts";
import type { Passthrough } from "../../parser/ast/passthrough.ts";
import type { Executor, StatementServices } from "./executor.ts";
import { okResult } from "./fixed-results.ts";
import { type PlainDdl, readPlainDdl } from "./plain-ddl.ts";
import { withQueryPositions } from "./query-positions.ts";
import type { StatementContext } from "./statement-context.ts";

export const passthrough: Executor<Passthrough> = async (statement, context, services) => {
  const ddl = await readPlainDdl(statement.text);
  if (ddl !== null && (await refusePlainDdl(ddl, context, services)) === "ignore") return okResult;
  try {
    return await withQueryPositions(statement, () =>
      services.runPassthrough({ sql: statement.text, offset: 0 }, context),
    );
  } catch (error) {
    throw withKeywordHint(withOwnCode(error), statement.text);
  }
};

/**
 * A statement of ours whose second word is misspelt is nobody's: PostgreSQL finds the place, the
 * word is known here.
 */
function withKeywordHint(error: unknown, text: string): unknown {
  if (!(error instanceof GatewayError) || error.sqlstate !== "42601") return error;
  const word = /^\s*(?:CREATE|ALTER|DROP|SHOW)\s+(M\w+)\s+TABLES?\b/i.exec(text)?.[1];
  if (word === undefined || error.hint !== undefined) return error;
  if (nearest(word, ["MATERIALIZED"]) === null) return error;
  return new GatewayError(error.code, error.message, {
    detail: error.detail,
    hint: "Did you mean MATERIALIZED?",
    position: error.position,
    sqlstate: error.sqlstate,
    cause: error.cause,
  });
}

const ownCode = " [MT-READONLY]";

/** The trigger of stored tables raises an error of ours; here it gets back its code. */
function withOwnCode(error: unknown): unknown {
  if (!(error instanceof GatewayError) || !error.message.endsWith(ownCode)) return error;
  return new GatewayError("MT-READONLY", error.message.slice(0, -ownCode.length), {
    detail: error.detail,
    hint: error.hint,
    cause: error,
  });
}

/**
 * Throws MT-PLAIN-DDL if a target is a materialized table; `ignore`: DROP TABLE IF EXISTS, which
 * Flink lets pass.
 */
async function refusePlainDdl(
  ddl: PlainDdl,
  context: StatementContext,
  services: StatementServices,
): Promise<"ignore" | "pass"> {
  for (const target of ddl.targets) {
    const identifier = {
      catalog: context.session.catalog,
      database: target.database ?? context.session.database,
      name: target.name,
    };
    const table = await services.catalog.find(services.database, identifier);
    if (table === null) continue;
    if (!ddl.ifExists || ddl.verb !== "DROP TABLE" || ddl.targets.length > 1) {
      throw plainDdlError(ddl, identifier);
    }
    context.notice({
      severity: "WARNING",
      message: `materialized table ${flinkName(identifier)} was not dropped`,
      sqlstate: "01000",
      detail: "DROP TABLE is for plain tables; Flink answers OK here and so do we.",
      hint: "Use DROP MATERIALIZED TABLE.",
    });
    return "ignore";
  }
  return "pass";
}

function plainDdlError({ verb }: PlainDdl, identifier: ObjectIdentifier): GatewayError {
  const name = plainName(identifier);
  return new GatewayError("MT-PLAIN-DDL", `"${name}" is a materialized table`, {
    detail: `${verb} is for plain tables.`,
    hint: `Use ${verb === "DROP TABLE" ? "DROP" : "ALTER"} MATERIALIZED TABLE.`,
    flink: {
      class: "org.apache.flink.table.api.ValidationException",
      text:
        verb === "DROP TABLE"
          ? `Table with identifier '${name}' does not exist.`
          : `${verb} for a materialized table is not allowed`,
    },
  });
}
