// A gateway as a process on the database of a bench, and what benches ask that database.

import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { RestSession } from "../tools/demo/rest-session.ts";
import { type Product, startProduct } from "../tools/product/start-product.ts";
import type { BenchDatabase } from "./embedded-database.ts";

export interface Bench {
  readonly database: BenchDatabase;
  readonly product: Product;
  readonly session: RestSession;
}

/** Starts a gateway; `name` keeps the files of several apart. */
export function startGateway(database: BenchDatabase, name: string): Promise<Product> {
  return startProduct({
    dataDirectory: join(database.folder, name),
    databaseUrl: database.url,
    environment: { SLUICE_LOG_LEVEL: "info" },
  });
}

/** Rows of a statement on the connection from beside. */
export async function rows(
  database: BenchDatabase,
  statement: string,
  values: readonly unknown[] = [],
): Promise<readonly Record<string, unknown>[]> {
  const result = await database.client.query<Record<string, unknown>>(statement, [...values]);
  return result.rows;
}

/** Asks every two milliseconds until the answer is truthy. */
export async function until<T>(ask: () => Promise<T>, patience = 30_000): Promise<NonNullable<T>> {
  const end = performance.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`not within ${patience} ms`);
    await pause(2);
  }
}
