// One level of a query (a SELECT, or a set operation of several): its output columns with what is
// known of them. The recursion over levels that analyse.ts starts.

import type { Node, SelectStmt } from "libpg-query";
import { locality, type LevelFacts } from "./locality.ts";
import type { LocalityReason } from "./query-analysis.ts";
import { type Block, type Output, renamed, type Surroundings } from "./query-block.ts";
import { functionName } from "./query-catalog.ts";
import { namesOf } from "./ast.ts";
import type { Pass } from "./passes.ts";
import { buildScope, columnRefs, type Scope } from "./scope.ts";
import { type Trace, traceExpression } from "./trace.ts";

/** Analyses a level and all below it. */
export function analyseBlock(select: SelectStmt, outer: Surroundings): Block {
  const around = withCtes(select, outer);
  if (select.larg && select.rarg) return combine(select, select.larg, select.rarg, around);
  if (select.valuesLists) return valuesBlock(select.valuesLists);
  const scope = buildScope(select, around);
  const facts: LevelFacts = { select, scope, catalog: around.definitions.catalog };
  const outputs = (select.targetList ?? []).map((target) =>
    outputOf("ResTarget" in target ? target.ResTarget : {}, facts),
  );
  return { outputs, relations: scope.relations, condenses: scope.condenses || condenses(facts) };
}

function outputOf(
  target: { readonly name?: string; readonly val?: Node },
  facts: LevelFacts,
): Output {
  const { scope } = facts;
  const origins = scope.originsIn(target.val);
  const bases = new Set(origins.flatMap((origin) => [...origin.bases]));
  const notLocal = locality(target.val, bases, facts);
  const traces = traceExpression(target.val, (column) => scope.resolve(column)?.traces ?? []);
  return {
    name: target.name ?? nameOf(target.val),
    notNull: isNotNull(target.val, facts),
    traces,
    notLocal,
    bases,
    passes: notLocal === null ? outputPasses(target.val, traces, scope) : [],
  };
}

/** Of a column itself, or of a monotone function of a single one. */
function outputPasses(
  node: Node | undefined,
  traces: readonly Trace[],
  scope: Scope,
): readonly Pass[] {
  if (!node) return [];
  if ("ColumnRef" in node) return scope.passes(node);
  const [reference, ...others] = columnRefs(node);
  if (!reference || others.length > 0 || traces.length === 0) return [];
  return scope.passes(reference).map((pass) => ({ ...pass, plain: false }));
}

function nameOf(node: Node | undefined): string {
  if (!node || !("ColumnRef" in node)) return "?column?";
  return namesOf(node.ColumnRef.fields)?.at(-1) ?? "?column?";
}

function isNotNull(node: Node | undefined, facts: LevelFacts): boolean {
  if (!node || facts.scope.hasGroupingSets) return false;
  if ("ColumnRef" in node) return facts.scope.resolve(node)?.notNull ?? false;
  if ("A_Const" in node) return node.A_Const.isnull !== true;
  if ("TypeCast" in node) {
    const inner = node.TypeCast.arg;
    return inner !== undefined && "A_Const" in inner && inner.A_Const.isnull !== true;
  }
  if ("CoalesceExpr" in node) {
    return (node.CoalesceExpr.args ?? []).some((arg) => isNotNull(arg, facts));
  }
  if (!("FuncCall" in node)) return false;
  const name = functionName(namesOf(node.FuncCall.funcname) ?? []);
  const ranks = ["row_number", "rank", "dense_rank"];
  return name === "count" || (node.FuncCall.over !== undefined && ranks.includes(name));
}

function condenses({ select, scope }: LevelFacts): boolean {
  const { limitCount, limitOffset, groupClause, havingClause, distinctClause } = select;
  const clause = limitCount ?? limitOffset ?? groupClause ?? havingClause ?? distinctClause;
  return clause !== undefined || scope.hasAggregates || scope.hasWindows;
}

/**
 * UNION, INTERSECT, EXCEPT: columns by place. Restricting each branch by itself is right for all
 * three.
 */
function combine(
  select: SelectStmt,
  left: SelectStmt,
  right: SelectStmt,
  around: Surroundings,
): Block {
  const a = analyseBlock(left, around);
  const b = analyseBlock(right, around);
  const limited = (select.limitCount ?? select.limitOffset) !== undefined;
  const limit: LocalityReason = { code: "LIMIT", message: "LIMIT cuts across partitions" };
  const outputs = a.outputs.map((output, index): Output => {
    const other = b.outputs[index];
    const unknown: LocalityReason = { code: "LINEAGE", message: "a branch could not be followed" };
    const notLocal = limited ? limit : (output.notLocal ?? (other ? other.notLocal : unknown));
    return {
      name: output.name,
      notNull: output.notNull && (other?.notNull ?? false),
      traces: [...output.traces, ...(other?.traces ?? [])],
      notLocal,
      bases: new Set([...output.bases, ...(other?.bases ?? [])]),
      passes: notLocal === null ? [...output.passes, ...(other?.passes ?? [])] : [],
    };
  });
  return {
    outputs,
    relations: new Set([...a.relations, ...b.relations]),
    condenses: a.condenses || b.condenses || limited || select.all !== true,
  };
}

function valuesBlock(lists: readonly Node[]): Block {
  const first = lists[0];
  const width = first && "List" in first ? (first.List.items ?? []).length : 0;
  const outputs = Array.from({ length: width }, (_, index) => ({
    name: `column${index + 1}`,
    notNull: false,
    traces: [],
    notLocal: null,
    bases: new Set<number>(),
    passes: [],
  }));
  return { outputs, relations: new Set(), condenses: false };
}

/** The surroundings with the level's own WITH queries. Those are in sight for all that follow. */
function withCtes(select: SelectStmt, outer: Surroundings): Surroundings {
  const list = select.withClause?.ctes ?? [];
  if (list.length === 0) return outer;
  const ctes = new Map(outer.ctes);
  const around: Surroundings = { ...outer, ctes };
  for (const node of list) {
    if (!("CommonTableExpr" in node)) continue;
    const cte = node.CommonTableExpr;
    const name = cte.ctename ?? "";
    const query = cte.ctequery;
    const inner = query && "SelectStmt" in query ? query.SelectStmt : null;
    const references = countReferences(select, name);
    const recursive = (select.withClause?.recursive ?? false) && mentions(inner, name);
    const block =
      inner && !recursive ? renamed(analyseBlock(inner, around), cte.aliascolnames) : null;
    ctes.set(name, { block, references });
  }
  return around;
}

function mentions(value: unknown, name: string): boolean {
  return countReferences(value, name) > 0;
}

function countReferences(value: unknown, name: string): number {
  let count = 0;
  const look = (inner: unknown): void => {
    if (typeof inner !== "object" || inner === null) return;
    const range = (inner as { RangeVar?: { relname?: string; schemaname?: string } }).RangeVar;
    if (range?.relname === name && range.schemaname === undefined) count++;
    for (const each of Object.values(inner)) look(each);
  };
  look(value);
  return count;
}
