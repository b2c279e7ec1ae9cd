// One line a case: splitting of scripts, classes of PostgreSQL's statements, whose statement it is,
// completion, types, and positions in the user's text.

import { describe, expect, test } from "vitest";
import { userPosition } from "../../src/parser/ast/source-text.ts";
import { complete } from "../../src/parser/complete.ts";
import { parse } from "../../src/parser/parse.ts";
import { splitScript } from "../../src/parser/split-script.ts";

describe("splitScript", () => {
  test.each<[string, readonly string[]]>([
    ["", []],
    [" ;; -- nothing\n;", []],
    ["SELECT 1", ["SELECT 1"]],
    ["SELECT 1; SELECT 2;", ["SELECT 1", "SELECT 2"]],
    [
      "SELECT ';', \";\", `;`, $$;$$, $a$;$$;$a$; x",
      ["SELECT ';', \";\", `;`, $$;$$, $a$;$$;$a$", "x"],
    ],
    ["SELECT E'\\';'; x", ["SELECT E'\\';'", "x"]],
    ["SELECT '\\'; x", ["SELECT '\\'", "x"]],
    ["a -- ;\n; b /* ; /* ; */ ; */ c; d", ["a", "b /* ; /* ; */ ; */ c", "d"]],
    ["CREATE RULE r AS ON x DO (a; b); c", ["CREATE RULE r AS ON x DO (a; b)", "c"]],
    [
      "CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN a THEN b END; END; x",
      ["CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN a THEN b END; END", "x"],
    ],
    [
      "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC a; END; x",
      ["CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC a; END", "x"],
    ],
    ["EXECUTE STATEMENT SET BEGIN a; b; END; x", ["EXECUTE STATEMENT SET BEGIN a; b; END", "x"]],
    ["BEGIN; SELECT 1; END; x", ["BEGIN", "SELECT 1", "END", "x"]],
    ["BEGIN STATEMENT SET; INSERT; END;", ["BEGIN STATEMENT SET", "INSERT", "END"]],
    ["SELECT 'open; SELECT 2", ["SELECT 'open; SELECT 2"]],
    ["SELECT (1; SELECT 2", ["SELECT (1; SELECT 2"]],
    ["SELECT a$b$; c$b$", ["SELECT a$b$", "c$b$"]],
    ["SELECT $1; x", ["SELECT $1", "x"]],
    ["\ufeffSHOW TABLES;\r\nSHOW VIEWS\r\n", ["SHOW TABLES", "SHOW VIEWS"]],
  ])("%j", (script, statements) => {
    expect(splitScript(script).map(({ text }) => text)).toEqual(statements);
  });

  test("starts are code points of the script", () => {
    expect(splitScript("😀;  b; /* 😀 */ c")).toEqual([
      { text: "😀", start: 0 },
      { text: "b", start: 4 },
      { text: "c", start: 15 },
    ]);
  });
});

describe("classes of PostgreSQL's statements", () => {
  test.each([
    ["SELECT 1", "query"],
    ["(SELECT 1) UNION SELECT 2", "query"],
    ["((SELECT 1))", "query"],
    ["VALUES (1)", "query"],
    ["TABLE t", "query"],
    ["SELECT a INTO b FROM c", "other"],
    ["SELECT (SELECT into_ FROM x) FROM y", "query"],
    ["SELECT a AS into FROM b", "query"],
    ["SELECT a FROM t FOR UPDATE", "query"],
    ["INSERT INTO t VALUES (1)", "dml"],
    ["INSERT INTO t VALUES (1) RETURNING a", "dml returning"],
    ["INSERT INTO t SELECT x.returning FROM x", "dml"],
    ["UPDATE t SET a = (SELECT 1 /* RETURNING */)", "dml"],
    ["delete from t returning *", "dml returning"],
    ["MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE", "dml"],
    ["WITH a AS (SELECT 1) SELECT * FROM a", "query"],
    ["WITH RECURSIVE a (b) AS (SELECT 1 UNION SELECT 2) SELECT * FROM a", "query"],
    ["WITH a AS (SELECT 1) (SELECT 2)", "query"],
    ["WITH a AS (SELECT 1), b AS MATERIALIZED (SELECT 2) INSERT INTO t SELECT * FROM a", "dml"],
    ["WITH a AS (SELECT 1) DELETE FROM t USING a RETURNING t.b", "dml returning"],
    ["WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a", "dml returning"],
    [
      "WITH a AS (WITH b AS (SELECT 1) INSERT INTO t SELECT * FROM b RETURNING *) SELECT 1",
      "dml returning",
    ],
    ["WITH update AS (SELECT 1) SELECT * FROM update", "query"],
    ["WITH a (delete, insert) AS (SELECT 1, 2) SELECT * FROM a", "query"],
    ["WITH a AS (SELECT 1) SEARCH DEPTH FIRST BY b SET c UPDATE t SET d = 1", "dml"],
    ["CREATE TABLE t AS SELECT 1", "other"],
    ["COPY t FROM STDIN", "other"],
    ["CALL p()", "other"],
    ["EXPLAIN_ 1", "other"],
    ["/* a */ -- b\n SELECT 1", "query"],
  ])("%s is %s", (text, expected) => {
    const statement = parse(text);
    if (statement.kind !== "passthrough") throw new Error(`${text} is ${statement.kind}`);
    const returning = statement.returning ? " returning" : "";
    expect(`${statement.statementClass}${returning}`).toBe(expected);
  });
});

describe("whose statement", () => {
  test.each([
    ["create /* x */ materialized -- y\n table t as select 1", "create-materialized-table"],
    ["CREATE MATERIALIZED VIEW v AS SELECT 1", "passthrough"],
    ["ALTER MATERIALIZED VIEW v RENAME TO w", "passthrough"],
    ["DROP MATERIALIZED VIEW v", "passthrough"],
    ["REFRESH MATERIALIZED VIEW v", "passthrough"],
    ["CREATE OR REPLACE VIEW v AS SELECT 1", "passthrough"],
    ["CREATE TEMPORARY VIEW v AS SELECT 1", "passthrough"],
    ["CREATE SCHEMA s", "passthrough"],
    ["ALTER TABLE t ADD COLUMN a int", "passthrough"],
    ["SHOW timezone", "passthrough"],
    ["SHOW ALL", "passthrough"],
    ["SHOW search_path", "passthrough"],
    ["SHOW transaction_isolation", "passthrough"],
    ["SET search_path TO x", "passthrough"],
    ["SET TIME ZONE 'UTC'", "passthrough"],
    ["SET SESSION AUTHORIZATION x", "passthrough"],
    ['SET "table.x" = 1', "passthrough"],
    ["SET app.tenant_id = '5'", "passthrough"],
    ["SET 'app.tenant_id' = '5'", "set"],
    ["SET TABLE.dml-sync = true", "set"],
    ["SET restart-strategy = none", "set"],
    ["set ;", "list-settings"],
    ["RESET ALL", "passthrough"],
    ["RESET sluice.x", "reset"],
    ["BEGIN", "passthrough"],
    ["BEGIN ISOLATION LEVEL SERIALIZABLE", "passthrough"],
    ["COMMIT", "passthrough"],
    ["END WORK", "passthrough"],
    ["END", "unsupported"],
    ["LOAD 'auto_explain'", "passthrough"],
    ["LOAD MODULE hive", "unsupported"],
    ["EXECUTE stmt(1)", "passthrough"],
    ["EXECUTE INSERT", "passthrough"],
    ["EXECUTE INSERT INTO t SELECT 1", "unsupported"],
    ["INSERT OVERWRITE t SELECT 1", "unsupported"],
    ["ANALYZE t", "passthrough"],
    ["ANALYZE TABLE t COMPUTE STATISTICS", "unsupported"],
    ["DESCRIBE MODEL m", "unsupported"],
    ["DESCRIBE model", "describe-table"],
    ["USE MODULES core", "unsupported"],
    ["USE modules", "unsupported"],
    ["CALL sys.procedure(1)", "passthrough"],
    ["TRUNCATE TABLE t", "passthrough"],
    ["SELEC 1", "passthrough"],
    ["(SELECT 1)", "passthrough"],
  ])("%s: %s", (text, kind) => {
    expect(parse(text).kind).toBe(kind);
  });
});

describe("complete", () => {
  const names = ["cat.db.orders", "cat.db.order_items", "cat.other", "amount", "cat.db.`Upper`"];
  test.each<[string, number | null, readonly string[]]>([
    ["CREATE TA", 9, ["TABLE"]],
    ["create ta", 9, ["TABLE"]],
    ["SHOW CA", 7, ["CATALOGS"]],
    [
      "SHOW CREATE ",
      12,
      ["CATALOG", "DATABASE", "MATERIALIZED", "OR", "TABLE", "VIEW", "WORKFLOW"],
    ],
    ["", 0, ["CLEAR", "HELP", "EXIT", "QUIT", "RESET", "SET"]],
    ["SEL", 3, ["SELECT"]],
    ["SEL", -1, []],
    ["SEL", 99, []],
    ["SEL", 1.5, []],
    ["nonsense", 8, []],
    ["nonsense ", 9, []],
    ["SELECT * FROM ord", 17, ["cat.db.order_items", "cat.db.orders"]],
    ["SELECT * FROM db.ord", null, ["order_items", "orders"]],
    ["SELECT * FROM cat.o", null, ["other"]],
    ["SELECT a FROM orders WHERE am", null, ["amount"]],
    ["SELECT order_", null, ["cat.db.order_items"]],
    ["SELECT `or", null, []],
    ["SELECT 'or", null, []],
    ["SELECT /* or", null, []],
    ["SELECT 1 -- or", null, []],
    ["SELECT a FRO", null, ["FROM"]],
    ["SELECT 1; SHO", null, ["SHOW"]],
    ["SELECT 1;", null, ["CLEAR", "HELP", "EXIT", "QUIT", "RESET", "SET"]],
    [
      "DROP MATERIALIZED TABLE ",
      null,
      ["IF", "amount", "cat.db.`Upper`", "cat.db.order_items", "cat.db.orders", "cat.other"],
    ],
    ["DROP MATERIALIZED TABLE I", null, ["IF"]],
    ["CREATE MATERIALIZED TABLE t FRESHNESS = INTERVAL '1' D", null, ["DAY", "DAYS"]],
    ["CREATE MATERIALIZED TABLE t REFRESH_MODE = ", null, ["CONTINUOUS", "FULL"]],
    [
      "CREATE MATERIALIZED TABLE t AS SELECT a FROM ",
      null,
      ["amount", "cat.db.`Upper`", "cat.db.order_items", "cat.db.orders", "cat.other"],
    ],
    ["CREATE MATERIALIZED TABLE t (a INT, b ST", null, ["STRUCTURED"]],
    ["ALTER MATERIALIZED TABLE t SU", null, ["SUSPEND"]],
    ["SHOW TABLES; 😀 ", null, []],
  ])("%j at %j", (text, position, expected) => {
    const at = position ?? [...text].length;
    expect(complete(text, at, names)).toEqual(expected);
  });
});

describe("complete statements about workflows", () => {
  const names = ["cat.db.orders"];
  const others = { workflows: ["cat.db.nightly", "cat.db.`Ü`"], queues: ["reports", "`a b`"] };
  const workflows = ["cat.db.`Ü`", "cat.db.nightly"];
  test.each<[string, readonly string[]]>([
    ["ALTER WORKFLOW ", ["INSTANCE", ...workflows]],
    ["ALTER WORKFLOW nig", ["cat.db.nightly"]],
    ["ALTER WORKFLOW db.nig", ["nightly"]],
    ["DROP WORKFLOW IF EXISTS n", ["cat.db.nightly"]],
    ["EXECUTE WORKFLOW n", ["cat.db.nightly"]],
    ["BACKFILL WORKFLOW n", ["cat.db.nightly"]],
    ["DESCRIBE WORKFLOW EXTENDED n", ["cat.db.nightly"]],
    ["SHOW CREATE WORKFLOW n", ["cat.db.nightly"]],
    ["SHOW WORKFLOW INSTANCES FROM n", ["cat.db.nightly"]],
    ["SHOW BACKFILLS FROM ", [...workflows, "cat.db.orders"]],
    ["DROP QUEUE r", ["reports"]],
    ["ALTER QUEUE ", ["`a b`", "reports"]],
    ["ALTER QUEUE a", ["`a b`"]],
    ["CREATE WORKFLOW w TASKS (a EXECUTE 'x', b REFRESH ord", ["cat.db.orders"]],
    ["CREATE WORKFLOW w TASKS (a EXECUTE 'x', \"B\" REFRESH o AFTER (", ['"B"', "a"]],
    ["CREATE WORKFLOW w TASKS (a EXECUTE 'x', b REFRESH o AFTER (a, ", ["a", "b"]],
    ["CREATE WORKFLOW w SCHEDULE = ", ["CRON", "EVERY", "MANUAL"]],
    ["CREATE WORKFLOW w SCHEDULE = MANUAL T", ["TASKS", "TIME"]],
    ["CREATE WORKFLOW w TASKS (a ", ["EXECUTE", "REFRESH"]],
    ["ALTER WORKFLOW w D", ["DISABLE", "DROP"]],
    ["ALTER WORKFLOW INSTANCE 'x' RERUN ", ["FAILED", "TASK"]],
    ["ALTER BACKFILL 'x' ", ["CANCEL", "PAUSE", "RESUME", "RETRY"]],
    ["SHOW CREATE WORKFLOW w V", ["VERSION"]],
  ])("%j", (text, expected) => {
    expect(complete(text, [...text].length, names, others)).toEqual(expected);
  });
});

describe("types", () => {
  test.each([
    ["INT", "integer"],
    ["int4", "integer"],
    ["BIGINT", "bigint"],
    ["TINYINT", "smallint"],
    ["STRING", "text"],
    ["VARCHAR", "character varying"],
    ["VARCHAR(20)", "character varying(20)"],
    ["VARCHAR(2147483647)", "text"],
    ["CHARACTER VARYING(20)", "character varying(20)"],
    ["CHAR", "character"],
    ["CHAR(3)", "character(3)"],
    ["BIT VARYING(3)", "bit varying(3)"],
    ["BYTES", "bytea"],
    ["VARBINARY(10)", "bytea"],
    ["BOOLEAN", "boolean"],
    ["DECIMAL(38, 18)", "numeric(38, 18)"],
    ["DEC", "numeric"],
    ["NUMERIC(5)", "numeric(5)"],
    ["FLOAT", "double precision"],
    ["REAL", "real"],
    ["DOUBLE", "double precision"],
    ["DOUBLE PRECISION", "double precision"],
    ["DATE", "date"],
    ["TIME", "time without time zone"],
    ["TIME(9)", "time(6) without time zone"],
    ["TIME WITH TIME ZONE", "time with time zone"],
    ["TIMESTAMP", "timestamp without time zone"],
    ["TIMESTAMP(3)", "timestamp(3) without time zone"],
    ["TIMESTAMP(9) WITH LOCAL TIME ZONE", "timestamp(6) with time zone"],
    ["TIMESTAMP_LTZ(3)", "timestamp(3) with time zone"],
    ["timestamptz", "timestamp with time zone"],
    ["INTERVAL", "interval"],
    ["INTERVAL DAY TO SECOND(3)", "interval day to second"],
    ["INTERVAL YEAR TO MONTH", "interval year to month"],
    ["ARRAY<INT>", "integer[]"],
    ["ARRAY<ARRAY<STRING NOT NULL>>", "text[][]"],
    ["INT ARRAY", "integer[]"],
    ["text[]", "text[]"],
    ["MAP<STRING, INT>", "jsonb"],
    ["MULTISET<INT>", "jsonb"],
    ["INT MULTISET", "jsonb"],
    ["ROW<a INT, b STRING>", "jsonb"],
    ["ROW(a INT)", "jsonb"],
    ["RAW('a', 'b')", "bytea"],
    ["STRUCTURED<'a.B', x INT>", "jsonb"],
    ["VARIANT", "jsonb"],
    ["uuid", "uuid"],
    ["citext", '"citext"'],
    ["public.geometry(Point, 4326)", '"public"."geometry"(Point, 4326)'],
    ['"My Type"', '"My Type"'],
  ])("%s is %s", (written, postgres) => {
    const statement = parse(`CREATE MATERIALIZED TABLE t (a ${written}) AS SELECT 1`);
    if (statement.kind !== "create-materialized-table") throw new Error(statement.kind);
    expect(statement.schema).toMatchObject([{ type: { written, postgres, nullable: null } }]);
  });
});

describe("positions", () => {
  test("of the query map back to the user's text, back-quotes and emoji included", () => {
    const text = 'CREATE MATERIALIZED TABLE 😀 AS SELECT `a"b`, `c``d`, 😀, wrong FROM t';
    const statement = parse(text);
    if (statement.kind !== "create-materialized-table") throw new Error(statement.kind);
    const { query } = statement;
    expect(query.text).toBe('SELECT "a""b", "c`d", 😀, wrong FROM t');
    const at = [...query.text].indexOf("w");
    expect(Array.from(text)[userPosition(query, at)]).toBe("w");
    expect(userPosition(query, 0)).toBe(Array.from(text.slice(0, text.indexOf("SELECT"))).length);
  });
  test("of a passthrough text that begins with a byte order mark", () => {
    const statement = parse("\ufeffSELECT 1");
    expect(statement).toMatchObject({ kind: "passthrough", text: "SELECT 1", start: 1 });
  });
  test("statements are frozen, all the way down", () => {
    const statement = parse("ALTER MATERIALIZED TABLE t REFRESH PARTITION (a = 1)");
    if (statement.kind !== "alter-materialized-table-refresh") throw new Error(statement.kind);
    expect(Object.isFrozen(statement)).toBe(true);
    expect(Object.isFrozen(statement.partition?.[0]?.literal)).toBe(true);
  });
});
