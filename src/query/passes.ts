// Which rows of which relations a value of an output column depends on: a pass is one reference of
// a relation of which only rows with that value in one column matter. If every reference of a
// relation passes by one column, a change of its rows with the value k can change only result rows
// with the value k (or with a function of k): that is how a refreshed partition finds the
// partitions that read it. Fails closed: what is not followed here makes no pass, and then all is
// affected.

import type { JoinExpr, Node, SelectStmt } from "libpg-query";
import { namesOf, shapeOf, walk } from "./ast.ts";
import type { RelationPass } from "./query-analysis.ts";

export interface Pass {
  /** `schema.name`. */
  readonly relation: string;
  readonly column: string;
  /** Tells the references of a relation apart. */
  readonly occurrence: string;
  /** False: the output is a monotone function of the column. */
  readonly plain: boolean;
}

/** What a column reference stands for at one level, as far as passes go. */
export interface PassingColumn {
  readonly passes: readonly Pass[];
  /** On the side of an outer join that is filled with NULLs. */
  readonly nullable: boolean;
}

/**
 * The passes of a column reference: its own, and those of columns that are equal to it wherever
 * their rows matter.
 */
export function passesOf(
  reference: Node,
  select: SelectStmt,
  find: (node: Node) => PassingColumn | null,
): readonly Pass[] {
  const own = find(reference);
  // NULL may stand there for a row of the other side: its changes move rows between two values.
  if (own === null || own.nullable) return [];
  const linked = linkedColumns(reference, select, find);
  const passes = new Map<string, Pass>();
  for (const node of linked) {
    for (const pass of find(node)?.passes ?? []) {
      passes.set(`${pass.occurrence} ${pass.column}`, pass);
    }
  }
  return [...passes.values()];
}

interface Link {
  readonly left: Node;
  readonly right: Node;
  /** False: it counts from left to right only. */
  readonly both: boolean;
}

function linkedColumns(
  reference: Node,
  select: SelectStmt,
  find: (node: Node) => PassingColumn | null,
): readonly Node[] {
  const links = linksOf(select).filter(({ left, right }) => find(left) && find(right));
  const found = new Map([[shapeOf(reference), reference]]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const { left, right, both } of links) {
      if (found.has(shapeOf(left))) found.set(shapeOf(right), right);
      if (both && found.has(shapeOf(right))) found.set(shapeOf(left), left);
    }
  }
  return [...found.values()];
}

/**
 * Equalities that every row of the level fulfils, and those by which the right side of a left join
 * finds its rows: a row of that side matters only where it is equal.
 */
function linksOf(select: SelectStmt): Link[] {
  const links = equalitiesIn(select.whereClause).map((pair) => ({ ...pair, both: true }));
  for (const node of select.fromClause ?? []) links.push(...linksOfJoin(node));
  return links;
}

function linksOfJoin(node: Node | undefined): Link[] {
  if (!node || !("JoinExpr" in node)) return [];
  const { jointype, larg, rarg, quals } = node.JoinExpr;
  const pairs = [...equalitiesIn(quals), ...usingPairs(node.JoinExpr)];
  if (jointype === "JOIN_INNER") {
    const own = pairs.map((pair) => ({ ...pair, both: true }));
    return [...own, ...linksOfJoin(larg), ...linksOfJoin(rarg)];
  }
  if (jointype !== "JOIN_LEFT") return [];
  const rightSide = aliasesIn(rarg);
  const isRight = (column: Node) => rightSide.has(aliasOf(column) ?? "");
  const directed = pairs.flatMap(({ left, right }): Link[] => {
    if (isRight(right) && !isRight(left)) return [{ left, right, both: false }];
    return isRight(left) && !isRight(right) ? [{ left: right, right: left, both: false }] : [];
  });
  return [...directed, ...linksOfJoin(larg)];
}

type Pair = Pick<Link, "left" | "right">;

/** `a = b` of two column references, from a condition taken apart at AND. */
function equalitiesIn(condition: Node | undefined): Pair[] {
  if (!condition) return [];
  if ("BoolExpr" in condition && condition.BoolExpr.boolop === "AND_EXPR") {
    return (condition.BoolExpr.args ?? []).flatMap((arg) => equalitiesIn(arg));
  }
  if (!("A_Expr" in condition)) return [];
  const { kind, name, lexpr, rexpr } = condition.A_Expr;
  if (kind !== "AEXPR_OP" || namesOf(name)?.at(-1) !== "=" || !lexpr || !rexpr) return [];
  if (!("ColumnRef" in lexpr) || !("ColumnRef" in rexpr)) return [];
  return [{ left: lexpr, right: rexpr }];
}

function usingPairs({ usingClause, larg, rarg }: JoinExpr): Pair[] {
  const column = (alias: string, name: string): Node => ({
    ColumnRef: { fields: [alias, name].map((sval) => ({ String: { sval } })) },
  });
  return (namesOf(usingClause) ?? []).flatMap((name) =>
    [...aliasesIn(larg)].flatMap((a) =>
      [...aliasesIn(rarg)].map((b) => ({ left: column(a, name), right: column(b, name) })),
    ),
  );
}

function aliasOf(column: Node): string | null {
  const names = "ColumnRef" in column ? namesOf(column.ColumnRef.fields) : null;
  return names?.length === 2 ? (names[0] ?? null) : null;
}

/** Aliases of everything in a FROM item, sub-queries not looked into. */
function aliasesIn(node: Node | undefined): Set<string> {
  const found = new Set<string>();
  walk(node, (kind, fields) => {
    if (kind === "SelectStmt") return false;
    const alias = (fields["alias"] as { aliasname?: string } | undefined)?.aliasname;
    if (kind === "RangeVar") found.add(alias ?? String(fields["relname"]));
    else if (kind.startsWith("Range") && alias !== undefined) found.add(alias);
    return true;
  });
  return found;
}

/** For the stored analysis: how many references of each relation pass, by which column. */
export function countPasses(passes: readonly Pass[]): readonly RelationPass[] {
  const counted = new Map<string, RelationPass>();
  const seen = new Set<string>();
  for (const { relation, column, occurrence, plain } of passes) {
    if (seen.has(`${occurrence} ${column}`)) continue;
    seen.add(`${occurrence} ${column}`);
    const key = JSON.stringify([relation, column]);
    const known = counted.get(key);
    counted.set(key, {
      relation,
      column,
      references: (known?.references ?? 0) + 1,
      plain: plain && (known?.plain ?? true),
    });
  }
  return [...counted.values()];
}
