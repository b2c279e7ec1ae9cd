// SHOW CREATE TABLE | VIEW | MATERIALIZED TABLE | CATALOG | DATABASE: one row with the DDL. For
// plain tables and views it is PostgreSQL's DDL, which goes back through the gateway as it is.

import type { ObjectKind } from "../../catalog/catalog.ts";
import { flinkName, type ObjectIdentifier, plainName } from "../../catalog/object-identifier.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import type { Queryable } from "../../common/pg.ts";
import { sql } from "../../common/sql.ts";
import type { ShowCreate } from "../../parser/ast/show-create.ts";
import type { Session } from "../session/session.ts";
import { databaseNotFound } from "./drop-database.ts";
import type { Executor, StatementServices } from "./executor.ts";
import { textResult } from "./fixed-results.ts";
import { findColumns, type RelationColumn } from "./read/find-columns.ts";
import { findDatabase } from "./read/find-databases.ts";
import { findTableDdl, findViewQuery } from "./read/find-relation-ddl.ts";
import { backQuoted, quoted, renderTableDdl } from "./render-table-ddl.ts";
import { requireCatalog, resolveDatabase, resolveObject } from "./resolve-name.ts";

export const showCreate: Executor<ShowCreate> = async (statement, { session }, services) => {
  switch (statement.object) {
    case "CATALOG":
      requireCatalog(statement.name, session);
      return textResult(
        `CREATE CATALOG ${backQuoted(session.catalog)}\nWITH (\n  'type' = 'postgres'\n)`,
      );
    case "DATABASE":
      return textResult(await databaseDdl(statement, session, services));
    case "TABLE":
    case "VIEW":
    case "MATERIALIZED TABLE": {
      const identifier = resolveObject(statement.name, session);
      await requireKind(statement.object, identifier, services);
      return textResult(await relationDdl(statement, identifier, services));
    }
  }
};

async function databaseDdl(
  statement: ShowCreate,
  session: Session,
  { database }: StatementServices,
): Promise<string> {
  const name = resolveDatabase(statement.name, session);
  const found = await findDatabase(database, name);
  if (found === null) throw databaseNotFound(name, session.catalog);
  const comment = found.comment === null ? "" : `\nCOMMENT ${quoted(found.comment)}`;
  return `CREATE DATABASE ${backQuoted(session.catalog)}.${backQuoted(name)}${comment}`;
}

async function relationDdl(
  statement: ShowCreate,
  identifier: ObjectIdentifier,
  { tables, database }: StatementServices,
): Promise<string> {
  if (statement.object === "MATERIALIZED TABLE") {
    return renderTableDdl(await tables.get(identifier, "show create"), statement);
  }
  // Without a search_path the server writes every name in full: the text means the same everywhere.
  return database.transaction(async (tx) => {
    await tx.query(sql`SELECT pg_catalog.set_config('search_path', '', true)`);
    return statement.object === "TABLE" ? tableDdl(tx, identifier) : viewDdl(tx, identifier);
  });
}

async function tableDdl(on: Queryable, identifier: ObjectIdentifier): Promise<string> {
  const columns = await findColumns(on, identifier);
  const ddl = await findTableDdl(on, identifier);
  const lines = [
    ...columns.map(columnLine),
    ...ddl.constraints.map((one) => `  CONSTRAINT ${backQuoted(one.name)} ${one.definition}`),
  ];
  const tail = ddl.partitionBy === null ? "" : `\nPARTITION BY ${ddl.partitionBy}`;
  const unlogged = ddl.unlogged ? "UNLOGGED " : "";
  return `CREATE ${unlogged}TABLE ${flinkName(identifier)} (\n${lines.join(",\n")}\n)${tail}`;
}

async function viewDdl(on: Queryable, identifier: ObjectIdentifier): Promise<string> {
  const columns = await findColumns(on, identifier);
  const query = await findViewQuery(on, identifier);
  const list = columns.map(({ name }) => `  ${backQuoted(name)}`).join(",\n");
  return `CREATE VIEW ${flinkName(identifier)} (\n${list}\n)\nAS ${query?.trim() ?? ""}`;
}

function columnLine(one: RelationColumn): string {
  const parts = [`  ${backQuoted(one.name)} ${one.type}`];
  if (one.generated !== null) parts.push(`GENERATED ALWAYS AS (${one.generated}) STORED`);
  if (one.identity !== null) parts.push(`GENERATED ${one.identity} AS IDENTITY`);
  else if (one.default !== null) parts.push(`DEFAULT ${one.default}`);
  if (!one.nullable) parts.push("NOT NULL");
  return parts.join(" ");
}

type Shown = "TABLE" | "VIEW" | "MATERIALIZED TABLE";

const shownAs: Readonly<Record<ObjectKind, Shown | null>> = {
  "materialized table": "MATERIALIZED TABLE",
  table: "TABLE",
  "foreign table": "TABLE",
  view: "VIEW",
  "materialized view": "VIEW",
  sequence: null,
  index: null,
  type: null,
};

/**
 * Throws GW-OBJECT-KIND for an object of another kind, and GW-OBJECT-UNKNOWN for a missing table or
 * view.
 */
async function requireKind(
  object: Shown,
  identifier: ObjectIdentifier,
  { catalog, database }: StatementServices,
): Promise<void> {
  const kind = await catalog.kindOf(database, identifier);
  const actual = kind === null ? null : shownAs[kind];
  if (actual === object) return;
  if (actual !== null) throw wrongKind(object, actual, identifier);
  if (object === "MATERIALIZED TABLE") return;
  const word = object === "TABLE" ? "Table" : "View";
  const missing = `${word.toLowerCase()} "${plainName(identifier)}" does not exist`;
  throw new GatewayError("GW-OBJECT-UNKNOWN", missing, {
    flink: {
      class: "org.apache.flink.table.api.ValidationException",
      text:
        `Could not execute SHOW CREATE ${object}. ${word} with identifier ` +
        `${flinkName(identifier)} does not exist.`,
    },
  });
}

function wrongKind(object: Shown, actual: Shown, identifier: ObjectIdentifier): GatewayError {
  const is = actual.toLowerCase();
  return new GatewayError("GW-OBJECT-KIND", `"${plainName(identifier)}" is a ${is}`, {
    hint: `Use SHOW CREATE ${actual}.`,
    flink: {
      class: "org.apache.flink.table.api.TableException",
      text:
        `SHOW CREATE ${object} is only supported for ${object.toLowerCase()}s, but ` +
        `${flinkName(identifier)} is a ${is}. Please use SHOW CREATE ${actual} instead.`,
    },
  });
}
