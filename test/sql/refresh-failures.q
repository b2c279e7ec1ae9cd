# Runs that fail: the table keeps its last good rows, the run is FAILED with its reason, the statement that waited says it.

SET 'table.dml-sync' = 'true';
OK
!ok

CREATE TABLE o (k int, v int);
OK
!ok

INSERT INTO o VALUES (1, 1), (2, 2);
rows affected
-------------
            2
(1 row)
!ok

CREATE MATERIALIZED TABLE t (PRIMARY KEY (k) NOT ENFORCED) WITH ('refresh.max-rows' = '3') FRESHNESS = INTERVAL '1' DAY AS SELECT k, v FROM o;
OK
!ok

# Two rows of one key
INSERT INTO o VALUES (1, 3);
rows affected
-------------
            1
(1 row)
!ok

ALTER MATERIALIZED TABLE t REFRESH;
org.apache.flink.table.api.ValidationException: the query yields two rows of one primary key of public.t [MT-PK-DUPLICATE]
Detail: Key {"k": "1"}. Run <id 1> ended with this error; the table is as it was before.
!error MT-PK-DUPLICATE 23505

# A null in the key
UPDATE o SET k = NULL WHERE v = 3;
rows affected
-------------
            1
(1 row)
!ok

ALTER MATERIALIZED TABLE t REFRESH;
org.apache.flink.table.api.ValidationException: the query yields a null in the primary key of public.t [MT-PK-NULL]
Detail: Key {"k": null}. Run <id 2> ended with this error; the table is as it was before.
!error MT-PK-NULL 23502

# More rows than the table may have
DELETE FROM o WHERE k IS NULL;
rows affected
-------------
            1
(1 row)
!ok

INSERT INTO o SELECT n, n FROM generate_series(10, 20) AS n;
rows affected
-------------
           11
(1 row)
!ok

ALTER MATERIALIZED TABLE t REFRESH;
org.apache.flink.table.api.ValidationException: the query yields 13 rows, more than 3 [MT-MAX-ROWS]
Detail: Run <id 3> ended with this error; the table is as it was before.
Hint: Raise 'refresh.max-rows' if that is meant.
!error MT-MAX-ROWS 54000

# What the query reads is gone
ALTER TABLE o RENAME TO elsewhere;
OK
!ok

ALTER MATERIALIZED TABLE t REFRESH;
org.apache.flink.table.api.ValidationException: the query reads public.o, which does not exist [MT-SOURCE-MISSING]
Detail: It was dropped or renamed after the table was defined. Run <id 4> ended with this error; the table is as it was before.
Hint: Bring it back, or give the table another query with ALTER MATERIALIZED TABLE … AS.
!error MT-SOURCE-MISSING 42P01

SELECT * FROM t ORDER BY k;
k | v
--+--
1 | 1
2 | 2
(2 rows)
!ok

SELECT trigger, status, error_code FROM sluice.refresh_runs WHERE name = 't' AND status = 'FAILED' ORDER BY error_code;
trigger | status | error_code
--------+--------+------------------
MANUAL  | FAILED | MT-MAX-ROWS
MANUAL  | FAILED | MT-PK-DUPLICATE
MANUAL  | FAILED | MT-PK-NULL
MANUAL  | FAILED | MT-SOURCE-MISSING
(4 rows)
!ok

# It is there again, and so is the table.
ALTER TABLE elsewhere RENAME TO o;
OK
!ok

DELETE FROM o WHERE k >= 10;
rows affected
-------------
           11
(1 row)
!ok

INSERT INTO o VALUES (3, 3);
rows affected
-------------
            1
(1 row)
!ok

ALTER MATERIALIZED TABLE t REFRESH;
job id  | cluster info
--------+-----------------------------------------------------
<job 1> | {execution.target=sluice, workflow.instance=<job 1>}
(1 row)
!ok

SELECT * FROM t ORDER BY k;
k | v
--+--
1 | 1
2 | 2
3 | 3
(3 rows)
!ok

# A first load that fails leaves an empty table that says why.
CREATE MATERIALIZED TABLE broken FRESHNESS = INTERVAL '1' DAY AS SELECT 1 / (v - v) AS x FROM o;
org.apache.flink.table.api.ValidationException: division by zero (SQLSTATE 22012) [MT-REFRESH-FAILED]
Detail: Run <id 5> ended with this error; the table is as it was before.
!error MT-REFRESH-FAILED XX000

SELECT name, last_status, last_error FROM sluice.materialized_tables WHERE name = 'broken';
name   | last_status | last_error
-------+-------------+----------------------------------
broken | FAILED      | division by zero (SQLSTATE 22012)
(1 row)
!ok
