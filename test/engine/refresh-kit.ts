// A materialized table without the rest of the product: storage, a query described by the server,
// and refreshes of it by the engine, so that the tests of the engine can say what they mean in one
// line.

import { systemClock, systemRandom } from "../../src/common/clock.ts";
import type { Tx } from "../../src/common/pg.ts";
import { ident, sql, trusted } from "../../src/common/sql.ts";
import type { PartitionTime } from "../../src/catalog/materialized-table.ts";
import type { PartitionSpec } from "../../src/catalog/partition.ts";
import type {
  Engine,
  RefreshJob,
  RefreshMeasures,
  RefreshTarget,
} from "../../src/engine/engine.ts";
import type { PublishTactic, RefreshScope } from "../../src/engine/refresh-step.ts";
import {
  postgresEngine,
  type PostgresEngineServices,
} from "../../src/engine/postgres/postgres-engine.ts";
import { postgresStorage } from "../../src/engine/postgres/storage.ts";
import { describeQuery, type QueryDescription } from "../../src/query/describe.ts";
import { restrictionsFor } from "../../src/query/restrictions.ts";
import type { TestDatabase } from "../support/database.ts";

export interface KitOptions {
  readonly query: string;
  readonly primaryKey?: readonly string[];
  readonly partitionKeys?: readonly string[];
  readonly partitionTimes?: readonly PartitionTime[];
  readonly timeZone?: string;
  readonly keyEnforced?: boolean;
  /** Declared types that differ from the query's. */
  readonly types?: Readonly<Record<string, string>>;
  readonly patience?: NonNullable<PostgresEngineServices["patience"]>;
  readonly smallSlice?: number;
}

export interface RefreshOptions {
  readonly specs?: readonly PartitionSpec[];
  readonly tactic?: PublishTactic;
  readonly maxRows?: number;
  readonly rewriteAbove?: number;
  readonly signal?: AbortSignal;
  readonly settle?: RefreshJob["settle"];
  readonly onBackend?: RefreshJob["onBackend"];
  /** False: without restrictions of the base tables. */
  readonly restricted?: boolean;
}

/** One table under test. */
export class RefreshKit {
  readonly engine: Engine;
  readonly target: RefreshTarget;
  readonly description: QueryDescription;
  readonly #db: TestDatabase;
  readonly #options: KitOptions;

  private constructor(
    db: TestDatabase,
    target: RefreshTarget,
    description: QueryDescription,
    options: KitOptions,
  ) {
    this.#db = db;
    this.#options = options;
    this.target = target;
    this.description = description;
    const { patience, smallSlice } = options;
    this.engine = postgresEngine({
      database: db.database,
      clock: systemClock,
      random: systemRandom,
      ...(patience !== undefined && { patience }),
      ...(smallSlice !== undefined && { smallSlice }),
    });
  }

  static async create(db: TestDatabase, options: KitOptions): Promise<RefreshKit> {
    const timeZone = options.timeZone ?? "UTC";
    const description = await describeQuery(db.database, {
      query: options.query,
      searchPath: ["public"],
      timeZone,
    });
    const name = `mt_${systemRandom.hex32().slice(0, 12)}`;
    const columns = description.columns.map((column) => ({
      name: column.name,
      type: options.types?.[column.name] ?? column.type,
      nullable: true,
      comment: null,
    }));
    const partitionKeys = options.partitionKeys ?? [];
    await db.database.transaction((tx) =>
      postgresStorage.create(tx, {
        database: "public",
        name,
        columns,
        primaryKey: options.primaryKey ?? [],
        primaryKeyName: null,
        keyEnforced: options.keyEnforced ?? true,
        partitionKeys,
        comment: null,
      }),
    );
    const target = {
      displayName: `public.${name}`,
      database: "public",
      name,
      columns,
      partitionKeys,
      timeZone,
    };
    return new RefreshKit(db, target, description, options);
  }

  async refresh(options: RefreshOptions = {}): Promise<RefreshMeasures> {
    return this.engine.refresh(this.job(options));
  }

  job(options: RefreshOptions = {}): RefreshJob {
    const { analysis, expandedQuery, sources } = this.description;
    const scope: RefreshScope = options.specs
      ? { kind: "partitions", specs: options.specs }
      : { kind: "whole" };
    const primaryKey = this.#options.primaryKey ?? [];
    const plan = restrictionsFor({
      analysis,
      columns: this.target.columns,
      partitionTimes: this.#options.partitionTimes ?? [],
      specs: options.specs ?? [],
      timeZone: this.target.timeZone,
      namedSources: {},
    });
    const restrictions = options.restricted === false ? [] : plan.restrictions;
    const relations = sources
      .filter((source) => !source.throughView && source.kind !== "matview")
      .map((source) => `${source.schema}.${source.name}`);
    return {
      target: this.target,
      steps: [
        { kind: "lock", relations },
        { kind: "stage", query: expandedQuery, scope, restrictions },
        { kind: "verify", primaryKey, maxRows: options.maxRows ?? null },
        {
          kind: "publish",
          scope,
          primaryKey,
          tactic: options.tactic ?? "diff-apply",
          rewriteAbove: options.rewriteAbove ?? 0.3,
        },
      ],
      onBackend: options.onBackend ?? (async () => undefined),
      settle: options.settle ?? (async () => undefined),
      signal: options.signal ?? new AbortController().signal,
    };
  }

  /** Rows of the stored table as text, sorted. */
  async rows(): Promise<string[]> {
    const { database, name } = this.target;
    const rows = await this.#db.database.query<{ row: string }>(
      sql`SELECT whole_row::text AS row FROM ${ident(database, name)} AS whole_row ORDER BY 1`,
    );
    return rows.map(({ row }) => row);
  }

  /** Rows of the query as text, sorted, by the same settings as a refresh. */
  async expected(): Promise<string[]> {
    return this.#db.database.transaction(async (tx: Tx) => {
      await tx.execute(
        sql`SELECT set_config('TimeZone', ${this.target.timeZone}, true),
          set_config('search_path', '', true)`,
      );
      const query = trusted(this.description.expandedQuery);
      const rows = await tx.query<{ row: string }>(
        sql`SELECT whole_row::text AS row FROM (${query}) AS whole_row ORDER BY 1`,
      );
      // Zones only matter for how timestamptz are shown; the table is read in UTC.
      return rows.map(({ row }) => row);
    });
  }
}
