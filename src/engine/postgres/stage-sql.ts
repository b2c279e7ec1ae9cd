// The SELECT that computes the rows of a scope: the canonical query with the base tables restricted
// inside it, and the partition predicate around it. The predicate alone says which rows come out;
// the restrictions only spare the server from reading what cannot.

import { assert } from "../../common/assert.ts";
import { ident, join, literal, type Sql, sql, trusted } from "../../common/sql.ts";
import type { BaseRestriction, RefreshScope } from "../refresh-step.ts";
import { columnList, type LiveTable, scopePredicate } from "./target-sql.ts";

export interface StageQuery {
  readonly query: string;
  readonly scope: RefreshScope;
  readonly restrictions: readonly BaseRestriction[];
}

/** All columns of the table, in the order of its row type. */
export function stageSelect(stage: StageQuery, table: LiveTable): Sql {
  const query = restrictedQuery(stage.query, stage.restrictions);
  const rows = sql`SELECT ${columnList(table.columns, "q")} FROM (${query}) AS q`;
  if (stage.scope.kind === "whole") return rows;
  return sql`${rows} WHERE ${scopePredicate(stage.scope, table, "q")}`;
}

/** The canonical text with a condition at each place; ranges of one place are alternatives. */
export function restrictedQuery(query: string, restrictions: readonly BaseRestriction[]): Sql {
  const places = new Map<string, BaseRestriction[]>();
  for (const restriction of restrictions) {
    const { open, alias, aliasColumn } = restriction.place;
    const key = `${open} ${alias}.${aliasColumn}`;
    places.set(key, [...(places.get(key) ?? []), restriction]);
  }
  const groups = [...places.values()].toSorted((a, b) => openOf(b) - openOf(a));
  // From the end to the beginning, so that offsets stay true. Nested levels would break that: an
  // outer WHERE may contain an inner place.
  let insertions: { at: number; text: Sql }[] = [];
  for (const group of groups) insertions = [...insertions, ...insertionsOf(group)];
  insertions.sort((a, b) => a.at - b.at);
  let result = trusted("");
  let from = 0;
  for (const { at, text } of insertions) {
    assert(at >= from && at <= query.length, "places of restrictions lie in the query");
    result = sql`${result}${trusted(query.slice(from, at))}${text}`;
    from = at;
  }
  return sql`${result}${trusted(query.slice(from))}`;
}

function openOf(group: readonly BaseRestriction[]): number {
  return group[0]?.place.open ?? 0;
}

function insertionsOf(group: readonly BaseRestriction[]): { at: number; text: Sql }[] {
  const [first] = group;
  if (!first) return [];
  const { where, open, close } = first.place;
  const condition = sql`(${join(group.map(rangeCondition), " OR ")})`;
  if (!where) return [{ at: open, text: sql` WHERE ${condition}` }];
  return [
    { at: open, text: sql` ${condition} AND (` },
    { at: close, text: trusted(")") },
  ];
}

function rangeCondition(range: BaseRestriction): Sql {
  const column = ident(range.place.alias, range.place.aliasColumn);
  const low = bound(range, range.from, "least");
  const high = bound(range, range.to, "greatest");
  return sql`(${column} >= ${low} AND ${column} < ${high})`;
}

function bound(range: BaseRestriction, text: string, widest: "least" | "greatest"): Sql {
  const type = trusted(range.columnType);
  if (range.zone === null || text === "-infinity") return sql`${literal(text)}::${type}`;
  const zone = literal(range.zone);
  const hasOffset = /(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(text.slice(10));
  const local = hasOffset
    ? sql`timezone(${zone}, ${literal(text)}::timestamptz)`
    : sql`${literal(text)}::timestamp`;
  // The offset of the day before, of the moment, and of the day after: a change of the clock is
  // among them.
  return sql`${trusted(widest)}(
    timezone(${zone}, ${local} - interval '1 day') + interval '24 hours',
    timezone(${zone}, ${local}),
    timezone(${zone}, ${local} + interval '1 day') - interval '24 hours')`;
}
