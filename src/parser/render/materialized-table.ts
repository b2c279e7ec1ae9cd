// Text of the statements about materialized tables.

import type { CreateMaterializedTable } from "../ast/create-materialized-table.ts";
import type { DropMaterializedTable } from "../ast/drop-materialized-table.ts";
import type { Statement } from "../ast/statement.ts";
import {
  comment,
  interval,
  keyList,
  list,
  literal,
  name,
  optionList,
  partition,
  path,
  qualified,
  startMode,
  text,
  withOptions,
  words,
} from "./parts.ts";
import { alterItems, distribution, schemaList } from "./schema.ts";

export type AlterMaterializedTable = Extract<
  Statement,
  { kind: `alter-materialized-table-${string}` }
>;

export function renderCreate(table: CreateMaterializedTable): string {
  const keys = table.partitionKeys.map((key) => name(key.name));
  return words(
    "CREATE",
    table.orAlter ? "OR ALTER" : null,
    "MATERIALIZED TABLE",
    table.ifNotExists ? "IF NOT EXISTS" : null,
    qualified(table.name),
    table.schema === null ? null : schemaList(table.schema),
    comment(table.comment),
    table.distribution === null ? null : `DISTRIBUTED ${distribution(table.distribution)}`,
    keys.length === 0 ? null : `PARTITIONED BY ${list(keys)}`,
    withOptions(table.options),
    startMode(table.startMode),
    table.freshness === null ? null : `FRESHNESS = ${interval(table.freshness)}`,
    table.refreshMode === null ? null : `REFRESH_MODE = ${table.refreshMode}`,
    "AS",
    table.query.text,
  );
}

export function renderDrop(statement: DropMaterializedTable): string {
  const ifExists = statement.ifExists ? "IF EXISTS" : null;
  return words("DROP MATERIALIZED TABLE", ifExists, qualified(statement.name), statement.behaviour);
}

export function renderAlter(statement: AlterMaterializedTable): string {
  return words("ALTER MATERIALIZED TABLE", qualified(statement.name), action(statement));
}

function action(statement: AlterMaterializedTable): string {
  switch (statement.kind) {
    case "alter-materialized-table-suspend":
      return words("SUSPEND", withOptions(statement.options));
    case "alter-materialized-table-resume":
      return words("RESUME", withOptions(statement.options));
    case "alter-materialized-table-refresh":
      return words(
        "REFRESH",
        partition(statement.partition),
        statement.cascade ? "CASCADE" : null,
        withOptions(statement.options),
      );
    case "alter-materialized-table-backfill": {
      const range = `FROM ${literal(statement.from)} TO ${literal(statement.to)}`;
      return words("BACKFILL", range, withOptions(statement.options));
    }
    case "alter-materialized-table-set-freshness":
      return `SET FRESHNESS = ${interval(statement.freshness)}`;
    case "alter-materialized-table-set-refresh-mode":
      return `SET REFRESH_MODE = ${statement.refreshMode}`;
    case "alter-materialized-table-set-options":
      return `SET ${optionList(statement.options)}`;
    case "alter-materialized-table-reset-options":
      return `RESET ${keyList(statement.keys)}`;
    case "alter-materialized-table-as": {
      const mode = startMode(statement.startMode);
      return words(mode, withOptions(statement.options), "AS", statement.query.text);
    }
    case "alter-materialized-table-rename":
      return `RENAME TO ${qualified(statement.newName)}`;
    case "alter-materialized-table-comment":
      return `COMMENT ${text(statement.comment)}`;
    case "alter-materialized-table-add":
      return `ADD ${alterItems(statement.items)}`;
    case "alter-materialized-table-modify":
      return `MODIFY ${alterItems(statement.items)}`;
    case "alter-materialized-table-drop":
      return `DROP ${dropTarget(statement.target)}`;
    case "alter-materialized-table-distribution": {
      const value = statement.distribution;
      return words(statement.verb, "DISTRIBUTION", value === null ? null : distribution(value));
    }
  }
}

type DropTarget = Extract<
  AlterMaterializedTable,
  { kind: "alter-materialized-table-drop" }
>["target"];

function dropTarget(target: DropTarget): string {
  switch (target.kind) {
    case "primary-key":
      return "PRIMARY KEY";
    case "watermark":
      return "WATERMARK";
    case "constraint":
      return `CONSTRAINT ${name(target.name)}`;
    case "columns":
      return list(target.paths.map(path));
  }
}
