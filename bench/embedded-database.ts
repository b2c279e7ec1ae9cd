// The PostgreSQL of a bench: the packaged one with its durable settings, in a temporary folder,
// with a connection to look at it from beside.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { systemClock, systemRandom } from "../src/common/clock.ts";
import { startEmbedded } from "../src/engine/embedded/embedded-postgres.ts";

export interface BenchDatabase {
  /** As the ordinary role that owns the database. */
  readonly url: string;
  readonly client: pg.Client;
  /** Folder for whatever else the bench leaves behind. */
  readonly folder: string;
  /** Number of the server's main process. */
  readonly serverPid: number;
  close(): Promise<void>;
}

export async function benchDatabase(): Promise<BenchDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-bench-"));
  const server = await startEmbedded({
    dataDirectory: join(folder, "database"),
    clock: systemClock,
    random: systemRandom,
    onEvent: () => undefined,
    binaries: null,
    settings: {},
  });
  // The role is called like our schema, which an unqualified name would find before public.
  const client = new pg.Client({
    connectionString: server.url,
    options: "-c search_path=public",
  });
  await client.connect();
  return {
    url: server.url,
    client,
    folder,
    serverPid: server.pid(),
    async close() {
      await client.end();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
