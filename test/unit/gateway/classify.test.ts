// What is read off a statement's syntax tree: its kind, what pins, which settings it changes, and
// whether it is small.

import { beforeAll, describe, expect, test } from "vitest";
import { classify, loadGrammar } from "../../../src/gateway/passthrough/classify.ts";

beforeAll(loadGrammar);

describe("kinds", () => {
  test.each([
    ["SELECT 1", "query", true],
    ["VALUES (1)", "query", true],
    ["TABLE t", "query", true],
    ["WITH x AS (SELECT 1) SELECT * FROM x", "query", true],
    ["WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x", "query", false],
    ["SELECT 1 INTO t", "other", false],
    ["INSERT INTO t VALUES (1)", "dml", false],
    ["MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE", "dml", false],
    ["EXPLAIN SELECT 1", "explain", false],
    ["SET work_mem = '1MB'", "set", false],
    ["COPY t FROM STDIN", "copy", false],
    ["COPY t FROM '/tmp/x'", "other", false],
    ["this is nothing", "other", false],
  ])("%s", (sql, kind, isQuery) => {
    expect(classify(sql)).toMatchObject({ kind, isQuery });
  });
});

describe("what pins", () => {
  test.each([
    ["BEGIN", ["transaction"]],
    ["START TRANSACTION READ ONLY", ["transaction"]],
    ["COMMIT", []],
    ["CREATE TEMP TABLE t (a int)", ["temporary object"]],
    ["CREATE TABLE pg_temp.t (a int)", ["temporary object"]],
    ["CREATE TABLE t (a int)", []],
    ["CREATE TEMP TABLE t AS SELECT 1", ["temporary object"]],
    ["SELECT 1 INTO TEMP t", ["temporary object"]],
    ["CREATE TEMP VIEW v AS SELECT 1", ["temporary object"]],
    ["CREATE TEMP SEQUENCE s", ["temporary object"]],
    ["PREPARE p AS SELECT 1", ["prepared statement"]],
    ["DECLARE c CURSOR WITH HOLD FOR SELECT 1", ["cursor"]],
    ["LISTEN x", ["listen"]],
    ["SELECT pg_advisory_lock(1)", ["advisory lock"]],
    ["SELECT pg_catalog.pg_try_advisory_lock(1)", ["advisory lock"]],
    ["SELECT pg_advisory_xact_lock(1)", []],
    ["SELECT 1 WHERE (SELECT set_config('a.b', 'c', false)) = 'c'", ["setting"]],
    ["SELECT currval('s')", ["sequence"]],
    ["SELECT lo_create(0)", ["large object"]],
    ["SELECT 'set_config(1)', \"currval\" FROM t", []],
  ])("%s", (sql, pins) => {
    expect(classify(sql).pins).toEqual(pins);
  });

  test("DISCARD ALL ends everything but a transaction", () => {
    expect(classify("DISCARD ALL").unpins).toContain("temporary object");
    expect(classify("DISCARD ALL").unpins).not.toContain("transaction");
    expect(classify("DEALLOCATE ALL").unpins).toEqual(["prepared statement"]);
    expect(classify("DEALLOCATE p").unpins).toEqual([]);
    expect(classify("UNLISTEN *").unpins).toEqual(["listen"]);
  });
});

describe("settings", () => {
  test.each([
    ["SET Work_Mem = '1MB'", [{ kind: "set", name: "work_mem" }]],
    ["SET TIME ZONE 'UTC'", [{ kind: "set", name: "timezone" }]],
    ["SET LOCAL work_mem = '1MB'", []],
    ["SET work_mem TO DEFAULT", [{ kind: "reset", name: "work_mem" }]],
    ["RESET work_mem", [{ kind: "reset", name: "work_mem" }]],
    ["RESET ALL", [{ kind: "reset all" }]],
    ["SET ROLE bob", [{ kind: "set", name: "role" }]],
    ["SET TRANSACTION READ ONLY", []],
  ])("%s", (sql, settings) => {
    expect(classify(sql).settings).toEqual(settings);
  });
});

describe("small ones", () => {
  test.each([
    ["SELECT 1", true],
    ["SELECT * FROM t LIMIT 10", true],
    ["SELECT * FROM t LIMIT 1000", false],
    ["SELECT * FROM t FETCH FIRST 3 ROWS WITH TIES", false],
    ["SELECT generate_series(1, 1000)", false],
    ["SELECT 1 UNION ALL TABLE t", false],
    ["TABLE t", false],
    ["INSERT INTO t VALUES (1)", true],
    ["INSERT INTO t VALUES (1) RETURNING a", false],
    ["CREATE TABLE t (a int)", true],
    ["EXECUTE p", false],
    ["CALL f()", false],
    ["FETCH ALL FROM c", false],
    ["nonsense", false],
  ])("%s", (sql, isSmall) => {
    expect(classify(sql).isSmall).toBe(isSmall);
  });
});
