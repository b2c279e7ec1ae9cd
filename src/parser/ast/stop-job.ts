// STOP JOB '<id>' [WITH SAVEPOINT] [WITH DRAIN].

export interface StopJob {
  readonly kind: "stop-job";
  readonly job: string;
  readonly savepoint: boolean;
  readonly drain: boolean;
}
