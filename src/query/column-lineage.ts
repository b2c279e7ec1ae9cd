// Which columns of base relations feed each column of a query, by PostgreSQL's parse tree of its
// canonical text: plain references, expressions, aggregates and windows, joins, sub-queries, WITH
// (recursive too), set operations; views are opened. What rows are filtered or joined by feeds no
// column. A column of which some part cannot be followed is a gap: it has no sources, and says why.
// Pure.

import type { Node, SelectStmt, SubLink, WindowDef } from "libpg-query";
import { namesOf, parseCanonical } from "./ast.ts";
import {
  type ColumnSource,
  type Feed,
  gapFeed,
  mergeFeeds,
  noFeed,
  stepped,
} from "./column-feed.ts";
import {
  type Ctes,
  type FedColumn,
  type LineageScope,
  lineageScope,
  type LineageTools,
  referenceFeed,
  starColumns,
} from "./lineage-scope.ts";
import { type CatalogRelation, functionName, type QueryCatalog } from "./query-catalog.ts";

/** One column of the query. */
export interface ColumnLineage {
  readonly column: string;
  readonly sources: readonly ColumnSource[];
  /** Why the sources are not known, as a phrase; null: they are. */
  readonly gap: string | null;
}

/** `select`: the canonical query; null if it could not be parsed. */
export function columnLineage(
  select: SelectStmt | null,
  catalog: QueryCatalog,
  names: readonly string[],
): readonly ColumnLineage[] {
  const outputs = select ? new Lineage(catalog).yields(select, new Map(), null) : [];
  return names.map((column, at) => {
    const feed = outputs[at]?.feed ?? gapFeed("the query's text could not be followed");
    return { column, sources: [...feed.sources.values()], gap: feed.gap };
  });
}

/** A recursive query is followed until nothing new feeds it, which is soon. */
const mostRounds = 10;

class Lineage implements LineageTools {
  readonly #catalog: QueryCatalog;
  /** Views are followed once; null while one is being followed. */
  readonly #views = new Map<number, readonly FedColumn[] | null>();

  constructor(catalog: QueryCatalog) {
    this.#catalog = catalog;
  }

  relation(schema: string, name: string): CatalogRelation | undefined {
    return this.#catalog.relations.find((one) => one.schema === schema && one.name === name);
  }

  view(relation: CatalogRelation): readonly FedColumn[] | null {
    const known = this.#views.get(relation.oid);
    if (known !== undefined) return known;
    this.#views.set(relation.oid, null);
    const select = relation.definition === null ? null : parseCanonical(relation.definition);
    const columns = select && this.yields(select, new Map(), null);
    this.#views.set(relation.oid, columns);
    return columns;
  }

  yields(select: SelectStmt, outerCtes: Ctes, outer: LineageScope | null): readonly FedColumn[] {
    const ctes = this.#withCtes(select, outerCtes, outer);
    if (select.larg && select.rarg) {
      return union(this.yields(select.larg, ctes, outer), this.yields(select.rarg, ctes, outer));
    }
    if (select.valuesLists) return this.#values(select.valuesLists, ctes, outer);
    const scope = lineageScope(select, ctes, outer, this);
    return (select.targetList ?? []).flatMap((target) => {
      const { name, val } = "ResTarget" in target ? target.ResTarget : {};
      const fields = val && "ColumnRef" in val ? (val.ColumnRef.fields ?? []) : [];
      if (fields.some((field) => "A_Star" in field)) return starColumns(fields, scope);
      const own = namesOf(fields)?.at(-1);
      const feed = this.#feed(val, { scope, ctes, windows: select.windowClause ?? [] });
      return [{ name: name ?? own ?? "?column?", feed }];
    });
  }

  feedOf(part: unknown, scope: LineageScope, ctes: Ctes): Feed {
    return this.#feed(part, { scope, ctes, windows: [] });
  }

  #values(lists: readonly Node[], ctes: Ctes, outer: LineageScope | null): FedColumn[] {
    const scope = outer ?? { items: [], merged: new Set<string>(), outer: null };
    const rows = lists.map((list) => ("List" in list ? (list.List.items ?? []) : []));
    return (rows[0] ?? []).map((_, at) => ({
      name: `column${at + 1}`,
      feed: mergeFeeds(rows.map((row) => this.feedOf(row[at], scope, ctes))),
    }));
  }

  #withCtes(select: SelectStmt, outerCtes: Ctes, outer: LineageScope | null): Ctes {
    const list = select.withClause?.ctes ?? [];
    if (list.length === 0) return outerCtes;
    const ctes = new Map(outerCtes);
    for (const node of list) {
      if (!("CommonTableExpr" in node)) continue;
      const { ctename = "", ctequery, aliascolnames } = node.CommonTableExpr;
      const query = ctequery && "SelectStmt" in ctequery ? ctequery.SelectStmt : null;
      if (!query) continue;
      const names = namesOf(aliascolnames) ?? [];
      const recursive = select.withClause?.recursive === true && query.larg !== undefined;
      const columns = recursive
        ? this.#recursive(ctename, query, names, { ctes, outer })
        : this.yields(query, ctes, outer);
      ctes.set(ctename, renamed(columns, names));
    }
    return ctes;
  }

  /** The first arm feeds the name; then the whole, until it is fed by nothing more. */
  #recursive(
    name: string,
    query: SelectStmt,
    names: readonly string[],
    { ctes, outer }: { readonly ctes: Ctes; readonly outer: LineageScope | null },
  ): readonly FedColumn[] {
    let columns = query.larg ? this.yields(query.larg, ctes, outer) : [];
    for (let round = 0; round < mostRounds; round++) {
      const bound = new Map(ctes).set(name, renamed(columns, names));
      const next = this.yields(query, bound, outer);
      if (shape(next) === shape(columns)) return next;
      columns = next;
    }
    return columns.map((column) => ({ ...column, feed: gapFeed("the recursion did not settle") }));
  }

  /** The union of what feeds a part of the tree, with the strongest step on the way. */
  #feed(part: unknown, level: Level): Feed {
    if (part === undefined) return noFeed;
    if (isNode(part, "ColumnRef")) {
      return referenceFeed(part.ColumnRef.fields ?? [], level.scope);
    }
    const feeds = this.#inside(part, level);
    return stepped(mergeFeeds(feeds.length === 0 ? [noFeed] : feeds), "EXPRESSION");
  }

  #inside(part: unknown, level: Level): Feed[] {
    if (Array.isArray(part)) return part.map((each) => this.#feed(each, level));
    if (typeof part !== "object" || part === null) return [];
    if (isNode(part, "SubLink")) return [this.#subLink(part.SubLink, level)];
    if (isNode(part, "SelectStmt")) {
      return this.yields(part.SelectStmt, level.ctes, level.scope).map((column) => column.feed);
    }
    if (isNode(part, "FuncCall")) {
      const { funcname, over, ...rest } = part.FuncCall;
      const name = functionName(namesOf(funcname) ?? []);
      const known = this.#catalog.functions.find((each) => each.name === name);
      const condenses = over !== undefined || known?.kind === "aggregate";
      const feeds = Object.values(rest).map((each) => this.#feed(each, level));
      if (over !== undefined) feeds.push(this.#window(over, level));
      return [stepped(mergeFeeds(feeds), condenses ? "AGGREGATION" : "EXPRESSION")];
    }
    return Object.values(part).map((each) => this.#feed(each, level));
  }

  /** A row's rank or running sum depends on what the window goes by. */
  #window(over: WindowDef, level: Level): Feed {
    const named = over.name ?? over.refname;
    const base = level.windows.flatMap((node) =>
      "WindowDef" in node && named !== undefined && node.WindowDef.name === named
        ? [node.WindowDef]
        : [],
    );
    const parts = [over, ...base].flatMap((window) => [
      this.#feed(window.partitionClause, level),
      this.#feed(window.orderClause, level),
    ]);
    return mergeFeeds(parts);
  }

  /** Of EXISTS the conditions are the value; of all others what the sub-query yields. */
  #subLink({ subLinkType, testexpr, subselect }: SubLink, level: Level): Feed {
    const select = subselect && "SelectStmt" in subselect ? subselect.SelectStmt : null;
    if (!select) return gapFeed("a sub-query could not be read");
    if (subLinkType === "EXISTS_SUBLINK") {
      if (select.larg) return gapFeed("a set operation under EXISTS is not followed");
      const ctes = this.#withCtes(select, level.ctes, level.scope);
      const scope = lineageScope(select, ctes, level.scope, this);
      return this.feedOf(select.whereClause, scope, ctes);
    }
    const yielded = this.yields(select, level.ctes, level.scope).map((column) => column.feed);
    return mergeFeeds([...yielded, this.#feed(testexpr, level)]);
  }
}

interface Level {
  readonly scope: LineageScope;
  readonly ctes: Ctes;
  readonly windows: readonly Node[];
}

function isNode<K extends "ColumnRef" | "SubLink" | "SelectStmt" | "FuncCall">(
  part: unknown,
  kind: K,
): part is Extract<Node, Readonly<Record<K, unknown>>> {
  return typeof part === "object" && part !== null && kind in part;
}

function union(left: readonly FedColumn[], right: readonly FedColumn[]): FedColumn[] {
  return left.map(({ name, feed }, at) => ({
    name,
    feed: mergeFeeds([feed, right[at]?.feed ?? gapFeed("a branch could not be followed")]),
  }));
}

function renamed(columns: readonly FedColumn[], names: readonly string[]): readonly FedColumn[] {
  return columns.map((column, at) => ({ ...column, name: names[at] ?? column.name }));
}

/** Equal for columns that are fed by the same. */
function shape(columns: readonly FedColumn[]): string {
  return JSON.stringify(
    columns.map(({ feed }) => [
      feed.gap,
      [...feed.sources].map(([key, source]) => `${key} ${source.transformation}`).sort(),
    ]),
  );
}
