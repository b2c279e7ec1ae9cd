// What the FROM clause of one level brings into sight, and what its column references mean. A
// reference with several possible meanings has none: on PostgreSQL 18 canonical text leaves the
// qualifier out where a level has one relation.

import type { Alias, JoinExpr, Node, RangeSubselect, RangeVar, SelectStmt } from "libpg-query";
import { namesOf, shapeOf, walk } from "./ast.ts";
import { type Pass, passesOf } from "./passes.ts";
import { type Block, type Origin, renamed, type Surroundings } from "./query-block.ts";
import type { CatalogRelation, QueryCatalog } from "./query-catalog.ts";
import { functionName } from "./query-catalog.ts";
import { temporalTypeOf, type Trace } from "./trace.ts";

/** One thing in FROM with an alias. */
export interface FromItem {
  readonly alias: string;
  /** Null: its columns are not known (a function, VALUES, an aliased join). */
  readonly columns: ReadonlyMap<string, Origin> | null;
  /** Null for a plain relation. */
  readonly block: Block | null;
  readonly recursive: boolean;
  /** On the side of an outer join that is filled with NULLs. */
  readonly nullable: boolean;
}

export interface Scope {
  readonly items: readonly FromItem[];
  /** OIDs of everything read at this level and below, sub-queries in expressions included. */
  readonly relations: ReadonlySet<number>;
  /** True if something below condenses rows. */
  readonly condenses: boolean;
  readonly hasAggregates: boolean;
  readonly hasWindows: boolean;
  readonly hasGroupingSets: boolean;
  /** Null for what is not a reference into this level, or not for certain. */
  resolve(reference: Node): Origin | null;
  /** The item a reference points into. */
  itemOf(reference: Node): FromItem | null;
  /** Of all references in an expression, outside its sub-queries. */
  originsIn(expression: Node | undefined): Origin[];
  /** Which references of relations a value of the column depends on. */
  passes(reference: Node): readonly Pass[];
  /** Text that is equal for expressions which `a.x = b.x` conditions make equal. */
  shape(expression: Node): string;
}

/** Calls `visit` for nodes of this level: sub-queries are left out. */
export function walkLevel(
  value: unknown,
  visit: (kind: string, fields: Readonly<Record<string, unknown>>) => boolean | void,
): void {
  walk(value, (kind, fields) => (kind === "SelectStmt" ? false : visit(kind, fields)));
}

export function buildScope(select: SelectStmt, around: Surroundings): Scope {
  const items = (select.fromClause ?? []).flatMap((node) =>
    itemsOf(node, { select, around, nullable: false }),
  );
  const find = (node: Node) => findColumn(items, node);
  const passing = (node: Node) => {
    const found = find(node);
    return found && { passes: found.origin.passes, nullable: found.item.nullable };
  };
  const equal = equalities(select, (node) => find(node) !== null);
  const seen = [select.targetList, select.havingClause, select.sortClause];
  const relations = new Set(relationsIn(select, around));
  return {
    items,
    relations,
    condenses: items.some((item) => item.block?.condenses ?? false),
    hasAggregates: seen.some((part) => callsIn(part, around, "aggregate")),
    hasWindows: seen.some((part) => callsIn(part, around, "window")),
    hasGroupingSets: (select.groupClause ?? []).some((node) => "GroupingSet" in node),
    resolve: (node) => find(node)?.origin ?? null,
    itemOf: (node) => find(node)?.item ?? null,
    originsIn(expression) {
      return columnRefs(expression).flatMap((node) => find(node)?.origin ?? []);
    },
    passes: (reference) => passesOf(reference, select, passing),
    shape: (expression) => shapeOf(replaceEqual(expression, equal)),
  };
}

/** All column references of an expression at this level. */
export function columnRefs(expression: Node | undefined): Node[] {
  const found: Node[] = [];
  walkLevel(expression, (kind, fields) => {
    if (kind === "ColumnRef") found.push({ ColumnRef: fields } as unknown as Node);
  });
  return found;
}

interface Place {
  readonly select: SelectStmt;
  readonly around: Surroundings;
  /** True on the side of an outer join that is filled with NULLs. */
  readonly nullable: boolean;
}

function itemsOf(node: Node, place: Place): FromItem[] {
  if ("JoinExpr" in node) return joinItems(node.JoinExpr, place);
  if ("RangeVar" in node) return [rangeItem(node.RangeVar, place)];
  if ("RangeSubselect" in node) return [subselectItem(node.RangeSubselect, place)];
  if ("RangeTableSample" in node && node.RangeTableSample.relation) {
    return itemsOf(node.RangeTableSample.relation, place);
  }
  const inner = Object.values(node)[0] as { readonly alias?: Alias };
  return [opaque(inner.alias?.aliasname ?? "")];
}

function opaque(alias: string): FromItem {
  return { alias, columns: null, block: null, recursive: false, nullable: false };
}

function joinItems(join: JoinExpr, place: Place): FromItem[] {
  if (join.alias) return [opaque(join.alias.aliasname ?? "")];
  const leftNull = join.jointype === "JOIN_RIGHT" || join.jointype === "JOIN_FULL";
  const rightNull = join.jointype === "JOIN_LEFT" || join.jointype === "JOIN_FULL";
  const side = (node: Node | undefined, filled: boolean) =>
    node ? itemsOf(node, { ...place, nullable: place.nullable || filled }) : [];
  return [...side(join.larg, leftNull), ...side(join.rarg, rightNull)];
}

function subselectItem(range: RangeSubselect, place: Place): FromItem {
  const alias = range.alias?.aliasname ?? "";
  const inner = range.subquery && "SelectStmt" in range.subquery ? range.subquery.SelectStmt : null;
  if (!inner) return opaque(alias);
  const block = renamed(place.around.analyse(inner, place.around), range.alias?.colnames);
  return blockItem(alias, block, place.nullable);
}

function blockItem(alias: string, block: Block, nullable: boolean): FromItem {
  const columns = new Map<string, Origin>();
  for (const output of block.outputs) {
    columns.set(output.name, { ...output, notNull: output.notNull && !nullable });
  }
  return { alias, columns, block, recursive: false, nullable };
}

function rangeItem(range: RangeVar, place: Place): FromItem {
  const alias = range.alias?.aliasname ?? range.relname ?? "";
  const cte =
    range.schemaname === undefined ? place.around.ctes.get(range.relname ?? "") : undefined;
  if (cte) {
    if (!cte.block) return { ...opaque(alias), recursive: true };
    // A WITH query that is read twice must not be narrowed for one of its readers.
    const block = renamed(
      cte.references > 1 ? untraced(cte.block) : cte.block,
      range.alias?.colnames,
    );
    return blockItem(alias, block, place.nullable);
  }
  const relation = relationOf(range, place.around);
  return relation ? relationItem(relation, range, alias, place) : opaque(alias);
}

function untraced(block: Block): Block {
  const outputs = block.outputs.map((output) => ({
    ...output,
    traces: output.traces.map((trace) => ({ ...trace, place: null })),
    passes: [],
  }));
  return { ...block, outputs };
}

function relationOf(range: RangeVar, around: Surroundings): CatalogRelation | undefined {
  return relationNamed(range, around.definitions.catalog);
}

/** The relation that a name in canonical text stands for. */
export function relationNamed(range: RangeVar, catalog: QueryCatalog): CatalogRelation | undefined {
  const schema = range.schemaname ?? "pg_catalog";
  return catalog.relations.find(
    (relation) => relation.schema === schema && relation.name === range.relname,
  );
}

function relationItem(
  relation: CatalogRelation,
  range: RangeVar,
  alias: string,
  place: Place,
): FromItem {
  const isView = relation.definition !== null;
  const block = isView ? place.around.definitions.viewBlock(relation) : null;
  const aliases = namesOf(range.alias?.colnames) ?? [];
  const columns = new Map<string, Origin>();
  const occurrence = String(range.location ?? 0);
  const pass = { relation: `${relation.schema}.${relation.name}`, occurrence, plain: true };
  relation.columns.forEach((column, index) => {
    const inView = block?.outputs[index];
    const type = temporalTypeOf(column.type);
    const name = aliases[index] ?? column.name;
    const plain: Trace[] = [];
    if (type !== null) {
      const trace: Trace = {
        relation: `${relation.schema}.${relation.name}`,
        column: column.name,
        columnType: column.type,
        indexed: column.indexed,
        transformations: [],
        valueType: type,
        place: () => place.around.text?.placeOf(place.select, alias, name) ?? null,
      };
      plain.push(trace);
      if (place.around.text) place.around.definitions.onReference(alias, trace);
    }
    columns.set(name, {
      notNull: (isView ? (inView?.notNull ?? false) : column.notNull) && !place.nullable,
      traces: [...plain, ...hiddenTraces(inView)],
      notLocal: isView ? (inView ? inView.notLocal : unfollowed(relation)) : null,
      bases: inView?.bases ?? new Set([relation.oid]),
      passes: isView ? passesInView(inView, occurrence) : [{ ...pass, column: column.name }],
    });
  });
  return { alias, columns, block, recursive: false, nullable: place.nullable };
}

/** A view that is used twice has its references twice. */
function passesInView(inView: Origin | undefined, occurrence: string): readonly Pass[] {
  return (inView?.passes ?? []).map((pass) => ({
    ...pass,
    occurrence: `${occurrence}/${pass.occurrence}`,
  }));
}

function hiddenTraces(inView: Origin | undefined): readonly Trace[] {
  return (inView?.traces ?? []).map((trace) => ({ ...trace, place: null }));
}

function unfollowed(relation: CatalogRelation): Origin["notLocal"] {
  const message = `the view ${relation.schema}.${relation.name} could not be followed`;
  return { code: "LINEAGE", message };
}

interface Found {
  readonly item: FromItem;
  readonly origin: Origin;
}

function findColumn(items: readonly FromItem[], node: Node): Found | null {
  const names = "ColumnRef" in node ? namesOf(node.ColumnRef.fields) : null;
  const column = names?.at(-1);
  if (!names || column === undefined || names.length > 2) return null;
  const alias = names.length === 2 ? names[0] : undefined;
  const inSight = items.filter((item) => alias === undefined || item.alias === alias);
  // An item whose columns are unknown might have it too.
  if (inSight.some((item) => item.columns === null) && (inSight.length > 1 || !alias)) return null;
  const found = inSight.flatMap((item) => {
    const origin = item.columns?.get(column);
    return origin ? [{ item, origin }] : [];
  });
  return found.length === 1 ? (found[0] ?? null) : null;
}

function relationsIn(select: SelectStmt, around: Surroundings): number[] {
  const found: number[] = [];
  walk({ SelectStmt: select }, (kind, fields) => {
    if (kind !== "RangeVar") return;
    const range = fields as RangeVar;
    const relation = relationOf(range, around);
    if (relation) {
      const inView = relation.definition !== null && around.definitions.viewBlock(relation);
      found.push(relation.oid, ...(inView ? inView.relations : []));
    }
    const cte = range.schemaname === undefined && around.ctes.get(range.relname ?? "");
    if (cte) found.push(...(cte.block?.relations ?? []));
  });
  return found;
}

function callsIn(part: unknown, around: Surroundings, kind: "aggregate" | "window"): boolean {
  let found = false;
  walkLevel(part, (node, fields) => {
    if (node !== "FuncCall") return;
    const name = functionName(namesOf(fields["funcname"] as Node[]) ?? []);
    const known = around.definitions.catalog.functions.find((each) => each.name === name);
    const isWindow = fields["over"] !== undefined;
    if (kind === "window" ? isWindow : !isWindow && known?.kind === "aggregate") found = true;
  });
  return found;
}

/** Shape of each column reference → shape of the first of those that are equal to it. */
function equalities(select: SelectStmt, isColumn: (node: Node) => boolean): Map<string, Node> {
  const classes: Node[][] = [];
  const join = (a: Node, b: Node) => {
    const have = (node: Node) => classes.find((c) => c.some((n) => shapeOf(n) === shapeOf(node)));
    const [left, right] = [have(a), have(b)];
    if (left && right && left !== right) {
      left.push(...right);
      classes.splice(classes.indexOf(right), 1);
    } else if (left) left.push(b);
    else if (right) right.push(a);
    else classes.push([a, b]);
  };
  for (const condition of conditionsOf(select)) {
    if (!("A_Expr" in condition)) continue;
    const { kind, name, lexpr, rexpr } = condition.A_Expr;
    const isEqual = kind === "AEXPR_OP" && namesOf(name)?.at(-1) === "=";
    if (isEqual && lexpr && rexpr && isColumn(lexpr) && isColumn(rexpr)) join(lexpr, rexpr);
  }
  const first = new Map<string, Node>();
  for (const members of classes) {
    for (const member of members) first.set(shapeOf(member), members[0] ?? member);
  }
  return first;
}

/**
 * The conditions that every row of the level fulfils: WHERE and ON of inner joins, taken apart at
 * AND.
 */
function conditionsOf(select: SelectStmt): Node[] {
  const found: Node[] = [];
  const take = (node: Node | undefined): void => {
    if (!node) return;
    if ("BoolExpr" in node && node.BoolExpr.boolop === "AND_EXPR") {
      for (const arg of node.BoolExpr.args ?? []) take(arg);
    } else found.push(node);
  };
  const joins = (node: Node | undefined): void => {
    if (!node || !("JoinExpr" in node) || node.JoinExpr.jointype !== "JOIN_INNER") return;
    take(node.JoinExpr.quals);
    found.push(...usingConditions(node.JoinExpr));
    joins(node.JoinExpr.larg);
    joins(node.JoinExpr.rarg);
  };
  take(select.whereClause);
  for (const node of select.fromClause ?? []) joins(node);
  return found;
}

/** USING as equalities; only between sides without outer joins. */
function usingConditions(join: JoinExpr): Node[] {
  const [left, right] = [innerAliases(join.larg), innerAliases(join.rarg)];
  const reference = (alias: string, name: string): Node => ({
    ColumnRef: { fields: [alias, name].map((sval) => ({ String: { sval } })) },
  });
  return (namesOf(join.usingClause) ?? []).flatMap((name) =>
    left.flatMap((a) =>
      right.map((b): Node => {
        const [lexpr, rexpr] = [reference(a, name), reference(b, name)];
        return { A_Expr: { kind: "AEXPR_OP", name: [{ String: { sval: "=" } }], lexpr, rexpr } };
      }),
    ),
  );
}

/** Aliases of a FROM item; none if it is or has an outer join. */
function innerAliases(node: Node | undefined): string[] {
  if (!node) return [];
  if ("JoinExpr" in node) {
    const { jointype, larg, rarg } = node.JoinExpr;
    if (jointype !== "JOIN_INNER") return [];
    const [left, right] = [innerAliases(larg), innerAliases(rarg)];
    return left.length > 0 && right.length > 0 ? [...left, ...right] : [];
  }
  if ("RangeVar" in node) return [node.RangeVar.alias?.aliasname ?? node.RangeVar.relname ?? ""];
  const inner = Object.values(node)[0] as { readonly alias?: Alias };
  return inner.alias?.aliasname === undefined ? [] : [inner.alias.aliasname];
}

function replaceEqual(expression: Node, equal: ReadonlyMap<string, Node>): unknown {
  if (equal.size === 0) return expression;
  const replace = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value !== "object" || value === null) return value;
    if ("ColumnRef" in value) return equal.get(shapeOf(value)) ?? value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replace(inner)]));
  };
  return replace(expression);
}
