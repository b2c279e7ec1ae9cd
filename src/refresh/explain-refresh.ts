// EXPLAIN of a refresh: the same steps that the refresher would run, as text. Pure.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import { renderFreshness } from "../catalog/freshness.ts";
import { renderPartition } from "../catalog/partition.ts";
import { unreachable } from "../common/assert.ts";
import type { Engine } from "../engine/engine.ts";
import type {
  BaseRestriction,
  RefreshScope,
  RefreshStep,
  StageStep,
} from "../engine/refresh-step.ts";
import type { RefreshPlan } from "./plan-refresh.ts";
import { modeReasons } from "./resolve-mode.ts";

/** How many partitions are listed before the rest is counted. */
const listed = 10;

/** How many partitions the printed query names before the rest is counted. */
const rendered = 8;

type Renderer = Pick<Engine, "render">;

/** The plan of one refresh. */
export function explainPlan(engine: Renderer, table: MaterializedTable, plan: RefreshPlan): string {
  const { database, name } = table.identifier;
  const lines = [`Refresh of ${database}.${name}: ${explainScope(table, plan.scope)}`];
  if (plan.wholeBecause !== null) {
    const { code, message } = plan.wholeBecause;
    lines.push(`  whole because ${message} [${code}]`);
  }
  for (const [index, step] of plan.steps.entries()) {
    const [first, ...rest] = explainStep(engine, table, step);
    lines.push(`${index + 1}. ${first}`, ...rest.map((line) => `     ${line}`));
  }
  lines.push(...plan.notes.map((note) => `Note: ${note}`));
  return lines.join("\n");
}

/**
 * What a statement would make of a table, and the plan of the refresh called `label`; null: there
 * is none.
 */
export function explainDefinition(
  engine: Renderer,
  table: MaterializedTable,
  { label, plan }: { readonly label: string; readonly plan: RefreshPlan | null },
): string {
  const { database, name } = table.identifier;
  const reason = table.modeReason as keyof typeof modeReasons | null;
  const because = reason === null ? "" : `: ${modeReasons[reason]}`;
  const lines = [
    `Table ${database}.${name}`,
    `  columns: ${table.columns.map((column) => `${column.name} ${column.type}`).join(", ")}`,
    `  primary key: ${table.primaryKey.join(", ") || "none"}`,
    `  partitioned by: ${explainPartitioning(table)}`,
    `  freshness: ${renderFreshness(table.freshness)}, time zone ${table.timeZone}`,
    `  refresh mode: ${table.refreshMode}${because}`,
    "  start: " +
      `${table.startMode.kind === "FROM_BEGINNING" ? "FROM_BEGINNING" : table.startMode.text}`,
  ];
  return [...lines, `${label}: ${plan === null ? "none" : explainPlan(engine, table, plan)}`].join(
    "\n",
  );
}

function explainPartitioning(table: MaterializedTable): string {
  if (table.partitionKeys.length === 0) return "nothing";
  return table.partitionKeys
    .map((key) => {
      const time = table.partitionTimes.find((candidate) => candidate.column === key);
      if (time === undefined) return key;
      return `${key} (${time.grain}${time.pattern === null ? "" : `, ${time.pattern}`})`;
    })
    .join(", ");
}

function explainScope(table: MaterializedTable, scope: RefreshScope): string {
  switch (scope.kind) {
    case "whole":
      return "the whole table";
    case "partitions": {
      const texts = scope.specs.map((spec) => renderPartition(spec, table.partitionKeys));
      const more = texts.length > listed ? ` and ${texts.length - listed} more` : "";
      const count = `${texts.length} partition${texts.length === 1 ? "" : "s"}`;
      return `${count}: ${texts.slice(0, listed).join(", ")}${more}`;
    }
    default:
      return unreachable(scope);
  }
}

/** The step, and details below it. */
function explainStep(
  engine: Renderer,
  table: MaterializedTable,
  step: RefreshStep,
): readonly string[] {
  switch (step.kind) {
    case "lock":
      return [`lock ${[...step.relations, "the target"].join(", ")} before the snapshot`];
    case "stage":
      return [
        `stage ${explainScope(table, step.scope)} of the query`,
        ...step.restrictions.map(explainRestriction),
        ...explainQuery(engine, table, step).map((line) => `| ${line}`),
      ];
    case "verify": {
      const key = step.primaryKey.length === 0 ? [] : [`key (${step.primaryKey.join(", ")})`];
      const limit = step.maxRows === null ? [] : [`at most ${step.maxRows} rows`];
      return [`verify ${[...key, ...limit].join(", ") || "nothing"}`];
    }
    case "publish": {
      const share = Math.round(step.rewriteAbove * 100);
      const other =
        step.tactic === "diff-apply"
          ? `; delete-insert if more than ${share} % of rows changed`
          : "";
      return [`publish by ${step.tactic}${other}`];
    }
    default:
      return unreachable(step);
  }
}

/** The query as it would be sent; of many partitions its condition names some. */
function explainQuery(
  engine: Renderer,
  table: MaterializedTable,
  step: StageStep,
): readonly string[] {
  const { columns, partitionKeys } = table;
  const { database, name } = table.identifier;
  const target = { database, name, columns, partitionKeys };
  const specs = step.scope.kind === "partitions" ? step.scope.specs : [];
  if (specs.length <= rendered) return engine.render(target, step).split("\n");
  const scope = { kind: "partitions", specs: specs.slice(0, rendered) } as const;
  const text = engine.render(target, { ...step, scope });
  return [
    ...text.split("\n"),
    `-- and ${specs.length - rendered} partitions more in the condition`,
  ];
}

function explainRestriction(range: BaseRestriction): string {
  const { relation, column, from, to } = range;
  return `${relation}: ${column} >= '${from}' AND ${column} < '${to}'`;
}
