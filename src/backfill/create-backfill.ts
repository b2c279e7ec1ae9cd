// BACKFILL: planned and written in one transaction, the cascade with it. Nothing runs here.

import { GatewayError } from "../common/gateway-error.ts";
import type { Tx } from "../common/pg.ts";
import { readClock } from "../workflows/stored-workflow.ts";
import type { NewBackfill } from "../scheduler/backfill-runs.ts";
import { type BackfillOptions, readOptions } from "./backfill-options.ts";
import type { BackfillRequest, BackfillServices, PlannedInterval } from "./backfills.ts";
import { type CascadeStep, planCascade } from "./cascade.ts";
import { loadEstimate } from "./estimates.ts";
import type { Planned } from "./plan.ts";
import { type Plan, planTable } from "./plan-table.ts";
import { planWorkflow } from "./plan-workflow.ts";

/** Throws BF-*, MT-*, WF-*. */
export function createBackfill(
  services: BackfillServices,
  request: BackfillRequest,
): Promise<{ readonly backfillId: string; readonly total: number }> {
  const options = readOptions(request.options);
  return services.database.transaction(async (tx) => {
    const plan = await planOf(tx, services, request, { ...options, withRows: false });
    const { from, to, target } = request;
    const variables = target.kind === "workflow" ? target.variables : {};
    const written = { range: { from, to }, options: request.options };
    const root: NewBackfill = {
      ...newBackfill(plan, options, written),
      variables,
    };
    const backfillId = await services.runs.create(tx, root);
    for (const step of await cascadeOf(tx, services, plan, options)) {
      await services.runs.create(tx, {
        ...newBackfill(step.plan, { ...options, queue: null }, written),
        parent: { id: backfillId, level: step.level },
      });
    }
    return { backfillId, total: plan.intervals.length };
  });
}

/** Writes nothing. Throws as `createBackfill` does, an overlap left out. */
export function dryRunBackfill(
  services: BackfillServices,
  request: BackfillRequest,
): Promise<readonly PlannedInterval[]> {
  const options = readOptions(request.options);
  return services.database.transaction(async (tx) => {
    const plan = await planOf(tx, services, request, { ...options, withRows: true });
    const estimate = await loadEstimate(tx, plan);
    return ordered(plan.intervals, options).map((planned, ordinal): PlannedInterval => {
      const run = planned.reason === null;
      const rows = planned.rowCount ?? times(estimate.rows, planned.cells);
      return {
        ordinal,
        intervalStart: planned.interval?.start ?? null,
        intervalEnd: planned.interval?.end ?? null,
        partition: planned.partition,
        reason: planned.reason,
        estimatedRows: run ? rows : null,
        estimatedMs: run ? times(estimate.milliseconds, planned.cells) : null,
        variables:
          planned.interval === null ? null : (plan.variablesOf?.(planned.interval) ?? null),
      };
    });
  });
}

function planOf(
  tx: Tx,
  services: BackfillServices,
  { target, from, to }: BackfillRequest,
  options: BackfillOptions & { readonly withRows: boolean },
): Promise<Plan> {
  const { identifier } = target;
  const range = { from, to };
  if (target.kind === "table") return planTable(tx, services, { identifier, range }, options);
  if (options.cascade) {
    throw new GatewayError("BF-OPTION-VALUE", "option 'cascade' is for materialized tables", {
      hint: "A workflow has its tasks for what comes after.",
    });
  }
  const { variables } = target;
  return planWorkflow(tx, { identifier, range, variables }, options);
}

async function cascadeOf(
  tx: Tx,
  { catalog }: BackfillServices,
  { table, period }: Plan,
  { cascade, force }: BackfillOptions,
): Promise<readonly CascadeStep[]> {
  if (!cascade || table === null) return [];
  const now = await readClock(tx);
  return planCascade(tx, catalog, { table, period }, { force, now });
}

/** A plan as the scheduler takes it, in the order of running. */
export function newBackfill(
  plan: Plan,
  options: BackfillOptions,
  written: Pick<NewBackfill, "range" | "options">,
): NewBackfill {
  const { parallelism, queue, throttle: throttled, force } = options;
  const { workflowId, period, table } = plan;
  return {
    ...written,
    workflowId,
    period,
    parallelism,
    queue,
    exclusive: true,
    throttled,
    variables: {},
    request: table === null ? { throttled } : { kind: "backfill", force, throttled },
    parent: null,
    intervals: ordered(plan.intervals, options).map(({ interval, partition, reason }) => ({
      interval,
      partition,
      reason,
    })),
  };
}

function ordered(
  intervals: readonly Planned[],
  { order }: Pick<BackfillOptions, "order">,
): readonly Planned[] {
  return order === "descending" ? intervals.toReversed() : intervals;
}

function times(amount: number | null, cells: number): number | null {
  return amount === null ? null : Math.round(amount * cells);
}
