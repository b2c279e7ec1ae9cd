# Errors of PostgreSQL: SQLSTATE, detail, hint, and the position in the user's own text.

SELECT nope FROM nowhere;
org.apache.flink.table.api.ValidationException: relation "nowhere" does not exist at line 1, column 18 [GW-POSTGRES]
SQLSTATE: 42P01
!error GW-POSTGRES 42P01

SELECT 'ä' AS umlaut, nope;
org.apache.flink.table.api.ValidationException: column "nope" does not exist at line 1, column 23 [GW-POSTGRES]
SQLSTATE: 42703
!error GW-POSTGRES 42703

SELEC 1;
org.apache.flink.table.api.ValidationException: syntax error at or near "SELEC" at line 1, column 1 [GW-POSTGRES]
SQLSTATE: 42601
!error GW-POSTGRES 42601

SELECT 1 / 0;
org.apache.flink.table.api.ValidationException: division by zero [GW-POSTGRES]
SQLSTATE: 22012
!error GW-POSTGRES 22012

CREATE TABLE t (a int PRIMARY KEY);
OK
!ok

INSERT INTO t VALUES (1), (1);
org.apache.flink.table.api.ValidationException: duplicate key value violates unique constraint "t_pkey" [GW-POSTGRES]
SQLSTATE: 23505
Detail: Key (a)=(1) already exists.
!error GW-POSTGRES 23505

INSERT INTO t VALUES (NULL);
org.apache.flink.table.api.ValidationException: null value in column "a" of relation "t" violates not-null constraint [GW-POSTGRES]
SQLSTATE: 23502
Detail: Failing row contains (null).
!error GW-POSTGRES 23502

SELECT `no such column` FROM t;
org.apache.flink.table.api.ValidationException: column "no such column" does not exist at line 1, column 8 [GW-POSTGRES]
SQLSTATE: 42703
!error GW-POSTGRES 42703

# Quotes inside of back-quoted names become longer on the way; the position is still the user's.
SELECT 1 AS `a"b"c`, nope;
org.apache.flink.table.api.ValidationException: column "nope" does not exist at line 1, column 22 [GW-POSTGRES]
SQLSTATE: 42703
!error GW-POSTGRES 42703

EXPLAIN SELECT 1 AS `a"b"c`, nope;
org.apache.flink.table.api.ValidationException: column "nope" does not exist at line 1, column 30 [GW-POSTGRES]
SQLSTATE: 42703
!error GW-POSTGRES 42703

# A misspelt word makes a statement of ours PostgreSQL's, which does not know what was meant.
CREATE MATERIALISED TABLE m FRESHNESS = INTERVAL '1' DAY AS SELECT 1 AS a;
org.apache.flink.table.api.ValidationException: syntax error at or near "MATERIALISED" at line 1, column 8 [GW-POSTGRES]
SQLSTATE: 42601
Hint: Did you mean MATERIALIZED?
!error GW-POSTGRES 42601

SELECT 1; SELECT 2;
java.lang.IllegalArgumentException: only single statement supported
Message: only one statement can be sent at a time
Detail: Line 1, column 11:
  SELECT 1; SELECT 2
            ^
Hint: Send each statement by itself.
!error GW-MULTIPLE-STATEMENTS 42601

# A failed transaction says so until it ends.
BEGIN;
OK
!ok

SELECT 1 / 0;
org.apache.flink.table.api.ValidationException: division by zero [GW-POSTGRES]
SQLSTATE: 22012
!error GW-POSTGRES 22012

SELECT 1;
org.apache.flink.table.api.ValidationException: current transaction is aborted, commands ignored until end of transaction block [GW-POSTGRES]
SQLSTATE: 25P02
!error GW-POSTGRES 25P02

ROLLBACK;
OK
!ok

SELECT 1 AS fine;
fine
----
   1
(1 row)
!ok

# Rows of a materialized table are written by refreshes alone.
SET 'table.dml-sync' = 'true';
OK
!ok

CREATE MATERIALIZED TABLE m FRESHNESS = INTERVAL '1' DAY AS SELECT 1 AS a;
OK
!ok

INSERT INTO m VALUES (2);
org.apache.flink.table.api.ValidationException: INSERT of materialized table "public.m" is refused: its query alone fills it [MT-READONLY]
Hint: Change the tables that the query reads, and refresh.
!error MT-READONLY 42501

UPDATE m SET a = 2;
org.apache.flink.table.api.ValidationException: UPDATE of materialized table "public.m" is refused: its query alone fills it [MT-READONLY]
Hint: Change the tables that the query reads, and refresh.
!error MT-READONLY 42501

DELETE FROM m;
org.apache.flink.table.api.ValidationException: DELETE of materialized table "public.m" is refused: its query alone fills it [MT-READONLY]
Hint: Change the tables that the query reads, and refresh.
!error MT-READONLY 42501

SELECT * FROM m;
a
-
1
(1 row)
!ok
