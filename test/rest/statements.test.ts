// Statements through the strict client: what each kind of statement answers, types, errors,
// settings, transactions.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RestGateway, restGateway } from "./support/rest-gateway.ts";
import { type Rows, ServerError, StrictClient } from "./support/strict-client.ts";

let rest: RestGateway;
beforeAll(async () => {
  rest = await restGateway();
});
afterAll(() => rest.close());

async function client(
  properties: Record<string, string> = {},
  format: "JSON" | "PLAIN_TEXT" = "JSON",
): Promise<StrictClient> {
  const made = new StrictClient(rest.url, format);
  await made.open(properties);
  return made;
}

async function refusal(action: Promise<unknown>): Promise<string> {
  const error = await action.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ServerError);
  return (error as ServerError).message;
}

async function cell(session: StrictClient, statement: string): Promise<unknown> {
  return (await session.run(statement)).rows[0]?.[0];
}

describe("results", () => {
  test("a query answers rows, a job id and exact types", async () => {
    const session = await client();
    const result = await session.run("SELECT 1 AS a, 'x' AS b, 9223372036854775807 AS c");
    expect(result.isQuery).toBe(true);
    expect(result.jobId).toMatch(/^[0-9a-f]{32}$/);
    expect(result.resultKind).toBe("SUCCESS_WITH_CONTENT");
    expect(result.columns.map((column) => [column.name, column.logicalType["type"]])).toEqual([
      ["a", "INTEGER"],
      ["b", "VARCHAR"],
      ["c", "BIGINT"],
    ]);
    expect(result.rows).toHaveLength(1);
    expect(result.pages).toBe(2);
    await session.close();
  });

  const answers: readonly [statement: string, shape: Partial<Rows>, rows: unknown[][]][] = [
    ["CREATE TABLE kinds (a int, b text)", { resultKind: "SUCCESS", isQuery: false }, [["OK"]]],
    ["INSERT INTO kinds VALUES (1, 'x'), (2, NULL)", { isQuery: false, jobId: null }, [[2]]],
    ["UPDATE kinds SET a = a + 1", { isQuery: false }, [[2]]],
    ["DELETE FROM kinds WHERE a > 100", { isQuery: false }, [[0]]],
    ["UPDATE kinds SET b = 'y' WHERE a = 2 RETURNING a, b", { isQuery: false }, [[2, "y"]]],
    ["MERGE INTO kinds k USING (SELECT 3 AS a) s ON k.a = s.a WHEN MATCHED THEN DELETE", {}, [[1]]],
    ["TABLE kinds", { isQuery: true }, [[2, "y"]]],
    ["VALUES (1), (2)", { isQuery: true }, [[1], [2]]],
    ["WITH x AS (SELECT 1 AS a) SELECT a FROM x", { isQuery: true }, [[1]]],
    [
      "WITH x AS (INSERT INTO kinds VALUES (9, 'z') RETURNING a) SELECT a FROM x",
      { isQuery: false, jobId: null },
      [[9]],
    ],
    ["SELECT a FROM kinds WHERE false", { isQuery: true }, []],
    ["SHOW work_mem", { isQuery: false, resultKind: "SUCCESS_WITH_CONTENT" }, [["4MB"]]],
    ["TRUNCATE kinds", { resultKind: "SUCCESS" }, [["OK"]]],
    ["SELECT * INTO kinds2 FROM kinds", { resultKind: "SUCCESS" }, [["OK"]]],
    ["EXPLAIN (COSTS off) SELECT 1", { isQuery: false }, [["Result"]]],
  ];
  test("each kind of statement answers in its shape", async () => {
    const session = await client();
    for (const [statement, shape, rows] of answers) {
      const result = await session.run(statement);
      expect({ statement, ...result }).toMatchObject({ statement, ...shape });
      expect(result.rows, statement).toEqual(rows);
    }
    await session.close();
  });

  test("rows affected is a BIGINT column, EXPLAIN is one cell of many lines", async () => {
    const session = await client();
    await session.run("CREATE TABLE affected (a int)");
    const inserted = await session.run("INSERT INTO affected VALUES (1)");
    expect(inserted.columns).toEqual([
      { name: "rows affected", logicalType: { type: "BIGINT", nullable: true }, comment: null },
    ]);
    const plan = await session.run("EXPLAIN SELECT * FROM affected ORDER BY a");
    expect(plan.columns[0]?.name).toBe("result");
    expect(plan.rows).toHaveLength(1);
    expect(String(plan.rows[0]?.[0])).toMatch(/^Sort .*\n.*Sort Key: a\n.*Seq Scan on affected/);
    await session.close();
  });
});

describe("types", () => {
  const types: readonly [expression: string, type: object, json: unknown, plain: string][] = [
    ["true", { type: "BOOLEAN" }, true, "TRUE"],
    ["32767::int2", { type: "SMALLINT" }, 32767, "32767"],
    ["1.5::float4", { type: "FLOAT" }, 1.5, "1.5"],
    ["1e10::float8", { type: "DOUBLE" }, 1e10, "1.0E10"],
    ["'NaN'::float8", { type: "DOUBLE" }, "NaN", "NaN"],
    ["12.5::numeric(10,2)", { type: "DECIMAL", precision: 10, scale: 2 }, 12.5, "12.50"],
    [
      "12345678901234567890.12::numeric(38,2)",
      { type: "DECIMAL", precision: 38, scale: 2 },
      "12345678901234567890.12",
      "12345678901234567890.12",
    ],
    ["avg(x)", { type: "DECIMAL", precision: 38, scale: 18 }, 1.5, "1.5000000000000000"],
    ["'abc'::varchar(10)", { type: "VARCHAR", length: 10 }, "abc", "abc"],
    ["'ab'::char(4)", { type: "CHAR", length: 4 }, "ab  ", "ab  "],
    ["'a\"\\\n😀'::text", { type: "VARCHAR", length: 2147483647 }, 'a"\\\n😀', 'a"\\\n😀'],
    ["'\\xcafebabe'::bytea", { type: "VARBINARY" }, "yv66vg==", "x'cafebabe'"],
    ["date '2026-01-31'", { type: "DATE" }, "2026-01-31", "2026-01-31"],
    ["date '44-03-15 BC'", { type: "DATE" }, "-0043-03-15", "0044-03-15 BC"],
    ["date 'infinity'", { type: "DATE" }, null, "infinity"],
    ["time '12:12:43.5'", { type: "TIME_WITHOUT_TIME_ZONE" }, "12:12:43.5", "12:12:43.5"],
    [
      "timestamp(3) '2026-01-31 12:12:43.12'",
      { type: "TIMESTAMP_WITHOUT_TIME_ZONE", precision: 3 },
      "2026-01-31T12:12:43.12",
      "2026-01-31 12:12:43.120",
    ],
    [
      "timestamptz '2026-01-31 12:00:00+00'",
      { type: "TIMESTAMP_WITH_LOCAL_TIME_ZONE", precision: 6 },
      "2026-01-31T20:00:00Z",
      "2026-01-31 20:00:00.000000",
    ],
    ["interval '1 day'", { type: "VARCHAR" }, "1 day", "1 day"],
    ["'{\"a\": 1}'::jsonb", { type: "VARCHAR" }, '{"a": 1}', '{"a": 1}'],
    [
      "ARRAY[1, NULL, 3]",
      { type: "ARRAY", elementType: { type: "INTEGER", nullable: true } },
      [1, null, 3],
      "[1, NULL, 3]",
    ],
    [
      "ARRAY[[1,2],[3,4]]",
      { type: "ARRAY" },
      [
        [1, 2],
        [3, 4],
      ],
      "[[1, 2], [3, 4]]",
    ],
    [
      "ARRAY['a,b', '', 'NULL', 'q\"']",
      { type: "ARRAY" },
      ["a,b", "", "NULL", 'q"'],
      '[a,b, , NULL, q"]',
    ],
    ["'sad'::mood", { type: "VARCHAR" }, "sad", "sad"],
    ["5::positive", { type: "INTEGER" }, 5, "5"],
    [
      "ROW(1, 'a (b)', NULL)::pair",
      {
        type: "ROW",
        fields: [
          { name: "x", fieldType: { type: "INTEGER", nullable: true } },
          { name: "y", fieldType: { type: "VARCHAR", nullable: true, length: 2147483647 } },
          { name: "z", fieldType: { type: "DATE", nullable: true } },
        ],
      },
      { x: 1, y: "a (b)", z: null },
      "(1, a (b), NULL)",
    ],
    [
      "ARRAY[ROW(1,'a',NULL)::pair]",
      { type: "ARRAY" },
      [{ x: 1, y: "a", z: null }],
      "[(1, a, NULL)]",
    ],
    ["NULL", { type: "VARCHAR" }, null, ""],
  ];
  test("every type has its logical type, its JSON and its plain text", async () => {
    const json = await client({ "table.local-time-zone": "Asia/Shanghai" });
    const plain = await client({ "table.local-time-zone": "Asia/Shanghai" }, "PLAIN_TEXT");
    await json.run("CREATE TYPE mood AS ENUM ('sad', 'ok')");
    await json.run("CREATE DOMAIN positive AS int CHECK (VALUE > 0)");
    await json.run("CREATE TYPE pair AS (x int, y text, z date)");
    for (const [expression, type, value, text] of types) {
      const statement = `SELECT ${expression} AS c FROM (VALUES (1), (2)) v(x) LIMIT 1`;
      const result = await json.run(statement);
      expect(result.columns[0]?.logicalType, expression).toMatchObject(type);
      expect(result.rows[0]?.[0], expression).toEqual(value);
      const printed = await plain.run(statement);
      expect(printed.rows[0]?.[0] ?? "", expression).toBe(text);
    }
    await json.close();
    await plain.close();
  });

  test("digits beyond a double survive on the wire", async () => {
    const session = await client();
    const operation = await session.submit(
      "SELECT 9007199254740993 AS c, -1.10::numeric(5,3) AS d",
    );
    const answer = await fetch(
      `${rest.url}/v2/sessions/${session.session}/operations/${operation}/result/0?rowFormat=JSON`,
    );
    expect(await answer.text()).toContain('"fields":[9007199254740993,-1.1]');
    await session.close();
  });
});

describe("errors", () => {
  test("PostgreSQL's error comes with SQLSTATE, position, detail and hint", async () => {
    const session = await client();
    await session.run("CREATE TABLE errors (id int PRIMARY KEY)");
    expect(await refusal(session.run("SELECT '😀', nothing FROM errors"))).toBe(
      [
        'org.apache.flink.table.api.ValidationException: column "nothing" does not exist at line 1, column 13 [GW-POSTGRES]',
        "SQLSTATE: 42703",
      ].join("\n"),
    );
    await session.run("INSERT INTO errors VALUES (1)");
    expect(await refusal(session.run("INSERT INTO errors VALUES (1)"))).toContain(
      "SQLSTATE: 23505\nDetail: Key (id)=(1) already exists.",
    );
    expect(await refusal(session.run("SELECT lenght('x')"))).toContain("\nHint: ");
    await session.close();
  });

  test("two statements in one text are refused, and none is executed", async () => {
    const session = await client();
    expect(await refusal(session.run("CREATE TABLE multi (a int); SELECT 1"))).toContain("42601");
    expect(await cell(session, "SELECT to_regclass('multi') IS NULL")).toBe(true);
    await session.close();
  });

  test("COPY with the client and a null character are refused", async () => {
    const session = await client();
    expect(await refusal(session.run("COPY (SELECT 1) TO STDOUT"))).toContain("[GW-NOT-SUPPORTED]");
    expect(await refusal(session.run("SELECT '\u0000'"))).toContain("[GW-SYNTAX]");
    expect(await cell(session, "SELECT 1")).toBe(1);
    await session.close();
  });

  test("an error after the first rows is told where it happens, and again", async () => {
    const session = await client();
    const operation = await session.submit(
      "SELECT 1000 / (5000 - g) AS c FROM generate_series(1, 10000) AS g",
    );
    const failure = await refusal(session.read(operation));
    expect(failure).toContain("division by zero [GW-POSTGRES]\nSQLSTATE: 22012");
    await session.close();
  });

  test("a failing deferred constraint fails the statement that commits", async () => {
    const session = await client();
    await session.run("CREATE TABLE parent (id int PRIMARY KEY)");
    await session.run(
      "CREATE TABLE child (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)",
    );
    expect(await refusal(session.run("INSERT INTO child VALUES (1)"))).toContain("23503");
    expect(await refusal(session.run("INSERT INTO child VALUES (1) RETURNING id"))).toContain(
      "23503",
    );
    expect(await cell(session, "SELECT count(*)::int FROM child")).toBe(0);
    await session.close();
  });

  test("notices reach the log and those who ask", async () => {
    const session = await client();
    const operation = await session.submit("DROP TABLE IF EXISTS never_there");
    await session.read(operation);
    const path = `/v2/sessions/${session.session}/operations/${operation}/result/0`;
    const plain = (await (await fetch(rest.url + path)).json()) as object;
    expect(plain).not.toHaveProperty("sluice");
    const asked = await fetch(rest.url + path, { headers: { "x-sluice-details": "1" } });
    expect(await asked.json()).toMatchObject({
      sluice: { notices: [{ message: 'table "never_there" does not exist, skipping' }] },
    });
    expect(rest.logged.some((line) => "message" in line && line.message === "notice")).toBe(true);
    await session.close();
  });
});
