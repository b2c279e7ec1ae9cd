// Where our answers to recorded requests differ from Flink's, and why that is right. An entry that
// meets nothing fails the test.

import { typeDifferences } from "./replay-type-differences.ts";
import type { Difference } from "./support/replay.ts";

const connectors = "Connectors do not exist on PostgreSQL: a table with the same columns is made.";
const stringType = "PostgreSQL has no type STRING: text.";
const ownWords = "PostgreSQL says in its own words what is wrong, with SQLSTATE and position.";
const literals = "A text literal is text, not CHAR of its length, in PostgreSQL.";

/** PostgreSQL's text. */
const text = { type: "VARCHAR", nullable: true, length: 2147483647 };

export const differences: readonly Difference[] = [
  {
    recordings: ["rest-endpoints"],
    match: /^POST (\/v4)?\/(sessions\/<session \d+>\/materialized-tables|workflow)\/.*/,
    what: "skip",
    reason: "Flink has these in V3 only; we answer them in V4 and bare too (requests.test.ts).",
  },
  {
    recordings: ["rest-endpoints"],
    match: /^POST \/v3\/workflow\/embedded-scheduler\/suspend/,
    what: "skip",
    reason: "Which workflows exist is tested with the scheduler's facade.",
  },
  ...["SELEC 1", "SELECT 1 1", "SELECT * FROM no_such_table", "DROP TABLE no_such_table"].map(
    (match) => ({
      recordings: ["rest-errors", "jdbc-errors"],
      match,
      what: "cause" as const,
      reason: ownWords,
    }),
  ),
  {
    recordings: ["rest-errors", "jdbc-errors"],
    match: /^SELECT (FROM|no_such_column FROM|CAST\('x' AS INT\))/,
    what: "cause",
    reason: ownWords,
  },
  {
    recordings: ["rest-errors"],
    match: "SELECT no_such_function(1)",
    what: "cause",
    reason: ownWords,
  },
  {
    recordings: ["rest-errors"],
    match: /^(REMOVE JAR|END|STOP JOB)/,
    what: "cause",
    reason: "Refused with a code of ours; Flink's reason is about its own machinery.",
  },
  {
    recordings: ["rest-errors"],
    match: /^GET .*<operation 32>\/status/,
    what: "skip",
    reason: "A query that fails before its first row is in ERROR; Flink had submitted a job.",
  },
  {
    recordings: ["rest-sessions"],
    match: /^POST .*configure-session \{("statement":"USE USE USE")?\}/,
    what: "cause",
    reason:
      "Our parser names another of the two wrong places; a missing statement is said plainly.",
  },
  {
    recordings: ["rest-lifecycle"],
    match: /^CREATE TEMPORARY TABLE slow/,
    what: "send",
    instead: "CREATE TABLE slow AS SELECT generate_series(1, 3) AS id",
    reason: connectors,
  },
  {
    recordings: ["rest-lifecycle"],
    match: /^CREATE TEMPORARY TABLE sink/,
    what: "send",
    instead: "CREATE TABLE sink (id int)",
    reason: connectors,
  },
  {
    recordings: ["rest-lifecycle"],
    match: "INSERT INTO sink SELECT id FROM slow",
    what: "send",
    instead: "INSERT INTO sink SELECT id FROM slow, pg_sleep(60)",
    reason: "A statement that runs until it is cancelled or closed.",
  },
  {
    recordings: ["rest-lifecycle"],
    match: "SELECT * FROM no_such_table",
    what: "cause",
    reason: ownWords,
  },
  {
    recordings: ["rest-lifecycle", "rest-results"],
    match: "SHOW JOBS",
    what: "rows",
    reason: "Statements of users are no jobs here; refreshes are.",
  },
  {
    recordings: ["rest-lifecycle", "rest-results", "sql-client-script"],
    match: /^SET;$/,
    what: "rows",
    reason: "The gateway's configuration has other keys.",
  },
  {
    recordings: ["rest-results"],
    match: /^SELECT \* FROM \(VALUES \(1, 'a'\), \(2, 'b'\)\)/,
    what: "columns",
    reason: literals,
  },
  {
    recordings: ["rest-results"],
    match: "SELECT * FROM (VALUES (1, 'a'), (2, CAST(NULL AS STRING))) AS t (id, note)",
    what: "send",
    instead: "SELECT * FROM (VALUES (1, 'a'), (2, CAST(NULL AS text))) AS t (id, note)",
    reason: stringType,
  },
  {
    recordings: ["rest-results", "jdbc-metadata"],
    match: /^SHOW DATABASES;?$/,
    what: "rows",
    reason: "The schema `sluice` with its views is a database too.",
  },
  {
    recordings: ["rest-results"],
    match: /^CREATE TABLE t1/,
    what: "send",
    instead: "CREATE TABLE t1 (id bigint PRIMARY KEY, note text)",
    reason: connectors,
  },
  {
    recordings: ["rest-results"],
    match: /^(DESCRIBE t1|SHOW COLUMNS FROM t1)$/,
    what: "columns",
    reason: "The recorded table has a comment on a column, hence a column of comments.",
  },
  {
    recordings: ["rest-results"],
    match: /^(DESCRIBE t1|SHOW COLUMNS FROM t1|SHOW CREATE (TABLE|VIEW) \w+|EXPLAIN SELECT 1)$/,
    what: "rows",
    reason: "Comments, options, canonical text and plans are PostgreSQL's.",
  },
  {
    recordings: ["rest-results"],
    match: /^SHOW CATALOGS LIKE/,
    what: "rows",
    reason: "The catalog has the database's name.",
  },
  {
    recordings: ["rest-results"],
    match: /^(SHOW PROCEDURES|(DESCRIBE|SHOW CREATE) CATALOG|DESCRIBE DATABASE)/,
    what: "outcome",
    reason: "Flink's in-memory catalog cannot answer these; PostgreSQL can.",
  },
  {
    recordings: ["rest-results"],
    match: "INSERT INTO t1 VALUES (1, 'a')",
    what: "skip",
    reason: "DML answers `rows affected` instead of a job id (statements.test.ts).",
  },
  {
    recordings: ["jdbc-statements"],
    match: /^CREATE TABLE orders/,
    what: "send",
    instead: "CREATE TABLE orders (id bigint, note text)",
    reason: connectors,
  },
  {
    recordings: ["jdbc-statements"],
    match: /^SHOW CREATE TABLE orders/,
    what: "rows",
    reason: "No connector in the options.",
  },
  {
    recordings: ["jdbc-statements"],
    match: /^INSERT INTO orders/,
    what: "skip",
    reason: "DML answers `rows affected` instead of a job id (statements.test.ts).",
  },
  {
    recordings: ["jdbc-statements"],
    match: /^VALUES/,
    what: "send",
    instead: "VALUES (1, 'a'), (2, CAST(NULL AS text))",
    reason: stringType,
  },
  {
    recordings: ["rest-results"],
    match: /^SELECT 1, 'a', 1 \+ 1/,
    what: "columns",
    reason: "Literals are text, and equal names stay equal.",
  },
  {
    recordings: ["rest-completion"],
    match: /^CREATE TEMPORARY TABLE orders/,
    what: "send",
    instead: "CREATE TABLE orders (order_id int, amount int)",
    reason: connectors,
  },
  {
    recordings: ["rest-completion"],
    match:
      /complete-statement \{"statement":"(SEL|SELECT {2}FROM orders|SHOW |nonsense)","position":"?\d+"?\}/,
    what: "rows",
    reason: "Our grammar has other words, and completes the beginning of a statement too.",
  },
  {
    recordings: ["rest-completion"],
    match: /complete-statement \{"statement":"(USE ","position":4|SEL","position":99)\}/,
    what: "outcome",
    reason: "Defects of Flink: an AssertionError and a StringIndexOutOfBoundsException.",
  },
  {
    recordings: ["rest-completion"],
    match: /complete-statement \{"position":3\}/,
    what: "cause",
    reason: "A missing statement is said plainly, not by a NullPointerException.",
  },
  {
    recordings: ["rest-completion"],
    match: /complete-statement\?statement=SEL&position=3/,
    what: "outcome",
    reason: "Parameters in the query are taken too, because clients exist that send them there.",
  },
  {
    recordings: ["dbt"],
    match: /create table if not exists countries/,
    what: "send",
    instead: "create table if not exists countries (code text, name text, population decimal)",
    reason: connectors,
  },
  {
    recordings: ["dbt"],
    match: /create table\s+large_countries/,
    what: "send",
    instead:
      "create table large_countries as (select code, name, population from countries where population > 60)",
    reason: connectors,
  },
  {
    recordings: ["sql-client-script"],
    match: /^-- a comment before a statement\nCREATE TABLE gen/,
    what: "send",
    instead:
      "-- a comment before a statement\nCREATE TABLE gen AS SELECT generate_series(1, 5)::bigint AS id, 'abcd'::text AS note;",
    reason: connectors,
  },
  {
    recordings: ["sql-client-script"],
    match: /^CREATE TABLE sink/,
    what: "send",
    instead: "CREATE TABLE sink (id bigint);",
    reason: connectors,
  },
  {
    recordings: ["sql-client-script"],
    match: /^(SHOW CREATE TABLE gen|EXPLAIN SELECT id FROM gen);/,
    what: "rows",
    reason: "No connector in the options; plans are PostgreSQL's.",
  },
  {
    recordings: ["sql-client-script"],
    match: /^SELECT \* FROM \(VALUES \(1, 'a', TRUE/,
    what: "send",
    instead:
      "SELECT * FROM (VALUES (1, 'a', TRUE, DATE '2026-01-31', CAST(1.50 AS DECIMAL(5, 2))), (2, CAST(NULL AS text), FALSE, CAST(NULL AS DATE), CAST(NULL AS DECIMAL(5, 2)))) AS t (id, note, flag, d, amount);",
    reason: stringType,
  },
  {
    recordings: ["sql-client-script"],
    match: /^INSERT INTO sink/,
    what: "skip",
    reason: "DML answers `rows affected` instead of a job id (statements.test.ts).",
  },
  {
    recordings: ["sql-client-script"],
    match: "SELECT * FROM no_such_table;",
    what: "cause",
    reason: ownWords,
  },
  {
    recordings: ["rest-refresh-and-scheduler"],
    match: /^CREATE TABLE wire_plain/,
    what: "send",
    instead: "CREATE TABLE wire_plain (id int)",
    reason: connectors,
  },
  {
    recordings: ["rest-refresh-and-scheduler"],
    match: /^POST (\/v4)?\/(sessions\/<session \d+>\/materialized-tables|workflow)\/.*/,
    what: "skip",
    reason: "Flink has these in V3 only; we answer them in V4 and bare too (requests.test.ts).",
  },
  {
    recordings: ["rest-refresh-and-scheduler"],
    match: /"cronExpression":"every day"/,
    what: "cause",
    reason:
      "The sentence about the expression is Flink's, the parser's own complaint is not repeated.",
  },
  {
    recordings: ["rest-refresh-and-scheduler"],
    match: /\/scripts \{"script":"SELECT 1;"\}$/,
    what: "skip",
    reason: "There is no cluster at all; the refusal says so (own-endpoints.test.ts).",
  },
  {
    recordings: ["jdbc-paging"],
    match: /^CREATE TEMPORARY TABLE gen/,
    what: "send",
    instead:
      "CREATE TABLE gen AS SELECT g::bigint AS id, repeat('x', 10) AS note FROM generate_series(1, 10000) AS g",
    reason: connectors,
  },
  {
    recordings: ["sql-client-interactive"],
    match: "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t (id, note);",
    what: "columns",
    ours: { note: text },
    reason: literals,
  },
  {
    recordings: ["sql-client-interactive"],
    match: /^EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1;\nEND;$/,
    what: "cause",
    reason: "There are no statement sets: refused with a code, after the whole of it was parsed.",
  },
  {
    recordings: ["sql-client-interactive"],
    match: "SELECT * FROM no_such_table;",
    what: "cause",
    reason: ownWords,
  },
  {
    recordings: ["rest-streaming-changelog"],
    match: /^SELECT name, COUNT/,
    what: "columns",
    ours: { name: text },
    reason: literals,
  },
  {
    recordings: ["rest-streaming-changelog"],
    match: /^SELECT name, COUNT/,
    what: "rows",
    reason: "A query gives its final rows, in no order; there is no changelog of a query.",
  },
  {
    recordings: ["rest-limits"],
    match: "SELECT REPEAT('x', 70000)",
    what: "send",
    instead: `SELECT REPEAT('x', 70000) AS "EXPR$0"`,
    reason: "PostgreSQL names the column after the function.",
  },
  ...typeDifferences,
];
