// A documented view as JSON: which columns, under which names and types, in which order. One value
// describes the rows of a list, the answer of a single row, the schema in the document, and the
// statement behind them. Names are camelCase of the view's; times are ISO 8601 in UTC, intervals of
// time are milliseconds.

import { z } from "@hono/zod-openapi";
import type { Queryable } from "../../../common/pg.ts";
import { ident, join, type Sql, sql, trusted } from "../../../common/sql.ts";
import { type Instant, toIso } from "../../../common/time.ts";

type Kind = "text" | "time" | "milliseconds" | "number" | "boolean" | "json" | "texts";

export interface Column {
  readonly kind: Kind;
  readonly nullable: boolean;
  /** The words it can have; null: any. */
  readonly words: readonly string[] | null;
}

const plain = (kind: Kind): Column => ({ kind, nullable: false, words: null });
export const text = plain("text");
export const time = plain("time");
export const duration = plain("milliseconds");
export const number = plain("number");
export const boolean = plain("boolean");
export const json = plain("json");
export const texts = plain("texts");

export function nullable(column: Column): Column {
  return { ...column, nullable: true };
}

export function oneOf(words: readonly string[]): Column {
  return { kind: "text", nullable: false, words };
}

/** A column of the order of a list; together they are unique and never NULL. */
export interface OrderKey {
  readonly column: string;
  /** SQL type, by which the cursor's text is read. */
  readonly type: "text" | "timestamptz" | "bigint" | "integer";
  readonly descending?: boolean;
}

export interface View {
  /** Name of the schema in the document. */
  readonly name: string;
  /** The view, or a query in brackets. */
  readonly relation: Sql;
  /** camelCase of the view's columns. */
  readonly columns: Readonly<Record<string, Column>>;
  readonly order: readonly OrderKey[];
}

export type Row = Readonly<Record<string, unknown>>;

/** `nextRefresh` → `next_refresh`. */
function columnName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function schemaOf(column: Column) {
  const schema = bareSchemaOf(column);
  return column.nullable ? schema.nullable() : schema;
}

function bareSchemaOf({ kind, words }: Column) {
  switch (kind) {
    case "text":
      return words === null ? z.string() : z.enum(words);
    case "time":
      return z.string().openapi({ format: "date-time" });
    case "milliseconds":
      return z.number().openapi({ description: "Milliseconds." });
    case "number":
      return z.number();
    case "boolean":
      return z.boolean();
    case "json":
      return z.record(z.string(), z.unknown());
    case "texts":
      return z.array(z.string());
  }
}

const schemas = new Map<string, z.ZodType<Row>>();

/** One schema for a view, so that the document has one component of it. */
export function viewSchema(view: View): z.ZodType<Row> {
  const known = schemas.get(view.name);
  if (known !== undefined) return known;
  const shape = Object.entries(view.columns).map(([name, column]) => [name, schemaOf(column)]);
  const schema = z
    .object(Object.fromEntries(shape) as Record<string, z.ZodType>)
    .openapi(view.name) as z.ZodType<Row>;
  schemas.set(view.name, schema);
  return schema;
}

/** The columns as they are selected, each under its JSON name. */
export function selected(view: View): Sql {
  const columns = Object.entries(view.columns).map(([name, { kind }]) => {
    const column = sql`r.${ident(columnName(name))}`;
    const value =
      kind === "milliseconds"
        ? sql`round(extract(epoch FROM ${column}) * 1000)::double precision`
        : column;
    return sql`${value} AS ${ident(name)}`;
  });
  return join(columns);
}

/** The row as it is answered. */
export function toJson(view: View, row: Row): Row {
  const entries = Object.entries(view.columns).map(([name, { kind }]) => {
    const value = row[name] ?? null;
    return [name, kind === "time" && value !== null ? toIso(value as Instant) : value];
  });
  return Object.fromEntries(entries);
}

/** Rows that fulfil a condition, all of them, in the view's order. */
export async function loadRows(on: Queryable, view: View, condition: Sql): Promise<Row[]> {
  const rows = await on.query<Row>(sql`
    SELECT ${selected(view)} FROM ${view.relation} AS r WHERE ${condition}
    ORDER BY ${orderBy(view)}`);
  return rows.map((row) => toJson(view, row));
}

/** The one row; null if there is none. */
export async function loadRow(on: Queryable, view: View, condition: Sql): Promise<Row | null> {
  const rows = await on.query<Row>(sql`
    SELECT ${selected(view)} FROM ${view.relation} AS r WHERE ${condition} LIMIT 1`);
  return rows[0] === undefined ? null : toJson(view, rows[0]);
}

export function orderBy({ order }: View): Sql {
  return join(
    order.map(
      ({ column, descending }) => sql`r.${ident(column)} ${trusted(descending ? "DESC" : "ASC")}`,
    ),
  );
}
