// Refreshes of materialized tables, for programs: asked for, watched, canceled. The same door,
// queue and history as REFRESH statements and slots of the schedule.

import { asId, type InstanceId } from "../common/ids.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { sql } from "../common/sql.ts";
import { asOurs, identify, type ProgramServices, tableOf } from "./program-services.ts";
import { type MaterializedTableRefreshStatus, readRefreshStatus } from "./refresh-status.ts";

/** Names one refresh. */
export interface OperationHandle {
  /** Of the workflow instance; the `job id` of a REFRESH statement. */
  readonly operationId: string;
}

export interface RefreshOptions {
  /** `table`, `database.table` or `catalog.database.table`. */
  readonly tableIdentifier: string;
  /**
   * True: the partitions that a scheduled time is about, as the table's own schedule would refresh
   * them. False: what `staticPartitions` names, or all of it.
   */
  readonly isPeriodic: boolean;
  /** `yyyy-MM-dd HH:mm:ss` in `timeZone`; needed if `isPeriodic`, without meaning otherwise. */
  readonly scheduleTime?: string | null;
  /** UTC if it is left out. */
  readonly timeZone?: string;
  /** `force` counts; Flink's options for jobs change nothing here. */
  readonly dynamicOptions?: Readonly<Record<string, string>>;
  /** Some or all of the partition columns. */
  readonly staticPartitions?: Readonly<Record<string, string>>;
  /** Flink's options for jobs; taken, without effect. */
  readonly executionConfig?: Readonly<Record<string, string>>;
}

/** All methods reject with SluiceError. */
export class MaterializedTableManager {
  readonly #services: ProgramServices;

  constructor(services: ProgramServices) {
    this.#services = services;
  }

  /**
   * Queues it and returns. Rejects with MT-NOTFOUND, MT-SPEC-*, MT-TIME-*; a cron expression as
   * `scheduleTime` is refused: a schedule is a workflow's.
   */
  async refreshMaterializedTable(options: RefreshOptions): Promise<OperationHandle> {
    const { tables, catalog } = this.#services;
    return asOurs(async () => {
      const identifier = identify(options.tableIdentifier, catalog.catalogName);
      const { scheduleTime = null, timeZone = "UTC", staticPartitions = {} } = options;
      if (options.isPeriodic) {
        refuseCron(scheduleTime);
        const { instanceId } = await tables.refreshAt({ identifier, scheduleTime, timeZone });
        return { operationId: instanceId };
      }
      const partition = Object.keys(staticPartitions).length === 0 ? null : staticPartitions;
      const { force } = options.dynamicOptions ?? {};
      const { instanceId } = await tables.refresh({
        identifier,
        partition,
        cascade: false,
        options: force === undefined ? {} : { force },
      });
      return { operationId: instanceId };
    });
  }

  /** Rejects with MT-NOTFOUND. */
  async getRefreshStatus(tableIdentifier: string): Promise<MaterializedTableRefreshStatus> {
    return asOurs(async () => {
      const table = await tableOf(this.#services, tableIdentifier);
      const running = await this.#services.monitoring.progress();
      return readRefreshStatus(this.#services.database, table, running);
    });
  }

  /**
   * Asks for the end of a refresh; its SQL is canceled in the server, and nothing of it stays.
   * Rejects with MT-NOTFOUND, WF-JOB-UNKNOWN for an operation that is not one of this table, and
   * WF-JOB-ENDED.
   */
  async cancelRefresh(tableIdentifier: string, handle: OperationHandle): Promise<void> {
    const id = await this.#instanceOf(tableIdentifier, handle);
    const { database, scheduler } = this.#services;
    const wasOpen = await asOurs(() => database.transaction((tx) => scheduler.cancel(tx, id)));
    if (wasOpen) return;
    throw new GatewayError("WF-JOB-ENDED", `refresh "${handle.operationId}" has ended already`);
  }

  /** Resolves when the refresh has ended, however; rejects with WF-JOB-UNKNOWN, or by `signal`. */
  async awaitRefresh(
    tableIdentifier: string,
    handle: OperationHandle,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<MaterializedTableRefreshStatus> {
    const id = await this.#instanceOf(tableIdentifier, handle);
    await asOurs(() => this.#services.scheduler.awaitEnd(id, signal));
    return this.getRefreshStatus(tableIdentifier);
  }

  /** Identifiers of all materialized tables, `catalog.database.table`. */
  async listMaterializedTables(): Promise<readonly string[]> {
    const rows = await asOurs(() =>
      this.#services.database.query<{ name: string }>(sql`
        SELECT format('%I.%I.%I', catalog, database, name) AS name
        FROM sluice.materialized_tables ORDER BY database, name`),
    );
    return rows.map((row) => row.name);
  }

  #instanceOf(tableIdentifier: string, { operationId }: OperationHandle): Promise<InstanceId> {
    return asOurs(async () => {
      const { database, name } = (await tableOf(this.#services, tableIdentifier)).identifier;
      const rows = await this.#services.database.query(sql`
        SELECT FROM sluice.workflow_instances
        WHERE instance_id = ${operationId} AND database = ${database}
          AND workflow = ${`table:${name}`}`);
      if (rows.length > 0) return asId<InstanceId>(operationId);
      throw new GatewayError(
        "WF-JOB-UNKNOWN",
        `materialized table "${name}" has no refresh "${operationId}"`,
      );
    });
  }
}

function refuseCron(scheduleTime: string | null): void {
  const fields = scheduleTime?.trim().split(/\s+/) ?? [];
  if (fields.length < 5) return;
  throw new GatewayError("MT-TIME-PARSE", `scheduler time "${scheduleTime}" cannot be read`, {
    detail: "It looks like a cron expression; a refresh is about one time, yyyy-MM-dd HH:mm:ss.",
    hint: "createRefreshWorkflow makes a schedule.",
  });
}
