// The closed lists of words that the views use.

export const instanceStatuses = [
  "PENDING",
  "RUNNING",
  "SUCCESSFUL",
  "FAILED",
  "CANCELED",
  "SKIPPED",
] as const;

export const runStatuses = ["SUCCESSFUL", "FAILED", "CANCELED", "SKIPPED"] as const;

export const backfillStatuses = [
  "PENDING",
  "RUNNING",
  "PAUSED",
  "SUCCESSFUL",
  "FAILED",
  "CANCELED",
] as const;

export const tableStatuses = ["ACTIVATED", "SUSPENDED"] as const;

export const cellStates = [
  "MISSING",
  "STALE",
  "QUEUED",
  "RUNNING",
  "FRESH",
  "FAILED",
  "FROZEN",
] as const;

export const workflowKinds = ["table", "user"] as const;

export const commandStatuses = ["PENDING", "SUCCESSFUL", "FAILED"] as const;

export const commandKinds = [
  "refresh",
  "backfill",
  "suspend",
  "resume",
  "execute-workflow",
  "backfill-workflow",
] as const;

export const notificationStatuses = ["PENDING", "SENT", "GIVEN_UP"] as const;
