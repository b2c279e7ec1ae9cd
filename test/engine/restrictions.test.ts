// Restricting base tables inside the query must change nothing but the time it takes: a property
// over random rows, zones with changes of the clock and every kind of key, and EXPLAIN as the
// witness that the index is reached.

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Tx } from "../../src/common/pg.ts";
import { type Sql, sql, trusted } from "../../src/common/sql.ts";
import { pins } from "../../src/engine/postgres/snapshot.ts";
import { stageSelect } from "../../src/engine/postgres/stage-sql.ts";
import { describeQuery } from "../../src/query/describe.ts";
import {
  namedSourcesOf,
  restrictionsFor,
  type RestrictionPlan,
} from "../../src/query/restrictions.ts";
import type { PartitionSpec } from "../../src/catalog/partition.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { RefreshKit } from "./refresh-kit.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
  await db.query(`
    CREATE TABLE base (id int, ts timestamptz, lts timestamp, d date, k text);
    CREATE INDEX ON base (ts); CREATE INDEX ON base (lts);
    CREATE TABLE other (id int, note text)`);
});
afterAll(() => db.close());

const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "America/Sao_Paulo",
  "Pacific/Apia",
  "Asia/Kolkata",
];

/** Moments near which clocks changed, days were left out, or labels are strange. */
const anchors = [
  "2024-03-31 01:00:00+00",
  "2024-10-27 01:00:00+00",
  "2024-03-10 07:00:00+00",
  "2024-11-03 06:00:00+00",
  "2024-04-06 15:00:00+00",
  "2024-10-05 15:30:00+00",
  "2018-11-04 03:00:00+00",
  "2018-02-18 02:00:00+00",
  "2011-12-30 10:00:00+00",
  "2024-01-01 00:00:00+00",
  "2020-02-29 12:00:00+00",
  "2024-03-31 00:00:00+00 BC",
  "0001-01-01 00:00:00+00",
];

/** [expression of the key, rest of the query]. */
const queries: readonly string[] = [
  "SELECT to_char(ts, 'YYYY-MM-DD') AS key, id FROM base",
  "SELECT to_char(ts, 'YYYYMMDDHH24') AS key, id FROM base WHERE id > 3 OR id < 2",
  "SELECT to_char(ts, 'DD.MM.YYYY HH24:MI') AS key, id FROM base",
  "SELECT to_char(ts, 'YYYY-MM') AS key, count(*) AS n FROM base GROUP BY 1",
  `SELECT to_char(lts, 'YYYY"Q"Q') AS key, id FROM base`,
  "SELECT to_char(ts, 'IYYY-IW') AS key, id FROM base",
  "SELECT to_char(ts, 'YYYY-DDD') AS key, id FROM base",
  "SELECT to_char(d, 'YYYY-MM-DD HH24') AS key, id FROM base",
  "SELECT ts::date AS key, id FROM base",
  "SELECT lts::date AS key, count(*) AS n FROM base GROUP BY 1 HAVING count(*) > 1",
  "SELECT ts::date::text AS key, id FROM base",
  "SELECT date_trunc('hour', ts) AS key, id FROM base",
  "SELECT date_trunc('day', ts) AS key, id FROM base",
  "SELECT date_trunc('week', ts)::date AS key, id FROM base",
  "SELECT date_trunc('month', d)::date AS key, id FROM base",
  "SELECT date_trunc('day', ts, 'Asia/Tokyo') AS key, id FROM base",
  "SELECT (ts AT TIME ZONE 'America/Sao_Paulo')::date AS key, id FROM base",
  "SELECT to_char(date_trunc('quarter', lts), 'YYYY-MM-DD') AS key, id FROM base",
  "SELECT to_char(b.ts, 'YYYY-MM-DD') AS key, b.id, o.note FROM other o LEFT JOIN base b USING (id)",
  "SELECT to_char(b.ts, 'YYYY-MM-DD') AS key, b.id, o.note FROM other o FULL JOIN base b USING (id)",
  "SELECT s.key, s.n FROM (SELECT ts::date AS key, count(*) AS n FROM base WHERE id <> 5 GROUP BY 1) s WHERE s.n > 0",
  "SELECT ts::date AS key, row_number() OVER (PARTITION BY ts::date ORDER BY id) AS n FROM base",
  "WITH w AS (SELECT ts AS x, id FROM base) SELECT to_char(x, 'YYYY-MM-DD') AS key, id FROM w",
  "SELECT to_char(ts, 'YYYY-MM-DD') AS key, id FROM base UNION ALL SELECT to_char(lts, 'YYYY-MM-DD'), id FROM base",
];

interface Row {
  readonly anchor: string;
  readonly minutes: number;
  readonly special: "none" | "null" | "infinity" | "-infinity";
}

const row: fc.Arbitrary<Row> = fc.record({
  anchor: fc.constantFrom(...anchors),
  minutes: fc.oneof(fc.integer({ min: -180, max: 180 }), fc.integer({ min: -3000, max: 3000 })),
  special: fc.oneof(
    { weight: 12, arbitrary: fc.constant("none" as const) },
    fc.constantFrom("null" as const, "infinity" as const, "-infinity" as const),
  ),
});

async function fill(tx: Tx, rows: readonly Row[]): Promise<void> {
  await tx.execute(trusted("TRUNCATE base, other"));
  const moments = rows.map(({ anchor, minutes, special }) => {
    if (special === "null") return null;
    return special === "none" ? `${anchor}|${minutes}` : special;
  });
  await tx.execute(sql`
    INSERT INTO base (id, ts, lts, d)
    SELECT id, at, at AT TIME ZONE 'UTC', (at AT TIME ZONE 'UTC')::date
    FROM (SELECT id, CASE WHEN moment LIKE '%|%' THEN split_part(moment, '|', 1)::timestamptz
            + split_part(moment, '|', 2)::int * interval '1 minute'
            ELSE moment::timestamptz END AS at
          FROM unnest(${moments}::text[]) WITH ORDINALITY AS m(moment, id)) s`);
  await tx.execute(trusted("INSERT INTO other SELECT i, 'n' FROM generate_series(1, 6) i"));
}

interface Prepared {
  readonly expandedQuery: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  plan(specs: readonly PartitionSpec[]): RestrictionPlan;
}

async function prepare(query: string, timeZone: string): Promise<Prepared> {
  const input = { query, searchPath: ["public"], timeZone };
  const { analysis, columns, expandedQuery } = await describeQuery(db.database, input);
  const known = { analysis, columns, partitionTimes: [], namedSources: {} };
  return {
    expandedQuery,
    columns,
    plan: (specs) => restrictionsFor({ ...known, specs, timeZone }),
  };
}

/** The staged rows with the restrictions and without. */
function both(prepared: Prepared, specs: readonly PartitionSpec[]): { with: Sql; without: Sql } {
  const { columns, expandedQuery: query } = prepared;
  const table = { database: "public", name: "t", columns, partitionKeys: ["key"] };
  const scope = { kind: "partitions", specs } as const;
  const { restrictions } = prepared.plan(specs);
  return {
    with: stageSelect({ query, scope, restrictions }, table),
    without: stageSelect({ query, scope, restrictions: [] }, table),
  };
}

describe("restricted and filtered rows are those of the filter alone", () => {
  it("for random rows, zones, keys and labels", async () => {
    const prepared = new Map<string, Prepared[]>();
    for (const zone of zones) {
      prepared.set(zone, await Promise.all(queries.map((query) => prepare(query, zone))));
    }
    let restricted = 0;
    const check = async (tx: Tx, each: Prepared, pick: number) => {
      const labels = await tx.query<{ key: string | null }>(
        trusted(`SELECT DISTINCT key::text FROM (${each.expandedQuery}) q ORDER BY 1`),
      );
      if (labels.length === 0) return;
      const first = labels[pick % labels.length]?.key ?? null;
      const second = labels[(pick * 7 + 1) % labels.length]?.key ?? null;
      for (const specs of [[{ key: first }], [{ key: first }, { key: second }]]) {
        const rows = both(each, specs);
        const wrong = await tx.query(sql`
          (${rows.without} EXCEPT ALL ${rows.with})
          UNION ALL (${rows.with} EXCEPT ALL ${rows.without})`);
        expect({ specs, query: each.expandedQuery, wrong }).toEqual({
          specs,
          query: each.expandedQuery,
          wrong: [],
        });
        if (each.plan(specs).restrictions.length > 0) restricted++;
      }
    };
    const property = fc.asyncProperty(
      fc.constantFrom(...zones),
      fc.array(row, { minLength: 1, maxLength: 40 }),
      fc.nat(100),
      async (zone, rows, pick) => {
        await db.database.transaction(async (tx) => {
          const target = { ...noTarget, timeZone: zone };
          await fill(tx, rows);
          await tx.execute(pins(target, 150_000));
          for (const each of prepared.get(zone) ?? []) await check(tx, each, pick);
        });
      },
    );
    await fc.assert(property, { numRuns: 60 });
    expect(restricted).toBeGreaterThan(60 * queries.length * 0.5);
  });
});

const noTarget = {
  displayName: "public.t",
  database: "public",
  name: "t",
  columns: [],
  partitionKeys: ["key"],
  timeZone: "UTC",
};

// covers: G-27
describe("the plan of the server", () => {
  beforeAll(async () => {
    await db.query(`
      TRUNCATE base;
      INSERT INTO base SELECT i, timestamptz '2024-01-01 00:00+00' + i * interval '1 minute',
        timestamp '2024-01-01' + i * interval '1 minute', NULL, i::text
        FROM generate_series(1, 100000) i;
      ANALYZE base`);
  });

  async function explain(prepared: Prepared, specs: readonly PartitionSpec[]) {
    return db.database.transaction(async (tx) => {
      await tx.execute(pins({ ...noTarget, timeZone: "Europe/Berlin" }, 150_000));
      const read = async (select: Sql) => {
        const rows = await tx.query<{ "QUERY PLAN": string }>(sql`EXPLAIN (COSTS OFF) ${select}`);
        return rows.map((line) => line["QUERY PLAN"]).join("\n");
      };
      const selects = both(prepared, specs);
      return { with: await read(selects.with), without: await read(selects.without) };
    });
  }

  it.each([
    ["SELECT to_char(ts, 'YYYY-MM-DD') AS key, count(*) FROM base GROUP BY 1", "base_ts_idx"],
    ["SELECT to_char(lts, 'YYYY-MM-DD') AS key, count(*) FROM base GROUP BY 1", "base_lts_idx"],
    ["SELECT ts::date::text AS key, o.note FROM base LEFT JOIN other o USING (id)", "base_ts_idx"],
  ])("reaches the index, which the label alone does not: %s", async (query, index) => {
    const plans = await explain(await prepare(query, "Europe/Berlin"), [{ key: "2024-02-10" }]);
    expect(plans.with).toContain(index);
    expect(plans.without).not.toContain("_idx");
  });

  it("reads about one day of base rows", async () => {
    const query = "SELECT to_char(ts, 'YYYY-MM-DD') AS key, id FROM base";
    const kit = await RefreshKit.create(db, {
      query,
      partitionKeys: ["key"],
      timeZone: "Europe/Berlin",
    });
    const measures = await kit.refresh({ specs: [{ key: "2024-02-10" }] });
    expect(measures.staged).toBe(1440);
  });

  it("is unrestricted where a base column changed its type since", async () => {
    await db.query("CREATE TABLE changes AS SELECT ts, id FROM base LIMIT 10");
    const kit = await RefreshKit.create(db, {
      query: "SELECT to_char(ts, 'YYYY-MM-DD') AS key, id FROM changes",
      partitionKeys: ["key"],
    });
    await db.query("ALTER TABLE changes ALTER ts TYPE timestamp");
    const measures = await kit.refresh({ specs: [{ key: "2024-01-01" }] });
    expect([measures.staged, measures.reason]).toEqual([10, "SOURCE_CHANGED"]);
  });

  it("uses the column that the user names", async () => {
    const input = {
      query: "SELECT k AS key, id FROM base b",
      searchPath: ["public"],
      timeZone: "UTC",
    };
    const { analysis, columns } = await describeQuery(db.database, input);
    const plan = restrictionsFor({
      analysis,
      columns,
      partitionTimes: [{ column: "key", pattern: "yyyy-MM-dd", grain: "day" }],
      specs: [{ key: "2024-02-10" }],
      timeZone: "UTC",
      namedSources: namedSourcesOf({ "partition.fields.key.source": "b.ts", other: "x" }),
    });
    expect(plan.restrictions.map(({ column, from, to }) => [column, from, to])).toEqual([
      ["ts", "2024-02-10 00:00:00", "2024-02-11 00:00:00"],
      ["ts", "-infinity", "0001-01-01 00:00:00"],
    ]);
    expect(plan.notes).toEqual(["key: public.base.ts is read by range, by an index"]);
  });

  it.each([
    ["day", "SELECT day AS key, count(*) FROM days GROUP BY day", "by an index"],
    ["other", "SELECT other AS key FROM days", "without an index that begins with it"],
  ])("leaves the plain column %s to the condition, and says so", async (column, query, index) => {
    await db.query("CREATE TABLE IF NOT EXISTS days (day date, other date)");
    await db.query("CREATE INDEX IF NOT EXISTS days_by_day ON days (day)");
    const input = { query, searchPath: ["public"], timeZone: "UTC" };
    const { analysis, columns } = await describeQuery(db.database, input);
    const known = { analysis, partitionTimes: [], timeZone: "UTC", namedSources: {} };
    const specs = [{ key: "2024-02-10" }];
    expect(restrictionsFor({ ...known, columns, specs })).toEqual({
      restrictions: [],
      notes: [`key: the condition reaches public.days.${column} ${index}`],
    });
    const retyped = columns.map((each) => ({ ...each, type: "text" }));
    expect(restrictionsFor({ ...known, columns: retyped, specs }).notes).toEqual([
      "key: no range of a base column is known, the condition around the query applies",
    ]);
  });
});
