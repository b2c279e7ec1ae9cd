// ALTER BACKFILL '<id>' PAUSE | RESUME | CANCEL | RETRY FAILED.

export const backfillActions = ["PAUSE", "RESUME", "CANCEL", "RETRY FAILED"] as const;

export interface AlterBackfill {
  readonly kind: "alter-backfill";
  readonly backfill: string;
  readonly action: (typeof backfillActions)[number];
}
