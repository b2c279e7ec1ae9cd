// The port through which sessions are durable. Nothing here is on the path of a GET: the session
// manager keeps the sessions it has seen in memory and writes what changed, in batches where it
// can.

import type { SessionHandle } from "../../common/ids.ts";
import type { Duration } from "../../common/time.ts";
import type { SessionRecord } from "./session.ts";

export interface SessionStore {
  /** A new session; its handle was never used. */
  insert(record: SessionRecord): Promise<void>;
  /** Replaces properties and state; false if the session is gone. */
  update(record: SessionRecord): Promise<boolean>;
  /**
   * The session, or null if there is none or it has been idle for longer than `idle` (null: never
   * expires).
   */
  load(handle: SessionHandle, idle: Duration | null): Promise<SessionRecord | null>;
  /** False if it was gone already. */
  remove(handle: SessionHandle): Promise<boolean>;
  /** Notes that these were used just now; gives those of them that still exist. */
  touch(handles: readonly SessionHandle[]): Promise<ReadonlySet<SessionHandle>>;
  /**
   * Removes every session that nobody has used for `idle`, by the database's clock; gives their
   * handles.
   */
  expire(idle: Duration): Promise<readonly SessionHandle[]>;
}
