// Options that change meaning are the same on every gateway of a database.

import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "../../src/common/sql.ts";
import { type Config, loadConfig } from "../../src/config.ts";
import { agreeSettings } from "../../src/ops/agree-settings.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let db: TestDatabase;
const one = { host: "here", pid: 1 };
const two = { host: "here", pid: 2 };

beforeAll(async () => {
  db = await testDatabase();
  await db.setClock("2026-01-01T00:00:00Z");
  await db.query(sql`
    INSERT INTO sluice_private.gateways (gateway_id, host, pid, version, started_at, expires_at)
    SELECT id, 'here', id::int, '0', '2026-01-01', '2026-01-01 00:00:10+00'
      FROM unnest(${["1", "2"]}::text[]) id`);
});
afterAll(() => db.close());

function config(flags: Record<string, string>): Promise<Config> {
  return loadConfig({ flags, environment: {}, folder: "/nonexistent" });
}

async function stored(): Promise<unknown> {
  const rows = await db.query(
    "SELECT value FROM sluice_private.settings WHERE key = 'flink-strict'",
  );
  return rows[0]?.["value"];
}

test("the first stores them; while it lives, others must agree", async () => {
  await agreeSettings(db.database, await config({}), one);
  await agreeSettings(db.database, await config({ port: "1" }), two);
  await expect(
    agreeSettings(db.database, await config({ "flink-strict": "true" }), two),
  ).rejects.toMatchObject({
    code: "GW-SETTINGS-DIFFER",
    detail: "flink-strict is false there and true here.",
  });
  expect(await stored()).toBe("false");
});

test("once the others' leases are over, it changes them", async () => {
  await db.query(
    "UPDATE sluice_private.gateways SET expires_at = '2025-12-31' WHERE gateway_id = '1'",
  );
  await agreeSettings(db.database, await config({ "flink-strict": "true" }), two);
  expect(await stored()).toBe("true");
});
