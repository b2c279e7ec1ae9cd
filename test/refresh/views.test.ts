// The views of schema sluice: all of them can be read, every column says what it is, and the text
// form of a partition is the same in SQL and in TypeScript.

import { afterAll, beforeAll, expect, test } from "vitest";
import { parsePartition, renderPartition } from "../../src/catalog/partition.ts";
import { ident, sql } from "../../src/common/sql.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

test("every view can be read", async () => {
  const views = await db.query<{ name: string }>(
    "SELECT viewname AS name FROM pg_views WHERE schemaname = 'sluice' ORDER BY 1",
  );
  // The stable surface; others may follow.
  expect(views.map((view) => view.name)).toEqual(
    expect.arrayContaining([
      "backfill_intervals",
      "backfills",
      "freshness_events",
      "gateways",
      "lineage",
      "materialized_tables",
      "partitions",
      "queues",
      "refresh_runs",
      "task_instances",
      "workflow_instances",
      "workflow_tasks",
      "workflows",
    ]),
  );
  for (const { name } of views) await db.query(sql`SELECT * FROM ${ident("sluice", name)} LIMIT 1`);
});

test("every view and column has a comment", async () => {
  const bare = await db.query<{ what: string }>(`
    SELECT c.relname || coalesce('.' || a.attname, '') AS what
    FROM pg_class c
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    WHERE c.relnamespace = 'sluice'::regnamespace AND c.relkind = 'v'
      AND (obj_description(c.oid) IS NULL OR col_description(c.oid, a.attnum) IS NULL)`);
  expect(bare.map((row) => row.what)).toEqual([]);
});

test.each([
  [{ ds: "2024-01-01", hh: "05" }, ["ds", "hh"]],
  [{ ds: "a/b=c%d\\e", x: "%2F" }, ["ds", "x"]],
  [{ ds: null, hh: "\\N" }, ["ds", "hh"]],
  [{ hh: "05" }, ["ds", "hh"]],
  [{}, []],
  [{ "k=/%\\": "" }, ["k=/%\\"]],
])("text form of %o", async (spec: Record<string, string | null>, keys: string[]) => {
  const text = renderPartition(spec, keys);
  const rows = await db.query<{ text: string; spec: object }>(sql`
    SELECT sluice_private.partition_text(${JSON.stringify(keys)}::jsonb,
                                         ${JSON.stringify(spec)}::jsonb) AS text,
           sluice_private.partition_spec(${text}) AS spec`);
  expect(rows[0]).toEqual({ text, spec });
  expect(parsePartition(text)).toEqual(spec);
});
