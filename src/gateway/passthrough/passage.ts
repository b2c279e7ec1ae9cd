// Puts the passage to PostgreSQL together: the pool of users' connections, pinning, spool and the
// function that runs one statement. Opened before the statements, which are given `run`, and
// closed after them.

import { join } from "node:path";
import type { Clock, RandomSource } from "../../common/clock.ts";
import type { Queryable } from "../../common/pg.ts";
import { SessionConnections } from "../session/connection.ts";
import { loadGrammar } from "./classify.ts";
import type { RunPassthrough } from "./passthrough.ts";
import { createPassthrough } from "./run.ts";
import { openSpoolSpace, type SpoolSpace } from "./spool.ts";
import { openUserPool, type UserPool } from "./user-pool.ts";

export interface PassageOptions {
  readonly url: string;
  /** Our own connections, for looking up types. */
  readonly database: Queryable;
  /** Connections for statements that need none of their own. */
  readonly maxConnections: number;
  /** Sessions that may hold a connection of their own, on top of these. */
  readonly maxPinned: number;
  readonly dataDirectory: string;
  readonly resultMemoryBytes: number;
  readonly resultMaxBytes: number;
  readonly totalMaxBytes: number;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** An idle connection that died. */
  readonly onError: (error: Error) => void;
}

export interface Passage {
  readonly run: RunPassthrough;
  readonly connections: SessionConnections;
  readonly pool: UserPool;
  readonly space: SpoolSpace;
  /** After the last statement; pinned connections are ended. */
  close(): Promise<void>;
}

/** Makes no connection yet; sweeps what a crash left in the spool. */
export async function openPassage(options: PassageOptions): Promise<Passage> {
  const { clock, random, database } = options;
  const [space] = await Promise.all([
    openSpoolSpace(join(options.dataDirectory, "spool"), options.totalMaxBytes, random),
    loadGrammar(),
  ]);
  const pool = openUserPool({
    url: options.url,
    max: options.maxConnections + options.maxPinned,
    onError: options.onError,
  });
  const connections = new SessionConnections({ pool, maxPinned: options.maxPinned, clock });
  const limits = { memoryBytes: options.resultMemoryBytes, spoolBytes: options.resultMaxBytes };
  return {
    run: createPassthrough({ pool, connections, database, space, limits, clock, random }),
    connections,
    pool,
    space,
    async close() {
      connections.close();
      await pool.close();
    },
  };
}
