// The columns of a table from its query and the list in the statement. Pure: the server has said
// before what the query yields and what the declared types are.
//
//   no list      the query's columns
//   names only   as many names as columns, each one of the query's: their order is the table's
//   typed        matched by name, the query's order stays; declared type and nullability win
//   primary key  columns of the table; a nullable one is checked at publishing (strict: refused)

import type { Column } from "../catalog/materialized-table.ts";
import { flinkType } from "../catalog/flink-type.ts";
import { unreachable } from "../common/assert.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { validation } from "./flink-text.ts";
import type { DeclaredKey } from "./table-requests.ts";

/** A column of the query, as the server describes it. */
export interface QueryColumn {
  readonly name: string;
  readonly type: string;
  readonly typeOid: number;
  readonly nullable: boolean;
}

/** A typed column whose type the server has resolved. */
export interface ResolvedColumn {
  readonly name: string;
  readonly type: string;
  readonly typeOid: number;
  readonly notNull: boolean;
  readonly comment: string | null;
  /** True if the query's type can be assigned to it. */
  readonly assignable: boolean;
}

export type ColumnList =
  | { readonly kind: "query" }
  | { readonly kind: "names"; readonly names: readonly string[] }
  | { readonly kind: "typed"; readonly columns: readonly ResolvedColumn[] };

export interface TableSchema {
  readonly columns: readonly Column[];
  readonly primaryKey: readonly string[];
  readonly primaryKeyName: string | null;
}

/** Throws MT-SCHEMA-*. */
export function deriveSchema(
  query: readonly QueryColumn[],
  list: ColumnList,
  key: DeclaredKey | null,
  strict: boolean,
): TableSchema {
  if (query.length === 0) {
    throw new GatewayError("MT-SCHEMA-NO-COLUMNS", "the query yields no columns");
  }
  const columns = columnsOf(query, list);
  if (key === null) return { columns, primaryKey: [], primaryKeyName: null };
  const name = key.name ?? `PK_${key.columns.join("_")}`;
  const typed = list.kind === "typed" ? list.columns.map((column) => column.name) : [];
  for (const part of key.columns) checkKeyColumn(part, name, columns, strict ? typed : null);
  if (new Set(key.columns).size < key.columns.length) {
    throw new GatewayError("MT-SCHEMA-DUPLICATE", "the primary key names a column twice");
  }
  return {
    columns: columns.map((column) =>
      key.columns.includes(column.name) ? { ...column, nullable: false } : column,
    ),
    primaryKey: key.columns,
    primaryKeyName: name,
  };
}

function columnsOf(query: readonly QueryColumn[], list: ColumnList): readonly Column[] {
  switch (list.kind) {
    case "query":
      return query.map((column) => ({ ...column, comment: null }));
    case "names":
      return orderedByNames(query, list.names);
    case "typed":
      return withDeclaredTypes(query, list.columns);
    default:
      return unreachable(list);
  }
}

function orderedByNames(query: readonly QueryColumn[], names: readonly string[]): Column[] {
  if (names.length !== query.length) {
    throw new GatewayError(
      "MT-SCHEMA-COUNT",
      `the list names ${names.length} columns, but the query yields ${query.length}`,
      {
        flink: validation(
          "The number of columns in the column list must match the number of columns in " +
            "the source schema.",
        ),
      },
    );
  }
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw duplicate(repeated);
  return names.map((name) => {
    const column = query.find((candidate) => candidate.name === name);
    if (column === undefined) {
      throw new GatewayError("MT-SCHEMA-UNKNOWN-NAME", `the query yields no column "${name}"`, {
        detail: `Its columns are ${query.map((each) => `"${each.name}"`).join(", ")}.`,
        hint: "The list puts columns in order; to rename one use AS in the query.",
        flink: validation(`Column '${name}' not found in the source schema.`),
      });
    }
    return { ...column, comment: null };
  });
}

function withDeclaredTypes(
  query: readonly QueryColumn[],
  declared: readonly ResolvedColumn[],
): Column[] {
  const repeated = declared.find((column, index) =>
    declared.some((other, at) => at < index && other.name === column.name),
  );
  if (repeated !== undefined) throw duplicate(repeated.name);
  for (const column of declared) checkDeclared(query, column);
  return query.map((column) => {
    const own = declared.find((candidate) => candidate.name === column.name);
    if (own === undefined) return { ...column, comment: null };
    const { name, type, typeOid, comment } = own;
    return { name, type, typeOid, comment, nullable: !own.notNull };
  });
}

function checkDeclared(query: readonly QueryColumn[], declared: ResolvedColumn): void {
  const index = query.findIndex((column) => column.name === declared.name);
  const source = query[index];
  if (source === undefined) {
    throw new GatewayError(
      "MT-SCHEMA-UNUSED-COLUMN",
      `the query yields no column "${declared.name}"`,
      {
        flink: validation(
          `Invalid as physical column '${declared.name}' is defined in the DDL, but is ` +
            "not used in a query column.",
        ),
      },
    );
  }
  if (declared.assignable) return;
  const from = flinkType(source.type, source.nullable);
  const to = flinkType(declared.type, !declared.notNull);
  throw new GatewayError(
    "MT-SCHEMA-TYPE",
    `column "${declared.name}" is of type ${source.type} in the query, which cannot ` +
      `become ${declared.type}`,
    {
      hint: "Cast it in the query.",
      flink: validation(
        `Incompatible types for sink column '${declared.name}' at position ${index}. ` +
          `The source column has type '${from}', while the target column has type '${to}'.`,
      ),
    },
  );
}

/**
 * `typed`: names of the declared columns, which a key makes NOT NULL; null: nullability is left to
 * publishing.
 */
function checkKeyColumn(
  name: string,
  keyName: string,
  columns: readonly Column[],
  typed: readonly string[] | null,
): void {
  const column = columns.find((candidate) => candidate.name === name);
  if (column === undefined) {
    throw new GatewayError(
      "MT-SCHEMA-PK-MISSING",
      `primary key column "${name}" is no column of the table`,
      {
        flink: validation(`Primary key column '${name}' is not defined in the schema`),
      },
    );
  }
  if (typed === null || typed.includes(name) || !column.nullable) return;
  throw new GatewayError("MT-SCHEMA-PK-NULLABLE", `primary key column "${name}" may be null`, {
    flink: validation(`Invalid primary key '${keyName}'. Column '${name}' is nullable.`),
  });
}

function duplicate(name: string): GatewayError {
  return new GatewayError("MT-SCHEMA-DUPLICATE", `column "${name}" is listed twice`);
}
