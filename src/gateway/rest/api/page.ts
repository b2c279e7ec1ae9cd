// A page of a list: rows after the place that the cursor names, in an order whose keys are unique,
// so that rows which come or go meanwhile move no other row to another page. A cursor is opaque to
// clients: the list's name and the keys of the last row.

import { GatewayError } from "../../../common/gateway-error.ts";
import type { Queryable } from "../../../common/pg.ts";
import { ident, join, type Sql, sql, trusted } from "../../../common/sql.ts";
import { orderBy, type OrderKey, type Row, selected, toJson, type View } from "./view.ts";

export interface Page {
  readonly items: Row[];
  /** The cursor of the next page; null: this is the last. */
  readonly next: string | null;
}

export interface PageRequest {
  readonly cursor: string | null;
  /** 1 or more. */
  readonly limit: number;
  /** Conditions on `r`, all of which hold. */
  readonly conditions: readonly Sql[];
}

/** Throws GW-REQUEST for a cursor that is none of this list. */
export async function loadPage(on: Queryable, view: View, request: PageRequest): Promise<Page> {
  const after = request.cursor === null ? null : readCursor(view, request.cursor);
  const conditions = [...request.conditions];
  if (after !== null) conditions.push(isAfter(view.order, after));
  const where = conditions.length === 0 ? trusted("true") : join(conditions, " AND ");
  const keys = join(view.order.map(({ column }) => sql`r.${ident(column)}::text`));
  const rows = await on.query<Row & { readonly "cursor keys": readonly string[] }>(sql`
    SELECT ${selected(view)}, ARRAY[${keys}] AS "cursor keys"
    FROM ${view.relation} AS r WHERE ${where}
    ORDER BY ${orderBy(view)} LIMIT ${request.limit + 1}`);
  const shown = rows.slice(0, request.limit);
  const last = rows.length > request.limit ? shown.at(-1) : undefined;
  return {
    items: shown.map((row) => toJson(view, row)),
    next: last === undefined ? null : writeCursor(view, last["cursor keys"]),
  };
}

function writeCursor(view: View, keys: readonly string[]): string {
  return Buffer.from(JSON.stringify([view.name, ...keys])).toString("base64url");
}

function readCursor(view: View, cursor: string): readonly string[] {
  const [name, ...keys] = parsed(cursor);
  const fits = name === view.name && keys.length === view.order.length;
  if (!fits || !keys.every((key, at) => isKey(key, view.order[at]))) throw unreadable();
  return keys as readonly string[];
}

function parsed(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(value) ? value : [];
  } catch {
    // Not one of ours: said below, like any other text.
    return [];
  }
}

/** A cursor that somebody made up must not become an error of the server's. */
function isKey(key: unknown, order: OrderKey | undefined): boolean {
  if (typeof key !== "string" || key.includes("\0")) return false;
  switch (order?.type) {
    case "timestamptz":
      return /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/.test(key);
    case "bigint":
    case "integer":
      return /^-?\d{1,9}$/.test(key) || (order.type === "bigint" && /^\d{1,18}$/.test(key));
    default:
      return order !== undefined;
  }
}

function unreadable(): GatewayError {
  return new GatewayError("GW-REQUEST", "the cursor is none of this list", {
    hint: "Give back what the previous page has as next, unchanged.",
  });
}

/** (a, b) after (x, y), each key in its own direction; the first key alone bounds the index. */
function isAfter(order: readonly OrderKey[], values: readonly string[]): Sql {
  const alternatives = order.map((key, at) => {
    const equal = order.slice(0, at).map((one, k) => compare(one, "=", values[k] ?? ""));
    const beyond = compare(key, key.descending ? "<" : ">", values[at] ?? "");
    return sql`(${join([...equal, beyond], " AND ")})`;
  });
  const [first] = order;
  if (first === undefined) return trusted("true");
  const bound = compare(first, first.descending ? "<=" : ">=", values[0] ?? "");
  return sql`(${bound} AND (${join(alternatives, " OR ")}))`;
}

function compare({ column, type }: OrderKey, operator: string, value: string): Sql {
  return sql`r.${ident(column)} ${trusted(operator)} ${value}::${trusted(type)}`;
}
