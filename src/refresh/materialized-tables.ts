// The service of materialized tables: everything a statement can do to one, by name. It resolves and checks, then
// writes definition, storage, workflow and queued work in one transaction; it never computes a row itself (that is the
// refresher's, reached through the scheduler). Throws GatewayError for whatever the user can put right.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import type { RequestedMode } from "../catalog/refresh-mode.ts";
import type { InstanceId } from "../common/ids.ts";
import type {
  AlterQuery,
  CreateTable,
  DetailRow,
  IntervalLiteral,
  PartitionRow,
  RefreshTable,
  TableAltered,
  TableCreated,
} from "./table-requests.ts";

/** Which verb asks; Flink words a missing table differently for each. */
export type TableVerb = "alter" | "suspend" | "resume" | "refresh" | "drop" | "show create";

export interface MaterializedTables {
  /** The definition, or MT-NOTFOUND / MT-NOT-MT with the verb's sentence. */
  get(identifier: ObjectIdentifier, verb: TableVerb): Promise<MaterializedTable>;

  create(request: CreateTable): Promise<TableCreated>;
  createOrAlter(request: CreateTable): Promise<TableCreated>;
  /** Cancels running work, waits for its end outside any transaction, then drops in one. */
  drop(
    identifier: ObjectIdentifier,
    how: { readonly ifExists: boolean; readonly cascade: boolean },
  ): Promise<void>;

  /** Options: only `cancel`. */
  suspend(identifier: ObjectIdentifier, options: Readonly<Record<string, string>>): Promise<void>;
  /** Options are stored as by setOptions. */
  resume(
    identifier: ObjectIdentifier,
    options: Readonly<Record<string, string>>,
  ): Promise<TableAltered>;
  /** Queues a run and returns at once; its state is the scheduler's to tell. */
  refresh(request: RefreshTable): Promise<{ readonly instanceId: InstanceId }>;

  setFreshness(identifier: ObjectIdentifier, freshness: IntervalLiteral): Promise<TableAltered>;
  setRefreshMode(identifier: ObjectIdentifier, mode: RequestedMode): Promise<TableAltered>;
  setOptions(
    identifier: ObjectIdentifier,
    options: Readonly<Record<string, string>>,
  ): Promise<TableAltered>;
  resetOptions(identifier: ObjectIdentifier, keys: readonly string[]): Promise<TableAltered>;
  alterQuery(request: AlterQuery): Promise<TableAltered>;
  rename(identifier: ObjectIdentifier, newName: string): Promise<TableAltered>;
  comment(identifier: ObjectIdentifier, comment: string | null): Promise<TableAltered>;

  /** The plan as text, one line an item; nothing is written. */
  explainCreate(request: CreateTable): Promise<string>;
  explainAlterQuery(request: AlterQuery): Promise<string>;
  explainRefresh(request: RefreshTable): Promise<string>;

  partitions(identifier: ObjectIdentifier): Promise<readonly PartitionRow[]>;
  /** What DESCRIBE EXTENDED adds below the columns: mode and why, freshness, health, lag, last and next run. */
  details(identifier: ObjectIdentifier): Promise<readonly DetailRow[]>;
}
