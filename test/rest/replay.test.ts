// Recorded traffic of real Flink clients and of a real Flink gateway is sent again, to ours: same
// status, same shape, same types. What differs on purpose, or means nothing on PostgreSQL, is
// listed in replay-differences.ts, with the reason.

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestGateway, testGateway } from "../support/gateway.ts";
import { seconds } from "../../src/common/time.ts";
import { until } from "../support/until.ts";
import { differences } from "./replay-differences.ts";
import { type Exchange, Replay, type ReplayOptions } from "./support/replay.ts";
import { restGateway } from "./support/rest-gateway.ts";

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
  "jdbc-paging",
  "jdbc-types",
  "sql-client-script",
  "sql-client-interactive",
  "rest-streaming-changelog",
] as const;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await testGateway();
});
afterAll(() => gateway.close());

async function replay(name: string, options: Omit<ReplayOptions, "differences">): Promise<void> {
  const file = new URL(`./fixtures/${name}.json`, import.meta.url);
  const { exchanges } = JSON.parse(readFileSync(file, "utf8")) as { exchanges: Exchange[] };
  const accepted = differences.filter((one) => one.recordings.includes(name));
  const found = await new Replay({ ...options, differences: accepted }).run(exchanges);
  expect(found.complaints).toEqual([]);
  expect(found.compared).toBeGreaterThan(0);
  expect(found.unused).toEqual([]);
}

describe("recorded traffic", () => {
  test.each(recordings)("%s", (name) =>
    replay(name, { url: gateway.url, catalog: gateway.database.name }),
  );

  test("rest-limits", async () => {
    const small = await restGateway({
      sessions: { maxNum: 3, idleTimeout: seconds(6) },
      http: { maxBodyBytes: 65_536 },
    });
    /** As if nobody had used a session for an hour, instead of waiting. */
    const expired = async () => {
      await small.database.query(
        "UPDATE sluice_private.sessions SET last_access_at = last_access_at - interval '1 hour'",
      );
      const left = await small.database.query("SELECT 1 FROM sluice_private.sessions");
      return left.length === 0;
    };
    await replay("rest-limits", {
      url: small.url,
      catalog: small.database.name,
      before: { "after the idle timeout": async () => void (await until(expired)) },
    });
    await small.close();
  });
});
