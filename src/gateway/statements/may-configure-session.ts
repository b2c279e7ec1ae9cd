// Which statements configure-session takes: session options, USE, and DDL; anything that yields
// rows or writes data is for the statements endpoint.

import type { StatementKind } from "../../parser/ast/statement.ts";
import { parse } from "../../parser/parse.ts";
import type { MayConfigureSession } from "./statement-context.ts";

const configuring: ReadonlySet<StatementKind> = new Set<StatementKind>([
  "set",
  "list-settings",
  "reset",
  "use-catalog",
  "use-database",
  "create-catalog",
  "alter-catalog",
  "drop-catalog",
  "create-database",
  "alter-database",
  "drop-database",
  "create-materialized-table",
  "drop-materialized-table",
  "alter-materialized-table-add",
  "alter-materialized-table-as",
  "alter-materialized-table-comment",
  "alter-materialized-table-distribution",
  "alter-materialized-table-drop",
  "alter-materialized-table-modify",
  "alter-materialized-table-rename",
  "alter-materialized-table-reset-options",
  "alter-materialized-table-resume",
  "alter-materialized-table-set-freshness",
  "alter-materialized-table-set-options",
  "alter-materialized-table-set-refresh-mode",
  "alter-materialized-table-suspend",
  "create-workflow",
  "alter-workflow",
  "drop-workflow",
  "create-queue",
  "alter-queue",
  "drop-queue",
  "unsupported",
]);

const blank = String.raw`(?:\s|--[^\n]*(?:\n|$)|/\*(?:[^*]|\*(?!/))*\*/)`;
const postgresDdl = new RegExp(
  `^${blank}*(?:(?:create|alter|drop)${blank}+` +
    `(?:(?:or${blank}+replace|temporary|temp|unlogged|system)${blank}+)*` +
    `(?:table|view|function)|set|reset)(?:${blank}|$)`,
  "i",
);

/**
 * True if the statement may configure a session. Throws the parser's error if the text is no
 * statement.
 */
export const mayConfigureSession: MayConfigureSession = (text) => {
  const statement = parse(text);
  if (statement.kind === "passthrough") return postgresDdl.test(statement.text);
  return configuring.has(statement.kind);
};
