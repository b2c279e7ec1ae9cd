// Follows sluice.events: every event once, in the order of the ids, whatever the order in which
// their transactions commit. An id may be drawn early and become visible late; so the feed reads up
// to an id only when every transaction that could still bring a smaller one has ended
// (event_writers() in the migration tells which). A reader can therefore go on from any id that it
// was given, at any gateway. It asks the database only while somebody follows.

import type { Clock } from "../common/clock.ts";
import type { Database } from "../common/pg.ts";
import { prepared, sql } from "../common/sql.ts";
import { type Instant, milliseconds } from "../common/time.ts";

/** One change of state; fields that do not apply are null. */
export interface SluiceEvent {
  readonly eventId: number;
  readonly at: Instant;
  readonly kind: string;
  readonly database: string | null;
  readonly workflow: string | null;
  readonly tableName: string | null;
  readonly task: string | null;
  readonly instanceId: string | null;
  readonly taskInstanceId: string | null;
  readonly backfillId: string | null;
  readonly status: string | null;
  readonly detail: string | null;
  readonly errorCode: string | null;
  readonly error: string | null;
  readonly facts: Readonly<Record<string, unknown>> | null;
}

/** Up to `until`, all is complete for snapshots taken once `writers` have ended. */
interface Pending {
  readonly until: number;
  readonly writers: ReadonlySet<string>;
}

const atOnce = 500;
const poll = milliseconds(250);
/** While a transaction that may bring smaller ids is about to end. */
const shortPoll = milliseconds(20);

export class EventFeed {
  readonly #database: Database;
  readonly #clock: Clock;
  /** Events up to this id are all there. */
  #complete = 0;
  #pending: Pending | null = null;
  /** The look that is under way, shared by all who follow. */
  #looking: Promise<void> | null = null;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /**
   * Batches of events after the id `after` (null: that happen from now on), until `signal` aborts.
   * Never an empty batch. Rejects if the database cannot be reached.
   */
  async *follow(
    after: number | null,
    signal: AbortSignal,
  ): AsyncGenerator<readonly SluiceEvent[], void, undefined> {
    let position = after ?? (await this.#drawn());
    while (!signal.aborted) {
      await this.#look();
      const events = position < this.#complete ? await this.#read(position) : [];
      if (events.length > 0) {
        position = events.at(-1)?.eventId ?? position;
        yield events;
        continue;
      }
      position = Math.max(position, this.#complete);
      await this.#clock.sleep(this.#pending === null ? poll : shortPoll, signal);
    }
  }

  /** What happened before this moment has an id up to this. */
  async #drawn(): Promise<number> {
    return (await this.#writers()).drawn;
  }

  #look(): Promise<void> {
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    const { drawn, writers } = await this.#writers();
    const pending = this.#pending;
    if (pending !== null && !writers.some((writer) => pending.writers.has(writer))) {
      this.#complete = Math.max(this.#complete, pending.until);
      this.#pending = null;
    }
    if (this.#pending !== null) return;
    if (writers.length === 0) this.#complete = Math.max(this.#complete, drawn);
    else if (drawn > this.#complete) this.#pending = { until: drawn, writers: new Set(writers) };
  }

  async #writers(): Promise<{ readonly drawn: number; readonly writers: readonly string[] }> {
    const rows = await this.#database.query<{ drawn: number; writers: string[] }>(
      prepared("sluice_event_writers", sql`SELECT * FROM sluice_private.event_writers()`),
    );
    return rows[0] ?? { drawn: 0, writers: [] };
  }

  /** A statement of its own, so that its snapshot is younger than what `#complete` rests on. */
  #read(position: number): Promise<SluiceEvent[]> {
    return this.#database.query<SluiceEvent>(
      prepared(
        "sluice_events",
        sql`
      SELECT event_id AS "eventId", at, kind, database, workflow, table_name AS "tableName", task,
        instance_id AS "instanceId", task_instance_id AS "taskInstanceId",
        backfill_id AS "backfillId", status, detail, error_code AS "errorCode", error, facts
      FROM sluice_private.events
      WHERE event_id > ${position} AND event_id <= ${this.#complete}
      ORDER BY event_id LIMIT ${atOnce}`,
      ),
    );
  }
}
