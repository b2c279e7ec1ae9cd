// What /metrics shows of tasks and refreshes of this gateway, in Prometheus' format. Labels are of
// closed sets: never names of tables, which would make a series for each.

import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** A refresh that has ended; counts are rows of its table, zeros if it published nothing. */
export interface RefreshEnd {
  /** `succeeded`, `skipped`, `failed`, `canceled` or `fenced`. */
  readonly outcome: string;
  /** Null if it published nothing. */
  readonly tactic: string | null;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

export interface RunMetrics {
  /** A task was claimed here and starts, so long after it was due. */
  taskStarted(trigger: string, delaySeconds: number): void;
  /** The same task's end; `fenced`: another gateway has it by now. */
  taskEnded(action: string, outcome: string, durationSeconds: number): void;
  /** A backend was ended because the gateway that a task ran in is lost. */
  backendReaped(): void;
  /** In addition to `taskEnded`, if the task was a refresh. */
  refreshEnded(end: RefreshEnd): void;
}

/** Registers the metrics, each with its zero where its labels are known beforehand. */
export function registerRunMetrics(registry: Registry): RunMetrics {
  const tasks = taskMetrics(registry);
  const registers = [registry];
  const refreshes = new Counter({
    name: "sluice_refreshes_total",
    help: "Refreshes that ended here, by outcome and publishing tactic.",
    labelNames: ["outcome", "tactic"],
    registers,
  });
  const rows = new Counter({
    name: "sluice_refresh_rows_total",
    help: "Rows of materialized tables that refreshes changed.",
    labelNames: ["change"],
    registers,
  });
  for (const change of ["inserted", "updated", "deleted"]) rows.inc({ change }, 0);
  return {
    ...tasks,
    refreshEnded({ outcome, tactic, inserted, updated, deleted }) {
      refreshes.inc({ outcome, tactic: tactic ?? "none" });
      rows.inc({ change: "inserted" }, inserted);
      rows.inc({ change: "updated" }, updated);
      rows.inc({ change: "deleted" }, deleted);
    },
  };
}

function taskMetrics(registry: Registry): Omit<RunMetrics, "refreshEnded"> {
  const registers = [registry];
  const running = new Gauge({
    name: "sluice_tasks_running",
    help: "Tasks that run in this gateway.",
    registers,
  });
  const claimed = new Counter({
    name: "sluice_tasks_claimed_total",
    help: "Tasks that this gateway claimed, by trigger.",
    labelNames: ["trigger"],
    registers,
  });
  const delay = new Histogram({
    name: "sluice_task_start_delay_seconds",
    help: "From the moment a task was due until it was claimed, by the database's clock.",
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600, 3600],
    registers,
  });
  const duration = new Histogram({
    name: "sluice_task_duration_seconds",
    help: "From the start of a task to its end, by what it does and its outcome.",
    labelNames: ["action", "outcome"],
    buckets: [0.01, 0.05, 0.2, 1, 5, 30, 120, 600, 3600],
    registers,
  });
  const fenced = new Counter({
    name: "sluice_tasks_fenced_total",
    help: "Tasks that this gateway lost to another while they ran.",
    registers,
  });
  const reaped = new Counter({
    name: "sluice_backends_reaped_total",
    help: "Backends of lost gateways' tasks that were ended before the tasks were taken over.",
    registers,
  });
  return {
    taskStarted(trigger, delaySeconds) {
      running.inc();
      claimed.inc({ trigger });
      delay.observe(Math.max(0, delaySeconds));
    },
    taskEnded(action, outcome, durationSeconds) {
      running.dec();
      duration.observe({ action, outcome }, durationSeconds);
      if (outcome === "fenced") fenced.inc();
    },
    backendReaped: () => reaped.inc(),
  };
}
