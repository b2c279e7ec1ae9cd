// Which plain tables a statement of PostgreSQL's is about.

import { describe, expect, it } from "vitest";
import { readPlainDdl } from "../../../src/gateway/statements/plain-ddl.ts";

const target = (name: string, database: string | null = null) => ({ database, name });

describe("plain DDL", () => {
  it.each([
    ["DROP TABLE a", "DROP TABLE", false, [target("a")]],
    ["drop table if exists s.a, b cascade", "DROP TABLE", true, [target("a", "s"), target("b")]],
    ['/* x */ -- y\n DROP TABLE "A"', "DROP TABLE", false, [target("A")]],
    ["ALTER TABLE a ADD COLUMN x int", "ALTER TABLE", false, [target("a")]],
    ["ALTER TABLE IF EXISTS a RENAME TO b", "ALTER TABLE", true, [target("a")]],
    ["ALTER TABLE a RENAME COLUMN x TO y", "ALTER TABLE", false, [target("a")]],
    ["ALTER TABLE s.a SET SCHEMA t", "ALTER TABLE", false, [target("a", "s")]],
    ["TRUNCATE a, s.b", "TRUNCATE TABLE", false, [target("a"), target("b", "s")]],
  ])("%s", async (text, verb, ifExists, targets) => {
    expect(await readPlainDdl(text)).toEqual({ verb, ifExists, targets });
  });

  it.each([
    "SELECT 1",
    "DROP VIEW a",
    "DROP INDEX a",
    "ALTER INDEX a RENAME TO b",
    "ALTER VIEW a RENAME TO b",
    "DROP TABLE",
    "DROP NONSENSE a",
    "INSERT INTO a VALUES ('DROP TABLE b')",
  ])("is none: %s", async (text) => {
    expect(await readPlainDdl(text)).toBeNull();
  });
});
