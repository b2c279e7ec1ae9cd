// What a bench reports, and the form of a bench module: bench/<name>.ts exports `run`, which
// measures and gives the figures. Figures are ratios within one run where there is something to
// compare with: absolute times are the machine's.

/** One line of the table that `npm run bench` prints. */
export interface Figure {
  /** What was measured, e.g. `SELECT 1 over REST, p50, 8 sessions`. */
  readonly figure: string;
  /** The value with its unit, e.g. `2.1 ms`. */
  readonly measured: string;
  /** The same on what it is compared with, and what that is; null if there is nothing beside it. */
  readonly beside: string | null;
  /** What was asked for, e.g. `<= 4 ms`; null if the figure is only reported. */
  readonly wanted: string | null;
  /** Whether it was met; null if nothing was asked for. */
  readonly met: boolean | null;
}

/** What the command line passes on: `npm run bench -- tables --minutes 5`. */
export interface BenchOptions {
  /** For how long benches that watch a running product do so. */
  readonly minutes: number;
}

/** The export of a bench module. */
export interface BenchModule {
  run(options: BenchOptions): Promise<readonly Figure[]>;
}

/** The value at a share of the sorted samples, e.g. 0.99. NaN for no samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const index = Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1);
  return sorted[Math.max(0, index)] ?? Number.NaN;
}

/** Milliseconds for a table: three digits that mean something. */
export function showMilliseconds(value: number): string {
  if (value >= 1000) return `${(value / 1000).toPrecision(3)} s`;
  return value >= 100 ? `${Math.round(value)} ms` : `${Number(value.toPrecision(3))} ms`;
}
