// Recorded traffic of real Flink clients and of a real Flink gateway is sent again, to ours: same
// status, same shape, same types. What differs on purpose, or means nothing on PostgreSQL, is
// listed in replay-differences.ts, with the reason.

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestGateway, testGateway } from "../support/gateway.ts";
import { differences } from "./replay-differences.ts";
import { type Exchange, Replay } from "./support/replay.ts";

const recordings = [
  "rest-endpoints",
  "rest-errors",
  "rest-sessions",
  "rest-lifecycle",
  "rest-results",
  "rest-completion",
  "rest-refresh-and-scheduler",
  "jdbc-connect",
  "jdbc-statements",
  "jdbc-metadata",
  "jdbc-errors",
  "dbt",
  "sql-client-script",
] as const;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await testGateway();
});
afterAll(() => gateway.close());

describe("recorded traffic", () => {
  test.each(recordings)("%s", async (name) => {
    const file = new URL(`./fixtures/${name}.json`, import.meta.url);
    const { exchanges } = JSON.parse(readFileSync(file, "utf8")) as { exchanges: Exchange[] };
    const replay = new Replay({
      url: gateway.url,
      catalog: gateway.database.name,
      differences: differences.filter((one) => one.recordings.includes(name)),
    });
    const found = await replay.run(exchanges);
    expect(found.complaints).toEqual([]);
    expect(found.compared).toBeGreaterThan(0);
    expect(found.unused).toEqual([]);
  });
});
