// Flink's interface of workflow schedulers, for programs: what makes, changes and removes the
// workflow that refreshes a materialized table. Sluice brings one (embedded-workflow-scheduler.ts);
// others are found through factories (scheduler-factories.ts).

/** Names a refresh workflow in its scheduler. Pure reference: it can be stored and read back. */
export interface RefreshHandler {
  /** For people. */
  asSummaryString(): string;
}

/** Writes handlers of one scheduler as bytes, and reads them back. */
export interface RefreshHandlerSerializer<Handler extends RefreshHandler> {
  serialize(handler: Handler): Uint8Array;
  /** Throws SluiceError GW-REQUEST for bytes that are no handler. */
  deserialize(bytes: Uint8Array): Handler;
}

export interface CreateRefreshWorkflow {
  /** Names the workflow in the database of its table; `refresh_<table>` if it is left out. */
  readonly workflowId?: string;
  /** In words. */
  readonly workflowName?: string;
  /** `table`, `database.table` or `catalog.database.table`. */
  readonly tableIdentifier: string;
  /** Quartz (6 or 7 fields) or Unix (5); needed if it is periodic. */
  readonly cronExpression?: string;
  /** False: it runs once, at once. True if there is a cron expression and this is left out. */
  readonly isPeriodic?: boolean;
  /** The partition to be refreshed, by column; the data interval decides if it is left out. */
  readonly staticPartitions?: Readonly<Record<string, string>>;
  /** IANA name; UTC if it is left out. */
  readonly timeZone?: string;
  /**
   * `refresh.condition`: a query, or an expression, that must yield true for a run to do its work.
   * Other keys that begin with `refresh.` are options of the table and set on it.
   */
  readonly refreshConfig?: Readonly<Record<string, string>>;
  /**
   * Options of the workflow (`retries`, `timeout`, `queue`, …) count; others, such as those of
   * Flink's jobs, are kept as tags of the workflow, without effect.
   */
  readonly executionConfig?: Readonly<Record<string, string>>;
}

/** What a modification is about: the handler, or the id that the workflow was created with. */
export type WorkflowReference<Handler extends RefreshHandler> =
  | { readonly handler: Handler }
  | { readonly workflowId: string };

export type WorkflowAction =
  /** Its schedule stops; what runs, runs on. */
  | { readonly action: "PAUSE" }
  /** Its schedule runs from now on; with options, they are set as by `refreshConfig`. */
  | { readonly action: "RESUME"; readonly dynamicOptions?: Readonly<Record<string, string>> }
  | { readonly action: "CHANGE_SCHEDULE"; readonly cronExpression: string };

export type ModifyRefreshWorkflow<Handler extends RefreshHandler> = WorkflowReference<Handler> &
  WorkflowAction;

export type DeleteRefreshWorkflow<Handler extends RefreshHandler> = WorkflowReference<Handler>;

/** All methods reject with SluiceError. */
export interface WorkflowScheduler<Handler extends RefreshHandler = RefreshHandler> {
  /** To be called before anything else; idempotent. */
  open(): Promise<void>;
  /** Releases what `open` took; may be called without it. Workflows stay. */
  close(): Promise<void>;
  getRefreshHandlerSerializer(): RefreshHandlerSerializer<Handler>;
  /** Periodic or one-time. */
  createRefreshWorkflow(create: CreateRefreshWorkflow): Promise<Handler>;
  modifyRefreshWorkflow(modify: ModifyRefreshWorkflow<Handler>): Promise<void>;
  /** Idempotent. */
  deleteRefreshWorkflow(remove: DeleteRefreshWorkflow<Handler>): Promise<void>;
}
