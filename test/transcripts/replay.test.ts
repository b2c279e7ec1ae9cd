// What a real Flink 2.3.0 answered, replayed: same columns, same outcome, same innermost message.
// Each difference is listed, with its reason, in accepted-differences.json, and each listed one
// must still be there.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import { testGateway } from "../support/gateway.ts";
import { RestClient } from "../sql/rest-client.ts";
import { replayFreshness } from "./freshness.ts";
import { type Difference, replay } from "./replay.ts";

interface AcceptedDifferences {
  readonly reasons: Readonly<Record<string, object>>;
  readonly rewritten: Readonly<Record<string, string>>;
  readonly omitted: Readonly<Record<string, string>>;
  readonly before: Readonly<Record<string, readonly string[]>>;
  readonly elsewhere: readonly { readonly test: string }[];
  /** Reason by `fixture:line`. */
  readonly differences: Readonly<Record<string, string>>;
}

const accepted = JSON.parse(
  readFileSync(new URL("accepted-differences.json", import.meta.url), "utf8"),
) as AcceptedDifferences;

function expectAccepted(fixture: string, found: readonly Difference[]): void {
  const unlisted = found.filter(({ key }) => !(key in accepted.differences));
  expect(unlisted, "differences that nobody accepted").toEqual([]);
  const keys = new Set(found.map(({ key }) => key));
  const gone = Object.keys(accepted.differences).filter(
    (key) => key.startsWith(`${fixture}:`) && !keys.has(key),
  );
  expect(gone, "accepted differences that are no more").toEqual([]);
}

const inFile = { catalog: "mt", database: "db" };
const inMemory = { catalog: "default_catalog", database: "default_database" };

describe("transcripts of Flink", { timeout: 120_000 }, () => {
  it.each([
    ["01-create-full", inFile],
    ["04-create-errors", inFile],
    ["05-alter-suspend-resume-full", inFile],
    ["06-refresh", inFile],
    ["08-alter-as-and-schema", inFile],
    ["09-create-or-alter", inFile],
    ["15-show-and-in-memory-catalog", inMemory],
    ["16-refresh-non-partition-column", inFile],
  ])("%s", async (fixture, place) => {
    const database = await testDatabase();
    const gateway = await testGateway({ database });
    try {
      expectAccepted(fixture, await replay(fixture, place, accepted, { database, gateway }));
    } finally {
      await gateway.close();
      await database.close();
    }
  });

  it("02-freshness-full-cron", async () => {
    const gateway = await testGateway();
    try {
      const found = await replayFreshness(new RestClient(gateway.url));
      expectAccepted("02-freshness-full-cron", found);
    } finally {
      await gateway.close();
    }
  });

  it("names tests that exist for what no replay can show", () => {
    const root = new URL("../../", import.meta.url);
    const missing = accepted.elsewhere.filter(({ test }) => !existsSync(new URL(test, root)));
    expect(missing).toEqual([]);
  });

  it("has a reason for each difference, and no idle reason", () => {
    const used = new Set([
      ...Object.values(accepted.differences),
      ...Object.values(accepted.omitted),
    ]);
    expect([...used].sort()).toEqual(Object.keys(accepted.reasons).sort());
  });
});
