// Sessions in sluice_private.sessions. Each function is one statement; what is idle is decided by
// the database's clock.

import { asId, type SessionHandle } from "../../common/ids.ts";
import { type Database, databaseClock } from "../../common/pg.ts";
import { sql, type Sql } from "../../common/sql.ts";
import type { Duration } from "../../common/time.ts";
import type { SessionRecord } from "./session.ts";
import type { SessionStore } from "./session-store.ts";

interface Row {
  readonly session_handle: string;
  readonly session_name: string | null;
  readonly properties: Readonly<Record<string, string>>;
  readonly state: {
    readonly database: string;
    readonly settings: readonly (readonly [name: string, value: string])[];
  };
}

/**
 * The channel on which gateways tell each other of changed and closed sessions: `gateway:handle`.
 */
export const sessionChannel = "sluice_sessions";

/**
 * The store of sessions in the database that `database` is connected to. `gateway` names this
 * gateway in notifications, so that it does not listen to itself.
 */
export function pgSessionStore(database: Database, gateway: string): SessionStore {
  const tell = sql`pg_catalog.pg_notify(${sessionChannel}, ${`${gateway}:`} || session_handle)`;
  return {
    async insert(record) {
      await database.execute(sql`
        INSERT INTO sluice_private.sessions
          (session_handle, session_name, properties, state, created_at, last_access_at)
        VALUES (${record.handle}, ${record.name}, ${propertiesOf(record)}, ${stateOf(record)},
          ${databaseClock}, ${databaseClock})`);
    },
    async update(record) {
      const count = await database.execute(sql`
        UPDATE sluice_private.sessions
        SET properties = ${propertiesOf(record)}, state = ${stateOf(record)},
          last_access_at = ${databaseClock}
        WHERE session_handle = ${record.handle} RETURNING ${tell}`);
      return count > 0;
    },
    async load(handle, idle) {
      const rows = await database.query<Row>(sql`
        SELECT session_handle, session_name, properties, state FROM sluice_private.sessions
        WHERE session_handle = ${handle} AND ${usedWithin(idle)}`);
      const row = rows[0];
      return row === undefined ? null : recordOf(row);
    },
    async remove(handle) {
      const count = await database.execute(
        sql`DELETE FROM sluice_private.sessions WHERE session_handle = ${handle} RETURNING ${tell}`,
      );
      return count > 0;
    },
    async touch(handles) {
      const rows = await database.query<Pick<Row, "session_handle">>(sql`
        UPDATE sluice_private.sessions SET last_access_at = ${databaseClock}
        WHERE session_handle = ANY (${[...handles]}::text[]) RETURNING session_handle`);
      return new Set(rows.map((row) => asId<SessionHandle>(row.session_handle)));
    },
    async expire(idle) {
      const rows = await database.query<Pick<Row, "session_handle">>(sql`
        DELETE FROM sluice_private.sessions WHERE NOT (${usedWithin(idle)})
        RETURNING session_handle`);
      return rows.map((row) => asId<SessionHandle>(row.session_handle));
    },
  };
}

function usedWithin(idle: Duration | null): Sql {
  if (idle === null) return sql`true`;
  return sql`last_access_at > ${databaseClock} - ${idle}::float8 * interval '1 millisecond'`;
}

function propertiesOf(record: SessionRecord): string {
  return JSON.stringify(Object.fromEntries(record.properties));
}

/** Settings are a list of pairs: their order is that of replay, which jsonb objects do not keep. */
function stateOf(record: SessionRecord): string {
  return JSON.stringify({ database: record.database, settings: [...record.settings] });
}

function recordOf(row: Row): SessionRecord {
  return {
    handle: asId<SessionHandle>(row.session_handle),
    name: row.session_name,
    properties: new Map(Object.entries(row.properties)),
    database: row.state.database,
    settings: new Map(row.state.settings),
  };
}
