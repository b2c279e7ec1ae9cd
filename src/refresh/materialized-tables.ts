// The service of materialized tables: everything a statement can do to one, by name. It resolves
// and checks, then writes definition, storage, workflow and queued work in one transaction; it
// never computes a row itself (that is the refresher's, reached through the scheduler). Throws
// GatewayError for whatever the user can put right.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import type { RequestedMode } from "../catalog/refresh-mode.ts";
import type { InstanceId } from "../common/ids.ts";
import { alterQuery } from "./alter-query.ts";
import { alterSchema } from "./alter-schema.ts";
import {
  commentTable,
  renameTable,
  resetOptions,
  resumeTable,
  setFreshness,
  setOptions,
  setRefreshMode,
  suspendTable,
} from "./alter-table.ts";
import { createOrAlterTable } from "./create-or-alter.ts";
import { createTable } from "./create-table.ts";
import { dropTable } from "./drop-table.ts";
import { explainAlteredQuery, explainCreated, explainPlan } from "./explain-statements.ts";
import { findTable, type TableVerb } from "./find-table.ts";
import { planOfRefresh, requestRefresh, requestRefreshAt } from "./request-refresh.ts";
import { loadDetails, loadPartitions } from "./table-details.ts";
import type { TableOptions } from "./table-options.ts";
import type {
  AlterQuery,
  AlterSchema,
  CreateTable,
  DetailRow,
  IntervalLiteral,
  PartitionRow,
  RefreshAtTime,
  RefreshTable,
  TableAltered,
  TableCreated,
} from "./table-requests.ts";
import type { TableServices } from "./table-services.ts";

export type { TableVerb } from "./find-table.ts";

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
  suspend(identifier: ObjectIdentifier, options: TableOptions): Promise<void>;
  /** Options are stored as by setOptions. */
  resume(identifier: ObjectIdentifier, options: TableOptions): Promise<TableAltered>;
  /** Queues a run and returns at once; its state is the scheduler's to tell. */
  refresh(request: RefreshTable): Promise<{ readonly instanceId: InstanceId }>;
  /** The same for the partitions of a scheduled time. Throws MT-TIME-* too. */
  refreshAt(request: RefreshAtTime): Promise<{ readonly instanceId: InstanceId }>;

  setFreshness(identifier: ObjectIdentifier, freshness: IntervalLiteral): Promise<TableAltered>;
  setRefreshMode(identifier: ObjectIdentifier, mode: RequestedMode): Promise<TableAltered>;
  setOptions(identifier: ObjectIdentifier, options: TableOptions): Promise<TableAltered>;
  resetOptions(identifier: ObjectIdentifier, keys: readonly string[]): Promise<TableAltered>;
  alterQuery(request: AlterQuery): Promise<TableAltered>;
  /** Types and comments of columns, the primary key; the rows stay. */
  alterSchema(request: AlterSchema): Promise<TableAltered>;
  rename(identifier: ObjectIdentifier, newName: string): Promise<TableAltered>;
  comment(identifier: ObjectIdentifier, comment: string | null): Promise<TableAltered>;

  /** The plan as text, one line an item; nothing is written. */
  explainCreate(request: CreateTable): Promise<string>;
  explainAlterQuery(request: AlterQuery): Promise<string>;
  explainRefresh(request: RefreshTable): Promise<string>;

  partitions(identifier: ObjectIdentifier): Promise<readonly PartitionRow[]>;
  /**
   * What DESCRIBE EXTENDED adds below the columns: mode and why, freshness, health, lag, last and
   * next run.
   */
  details(identifier: ObjectIdentifier): Promise<readonly DetailRow[]>;
}

/** Binds the functions of this folder to the services they work with. */
export function createMaterializedTables(services: TableServices): MaterializedTables {
  return {
    get: (identifier, verb) => findTable(services, identifier, verb),
    create: (request) => createTable(services, request),
    createOrAlter: (request) => createOrAlterTable(services, request),
    drop: (identifier, how) => dropTable(services, identifier, how),
    suspend: (identifier, options) => suspendTable(services, identifier, options),
    resume: (identifier, options) => resumeTable(services, identifier, options),
    refresh: (request) => requestRefresh(services, request),
    refreshAt: (request) => requestRefreshAt(services, request),
    setFreshness: (identifier, literal) => setFreshness(services, identifier, literal),
    setRefreshMode: (identifier, mode) => setRefreshMode(services, identifier, mode),
    setOptions: (identifier, options) => setOptions(services, identifier, options),
    resetOptions: (identifier, keys) => resetOptions(services, identifier, keys),
    alterQuery: (request) => alterQuery(services, request),
    alterSchema: (request) => alterSchema(services, request),
    rename: (identifier, name) => renameTable(services, identifier, name),
    comment: (identifier, comment) => commentTable(services, identifier, comment),
    explainCreate: (request) => explainCreated(services, request),
    explainAlterQuery: (request) => explainAlteredQuery(services, request),
    async explainRefresh(request) {
      const { table, plan } = await planOfRefresh(services, request);
      return explainPlan(services, table, plan);
    },
    async partitions(identifier) {
      const table = await findTable(services, identifier, "refresh");
      return loadPartitions(services.database, table);
    },
    async details(identifier) {
      const table = await findTable(services, identifier, "show create");
      return loadDetails(services.database, table);
    },
  };
}
