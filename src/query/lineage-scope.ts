// The FROM clause of one level as lineage sees it: what each name in sight is fed by. A name with
// several possible meanings has none.

import type { Alias, JoinExpr, Node, RangeSubselect, RangeVar, SelectStmt } from "libpg-query";
import { namesOf } from "./ast.ts";
import { columnFeed, type Feed, gapFeed, mergeFeeds, stepped } from "./column-feed.ts";
import type { CatalogRelation } from "./query-catalog.ts";

/** A column that a level yields. */
export interface FedColumn {
  readonly name: string;
  readonly feed: Feed;
}

/** One thing in FROM. */
interface Item {
  readonly alias: string;
  readonly columns: readonly FedColumn[];
  /** What any other column of it is fed by; null: it has no others. */
  readonly rest: Feed | null;
}

export interface LineageScope {
  readonly items: readonly Item[];
  /** Names that USING or NATURAL made one of both sides. */
  readonly merged: ReadonlySet<string>;
  /** The level around, for what is correlated. */
  readonly outer: LineageScope | null;
}

/** What FROM items are made with. */
export interface LineageTools {
  /** Columns of a query inside; `outer` is what it may refer to. */
  yields(select: SelectStmt, ctes: Ctes, outer: LineageScope | null): readonly FedColumn[];
  /** The union of what an expression or part of a tree is fed by. */
  feedOf(part: unknown, scope: LineageScope, ctes: Ctes): Feed;
  relation(schema: string, name: string): CatalogRelation | undefined;
  /** Columns of a view by its definition; null: it could not be followed. */
  view(relation: CatalogRelation): readonly FedColumn[] | null;
}

export type Ctes = ReadonlyMap<string, readonly FedColumn[]>;

const systemColumns = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"];

export function lineageScope(
  select: SelectStmt,
  ctes: Ctes,
  outer: LineageScope | null,
  tools: LineageTools,
): LineageScope {
  const items: Item[] = [];
  const merged = new Set<string>();
  const scope: LineageScope = { items, merged, outer };
  for (const node of select.fromClause ?? []) {
    items.push(...itemsOf(node, { scope, ctes, tools, merged }));
  }
  return scope;
}

interface Place {
  /** Items to the left are in it already: LATERAL may refer to them. */
  readonly scope: LineageScope;
  readonly ctes: Ctes;
  readonly tools: LineageTools;
  readonly merged: Set<string>;
}

function itemsOf(node: Node, place: Place): Item[] {
  if ("JoinExpr" in node) return joinItems(node.JoinExpr, place);
  if ("RangeVar" in node) return [rangeItem(node.RangeVar, place)];
  if ("RangeSubselect" in node) return [subselectItem(node.RangeSubselect, place)];
  if ("RangeTableSample" in node && node.RangeTableSample.relation) {
    return itemsOf(node.RangeTableSample.relation, place);
  }
  return [functionItem(node, place)];
}

/** A function, XMLTABLE, JSON_TABLE: each column may come from any argument. */
function functionItem(node: Node, { scope, ctes, tools }: Place): Item {
  const fields = Object.values(node)[0] as { readonly alias?: Alias };
  const rest = stepped(tools.feedOf(fields, scope, ctes), "EXPRESSION");
  const names = namesOf(fields.alias?.colnames) ?? [];
  return {
    alias: fields.alias?.aliasname ?? "",
    columns: names.map((name) => ({ name, feed: rest })),
    rest,
  };
}

function subselectItem(range: RangeSubselect, { scope, ctes, tools }: Place): Item {
  const alias = range.alias?.aliasname ?? "";
  const inner = range.subquery && "SelectStmt" in range.subquery ? range.subquery.SelectStmt : null;
  if (!inner) return { alias, columns: [], rest: gapFeed("a sub-query could not be read") };
  const columns = tools.yields(inner, ctes, scope);
  return { alias, columns: called(columns, range.alias), rest: null };
}

function rangeItem(range: RangeVar, { ctes, tools }: Place): Item {
  const name = range.relname ?? "";
  const alias = range.alias?.aliasname ?? name;
  const cte = range.schemaname === undefined ? ctes.get(name) : undefined;
  if (cte) return { alias, columns: called(cte, range.alias), rest: null };
  const schema = range.schemaname ?? "pg_catalog";
  const relation = tools.relation(schema, name);
  if (!relation) {
    return { alias, columns: [], rest: gapFeed(`the columns of ${schema}.${name} are not known`) };
  }
  const inView = relation.definition === null ? null : tools.view(relation);
  if (relation.definition !== null && inView === null) {
    return {
      alias,
      columns: [],
      rest: gapFeed(`the view ${schema}.${name} could not be followed`),
    };
  }
  const own = relation.columns.map(({ name: column }, at) => ({
    name: column,
    feed: inView
      ? (inView[at]?.feed ?? gapFeed(`the view ${schema}.${name} could not be followed`))
      : columnFeed(relation.schema, relation.name, column),
  }));
  const columns = called(own, range.alias);
  if (inView) return { alias, columns, rest: null };
  const system = systemColumns.map((column) => ({
    name: column,
    feed: columnFeed(relation.schema, relation.name, column),
  }));
  return { alias, columns: [...columns, ...system], rest: null };
}

/** The columns called as an alias list says. */
function called(columns: readonly FedColumn[], alias: Alias | undefined): readonly FedColumn[] {
  const names = namesOf(alias?.colnames) ?? [];
  return columns.map((column, at) => ({ ...column, name: names[at] ?? column.name }));
}

function joinItems(join: JoinExpr, place: Place): Item[] {
  const merged = new Set<string>();
  const inside: Place = { ...place, merged };
  const left = join.larg ? itemsOf(join.larg, inside) : [];
  const inSight = { ...place.scope, items: [...place.scope.items, ...left] };
  const right = join.rarg ? itemsOf(join.rarg, { ...inside, scope: inSight }) : [];
  const using = join.isNatural ? commonNames(left, right) : (namesOf(join.usingClause) ?? []);
  for (const name of using) merged.add(name);
  const both = [...left, ...right];
  const usingAlias = join.join_using_alias?.aliasname;
  const shared = using.map((name) => ({ name, feed: sharedFeed(join, left, right, name) }));
  if (join.alias) {
    const others = both
      .flatMap((item) => item.columns)
      .filter(({ name }) => !using.includes(name) && !systemColumns.includes(name));
    const columns = called([...shared, ...others], join.alias);
    const rest = both.find((item) => item.rest !== null)?.rest ?? null;
    return [{ alias: join.alias.aliasname ?? "", columns, rest }];
  }
  for (const name of merged) place.merged.add(name);
  return usingAlias === undefined
    ? both
    : [...both, { alias: usingAlias, columns: shared, rest: null }];
}

/** Of an outer join the side that is not filled with NULLs has the value; of a full one, either. */
function sharedFeed(
  { jointype }: JoinExpr,
  left: readonly Item[],
  right: readonly Item[],
  name: string,
): Feed {
  const merged = new Set([name]);
  if (jointype === "JOIN_FULL") return found([...left, ...right], merged, name);
  return found(jointype === "JOIN_RIGHT" ? right : left, merged, name);
}

function commonNames(left: readonly Item[], right: readonly Item[]): string[] {
  const names = (items: readonly Item[]) =>
    new Set(items.flatMap((item) => item.columns.map((column) => column.name)));
  const there = names(right);
  return [...names(left)].filter((name) => there.has(name) && !systemColumns.includes(name));
}

/** What a reference is fed by: `column`, `alias.column`, `alias`, `alias.*`. */
export function referenceFeed(fields: readonly Node[], scope: LineageScope): Feed {
  const star = fields.some((field) => "A_Star" in field);
  const names = namesOf(fields.filter((field) => !("A_Star" in field)));
  const said = (names ?? []).join(".");
  for (let level: LineageScope | null = scope; level !== null; level = level.outer) {
    const feed = names && feedAt(names, star, level);
    if (feed) return feed;
  }
  return gapFeed(`the origin of ${said} could not be followed`);
}

/** Null: nothing of that name at this level. */
function feedAt(names: readonly string[], star: boolean, level: LineageScope): Feed | null {
  const [first = "", second] = names;
  if (second !== undefined && !star) {
    const items = level.items.filter((item) => item.alias === first);
    return items.length === 0 ? null : found(items, level.merged, second);
  }
  if (!star) {
    const feeds = matches(level.items, first);
    if (feeds.length > 0) return found(level.items, level.merged, first);
  }
  const whole = level.items.filter((item) => item.alias === first);
  if (whole.length === 1) return stepped(wholeRow(whole), "EXPRESSION");
  const open = level.items.filter((item) => item.rest !== null);
  return open.length === 1 && level.items.length === 1 ? (open[0]?.rest ?? null) : null;
}

function wholeRow(items: readonly Item[]): Feed {
  return mergeFeeds(
    items.flatMap((item) => [
      ...item.columns
        .filter((column) => !systemColumns.includes(column.name))
        .map((column) => column.feed),
      ...(item.rest === null ? [] : [item.rest]),
    ]),
  );
}

function matches(items: readonly Item[], name: string): Feed[] {
  return items.flatMap((item) =>
    item.columns.filter((column) => column.name === name).map((column) => column.feed),
  );
}

/** The column of that name among the items: one, or one that a join merged. */
function found(items: readonly Item[], merged: ReadonlySet<string>, name: string): Feed {
  const feeds = matches(items, name);
  if (feeds.length === 1 || (feeds.length > 1 && merged.has(name))) return mergeFeeds(feeds);
  const open = items.filter((item) => item.rest !== null);
  if (feeds.length > 1) return gapFeed(`${name} could mean several columns`);
  const [only] = open;
  return only?.rest && open.length === 1
    ? only.rest
    : gapFeed(`the origin of ${name} could not be followed`);
}

/** All columns in sight, for a star in a list of targets. */
export function starColumns(fields: readonly Node[], scope: LineageScope): readonly FedColumn[] {
  const alias = namesOf(fields.filter((field) => !("A_Star" in field)))?.at(-1);
  return scope.items
    .filter((item) => alias === undefined || item.alias === alias)
    .flatMap((item) => item.columns.filter(({ name }) => !systemColumns.includes(name)));
}
