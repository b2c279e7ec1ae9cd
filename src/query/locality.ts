// Is an output column of one level a key by which the result falls apart into slices that depend
// only on their own rows? Sums, ranks and limits must not reach across two values of it. A relation
// that is merely joined or looked up row by row (a dimension, EXISTS, the table itself once more)
// does not count: when it changes, slices are stale, whichever way they are recomputed.

import type { Node, SelectStmt, WindowDef } from "libpg-query";
import { namesOf, walk } from "./ast.ts";
import type { LocalityCode, LocalityReason } from "./query-analysis.ts";
import { functionName, type QueryCatalog } from "./query-catalog.ts";
import { isMomentary } from "./query-notes.ts";
import { columnRefs, type Scope, walkLevel } from "./scope.ts";

export interface LevelFacts {
  readonly select: SelectStmt;
  readonly scope: Scope;
  readonly catalog: QueryCatalog;
}

/**
 * Null if the level is local to `key`, else the first reason why not. `bases`: the relations the
 * key comes from.
 */
export function locality(
  key: Node | undefined,
  bases: ReadonlySet<number>,
  facts: LevelFacts,
): LocalityReason | null {
  if (!key) return reason("LINEAGE", "the column has no expression");
  return (
    ofClauses(key, facts) ??
    ofWindows(key, facts) ??
    ofSources(key, facts) ??
    ofOtherSources(key, bases, facts) ??
    ofSubqueries(bases, facts)
  );
}

function reason(code: LocalityCode, message: string): LocalityReason {
  return { code, message };
}

function ofClauses(key: Node, { select, scope, catalog }: LevelFacts): LocalityReason | null {
  if (select.limitCount ?? select.limitOffset) {
    return reason("LIMIT", "LIMIT cuts across partitions");
  }
  if (isMomentary(key, catalog)) {
    return reason("NONDETERMINISTIC", "the column depends on the moment or on chance");
  }
  if (hasSubquery(key)) return reason("LINEAGE", "the column is computed by a sub-query");
  if (scope.hasGroupingSets) {
    return reason("GROUPING_SETS", "grouping sets make totals across partitions");
  }
  const grouped = select.groupClause !== undefined;
  if (!grouped && (scope.hasAggregates || select.havingClause)) {
    return reason("SCALAR_AGG", "an aggregate without GROUP BY condenses all partitions");
  }
  // Whatever the server lets stand beside GROUP BY and is no aggregate has one value in a group.
  if (callsAggregate(key, catalog)) {
    return reason("AGG_KEY", "the column is an aggregate: a row moves when its group changes");
  }
  const distinct = (select.distinctClause ?? []).filter((node) => Object.keys(node).length > 0);
  if (distinct.length > 0 && !isMadeOf(key, distinct, scope)) {
    return reason("DISTINCT_ON", "DISTINCT ON chooses a row across partitions");
  }
  return null;
}

function hasSubquery(key: Node): boolean {
  let found = false;
  walk(key, (kind) => {
    if (kind === "SubLink") found = true;
  });
  return found;
}

function callsAggregate(key: Node, catalog: QueryCatalog): boolean {
  let found = false;
  walkLevel(key, (kind, fields) => {
    if (kind !== "FuncCall" || fields["over"] !== undefined) return;
    const name = functionName(namesOf(fields["funcname"] as Node[]) ?? []);
    if (catalog.functions.find((each) => each.name === name)?.kind === "aggregate") found = true;
  });
  return found;
}

/** Every window must lie within one value of the key: the key is a function of its PARTITION BY. */
function ofWindows(key: Node, { select, scope }: LevelFacts): LocalityReason | null {
  const windows: WindowDef[] = [];
  for (const part of [select.targetList, select.sortClause]) {
    walkLevel(part, (kind, fields) => {
      if (kind === "FuncCall" && fields["over"]) windows.push(fields["over"] as WindowDef);
    });
  }
  const named = new Map<string, WindowDef>();
  for (const node of select.windowClause ?? []) {
    if ("WindowDef" in node) named.set(node.WindowDef.name ?? "", node.WindowDef);
  }
  for (const window of windows) {
    const partition = partitionOf(window, named, 0);
    if (!isMadeOf(key, partition, scope)) {
      return reason("WINDOW", "a window function looks across partitions");
    }
  }
  return null;
}

/** PARTITION BY of a window, which may build on a named one. */
function partitionOf(
  window: WindowDef,
  named: ReadonlyMap<string, WindowDef>,
  depth: number,
): readonly Node[] {
  if (window.partitionClause) return window.partitionClause;
  const base =
    named.get(window.refname ?? "") ?? (depth === 0 ? named.get(window.name ?? "") : null);
  return base && depth < 20 ? partitionOf(base, named, depth + 1) : [];
}

/** True if `key` is a function of `parts`: where they are equal, it is. */
function isMadeOf(key: Node, parts: readonly Node[], scope: Scope): boolean {
  const shapes = new Set(parts.map((part) => scope.shape(part)));
  let made = true;
  const look = (node: unknown): void => {
    if (typeof node !== "object" || node === null || !made) return;
    const wrapped = node as Node;
    if (Object.keys(node).length === 1 && shapes.has(scope.shape(wrapped))) return;
    if ("ColumnRef" in node || "SubLink" in node) made = false;
    else if ("FuncCall" in node && wrapped && "FuncCall" in wrapped && wrapped.FuncCall.over)
      made = false;
    else for (const inner of Object.values(node)) look(inner);
  };
  look(key);
  return made;
}

/** What the key is made of must be local where it comes from, and known. */
function ofSources(key: Node, { scope }: LevelFacts): LocalityReason | null {
  if (scope.items.some((item) => item.recursive)) {
    return reason("RECURSIVE", "a recursive query is computed as a whole");
  }
  for (const reference of columnRefs(key)) {
    const origin = scope.resolve(reference);
    if (origin?.notLocal) return origin.notLocal;
    if (!origin && !isRowwise(reference, scope)) {
      return reason("LINEAGE", "the origin of the column could not be followed");
    }
  }
  return null;
}

/** A column of a set-returning function in FROM: rows come one by one from the row beside it. */
function isRowwise(reference: Node, scope: Scope): boolean {
  const names = "ColumnRef" in reference ? namesOf(reference.ColumnRef.fields) : null;
  const item = scope.items.find((each) => each.alias === names?.[0]);
  return names?.length === 2 && item !== undefined && item.columns === null && !item.recursive;
}

/**
 * A sub-query in FROM that condenses rows of the key's own relations must be equal to the key in a
 * column.
 */
function ofOtherSources(
  key: Node,
  bases: ReadonlySet<number>,
  { scope }: LevelFacts,
): LocalityReason | null {
  const used = new Set(columnRefs(key).map((reference) => scope.itemOf(reference)));
  for (const item of scope.items) {
    if (used.has(item) || !item.block?.condenses || !meets(item.block.relations, bases)) continue;
    const linked = columnRefs(key).some((reference) => {
      const names = [...(item.columns?.entries() ?? [])];
      return names.some(([name, origin]) => {
        const fields = [item.alias, name].map((sval) => ({ String: { sval } }));
        const twin: Node = { ColumnRef: { fields } };
        return origin.notLocal === null && scope.shape(twin) === scope.shape(reference);
      });
    });
    if (!linked) {
      return reason("SUBQUERY", `the sub-query ${item.alias} condenses rows across partitions`);
    }
  }
  return null;
}

function meets(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  return [...a].some((each) => b.has(each));
}

/** Sub-queries in expressions that condense rows of the key's own relations. */
function ofSubqueries(bases: ReadonlySet<number>, facts: LevelFacts): LocalityReason | null {
  const { select, catalog } = facts;
  let found = false;
  for (const part of [select.targetList, select.whereClause, select.havingClause]) {
    walk(part, (kind, fields) => {
      if (kind !== "SubLink") return;
      if (
        condensesInside(fields["subselect"], catalog) &&
        reads(fields["subselect"], bases, catalog)
      ) {
        found = true;
      }
    });
  }
  return found ? reason("SUBQUERY", "a sub-query condenses rows across partitions") : null;
}

function condensesInside(subselect: unknown, catalog: QueryCatalog): boolean {
  let found = false;
  walk(subselect, (kind, fields) => {
    if (kind === "SelectStmt" && (fields["limitCount"] ?? fields["groupClause"])) found = true;
    if (kind !== "FuncCall") return;
    const name = functionName(namesOf(fields["funcname"] as Node[]) ?? []);
    const aggregate = catalog.functions.find((each) => each.name === name)?.kind === "aggregate";
    if (aggregate || fields["over"] !== undefined) found = true;
  });
  return found;
}

/**
 * Views count as reading everything they stand on, which the snapshot does not tell apart: fail
 * closed.
 */
function reads(subselect: unknown, bases: ReadonlySet<number>, catalog: QueryCatalog): boolean {
  let found = false;
  walk(subselect, (kind, fields) => {
    if (kind !== "RangeVar") return;
    const relation = catalog.relations.find(
      (each) =>
        each.name === fields["relname"] && each.schema === (fields["schemaname"] ?? "pg_catalog"),
    );
    if (!relation || relation.kind === "view" || bases.has(relation.oid)) found = true;
  });
  return found;
}
