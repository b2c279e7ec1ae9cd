// DESCRIBE BACKFILL '<id>'.

export interface DescribeBackfill {
  readonly kind: "describe-backfill";
  readonly backfill: string;
}
