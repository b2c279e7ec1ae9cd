// SHOW JOBS.

export interface ShowJobs {
  readonly kind: "show-jobs";
}
