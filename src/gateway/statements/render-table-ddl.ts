// The DDL text of a materialized table, as SHOW CREATE prints it: Flink's layout, the query as the
// user wrote it (or canonical), values of secret options masked. Executing the text again changes
// nothing.

import type { Column, MaterializedTable } from "../../catalog/materialized-table.ts";
import { renderFreshness } from "../../catalog/freshness.ts";
import { flinkName } from "../../catalog/object-identifier.ts";
import { flinkTypeName } from "./read/flink-type.ts";

/** Substrings of option keys (in lower case) whose values are not shown. */
const secretKeys = [
  "password",
  "secret",
  "fs.azure.account.key",
  "apikey",
  "api-key",
  "auth-params",
  "service-key",
  "token",
  "basic-auth",
  "jaas.config",
  "http-headers",
  "access-key",
  "access.key",
  "accesskey",
] as const;

/** The statement that makes the table. */
export function renderTableDdl(
  table: MaterializedTable,
  how: { readonly orAlter: boolean; readonly expanded: boolean },
): string {
  const { startMode } = table;
  const options = Object.entries(table.options).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = [
    `CREATE ${how.orAlter ? "OR ALTER " : ""}MATERIALIZED TABLE ${flinkName(table.identifier)} (`,
    columnLines(table).join(",\n"),
    ")",
  ];
  if (table.comment !== null) lines.push(`COMMENT ${quoted(table.comment)}`);
  if (table.partitionKeys.length > 0) lines.push(`PARTITIONED BY (${names(table.partitionKeys)})`);
  if (options.length > 0) {
    lines.push("WITH (", options.map(optionLine).join(",\n"), ")");
  }
  lines.push(
    `START_MODE = ${startMode.kind === "FROM_BEGINNING" ? startMode.kind : startMode.text}`,
    `FRESHNESS = ${renderFreshness(table.freshness)}`,
    `REFRESH_MODE = ${table.refreshMode}`,
    `AS ${how.expanded ? table.expandedQuery : table.originalQuery}`,
  );
  return lines.join("\n");
}

/** `` `a`, `b` `` */
function names(parts: readonly string[]): string {
  return parts.map(backQuoted).join(", ");
}

/** One identifier in back-quotes. */
export function backQuoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** A string literal with doubled quotes. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function columnLines(table: MaterializedTable): string[] {
  const lines = table.columns.map(columnLine);
  if (table.primaryKey.length > 0) {
    const name = table.primaryKeyName ?? `PK_${table.primaryKey.join("_")}`;
    lines.push(
      `  CONSTRAINT ${backQuoted(name)} PRIMARY KEY (${names(table.primaryKey)}) NOT ENFORCED`,
    );
  }
  return lines;
}

function columnLine({ name, type, nullable, comment }: Column): string {
  const notNull = nullable ? "" : " NOT NULL";
  const remark = comment === null ? "" : ` COMMENT ${quoted(comment)}`;
  return `  ${backQuoted(name)} ${flinkTypeName(type)}${notNull}${remark}`;
}

function optionLine([key, value]: readonly [string, string]): string {
  const folded = key.toLowerCase();
  const shown = secretKeys.some((secret) => folded.includes(secret)) ? "******" : value;
  return `  ${quoted(key)} = ${quoted(shown)}`;
}
