// Looks now and then whether a newer gateway has changed the schema beyond what this one reads.
// Then this one stops taking work and says so; statements are refused by the load balancer that
// asks /readyz. It does not come back: only an upgrade helps.

import type { Clock, Timer } from "../common/clock.ts";
import { GatewayError } from "../common/gateway-error.ts";
import type { Log } from "../common/log.ts";
import { checkReadable, type Migration } from "../common/migrate.ts";
import type { Database } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import { seconds } from "../common/time.ts";

export interface SchemaWatchOptions {
  readonly database: Database;
  readonly migrations: readonly Migration[];
  readonly clock: Clock;
  readonly log: Log;
  /** Called once, when the schema has become unreadable: work must stop. */
  readonly onUnreadable: () => Promise<void>;
}

const period = seconds(10);

export class SchemaWatch {
  readonly #options: SchemaWatchOptions;
  #timer: Timer | null = null;
  #stopped = false;
  #unreadable: string | null = null;

  constructor(options: SchemaWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = this.#options.clock.after(period, () => {
      void this.look().then(() => {
        if (!this.#stopped && this.#unreadable === null) this.start();
      });
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  /** One look; never rejects. A database that cannot be reached says nothing about its schema. */
  async look(): Promise<void> {
    const { database, migrations, log, onUnreadable } = this.#options;
    try {
      await checkReadable(database, migrations);
    } catch (error) {
      if (!(error instanceof GatewayError) || this.#unreadable !== null) return;
      this.#unreadable = error.message;
      log.error({ code: error.code, detail: error.detail, hint: error.hint }, error.message);
      await onUnreadable();
    }
  }

  /** What /readyz says: whether the database answers and its schema can be read. */
  async readiness(): Promise<{ ready: boolean; checks: Record<string, string> }> {
    const checks = { database: "ok", schema: this.#unreadable ?? "ok", gateway: "ok" };
    if (this.#stopped) checks.gateway = "stopping";
    try {
      await this.#options.database.query(sql`SELECT 1`);
    } catch (error) {
      checks.database = error instanceof Error ? error.message : String(error);
    }
    return { ready: Object.values(checks).every((check) => check === "ok"), checks };
  }
}
