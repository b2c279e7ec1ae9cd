# BACKFILL refuses ranges, options and targets that mean nothing.

CREATE TABLE o (ds text, v int);
OK
!ok

INSERT INTO o VALUES ('2026-01-01', 1);
rows affected
-------------
            1
(1 row)
!ok

CREATE MATERIALIZED TABLE p PARTITIONED BY (ds) WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd') FRESHNESS = INTERVAL '1' DAY AS SELECT ds, v FROM o;
OK
!ok

CREATE MATERIALIZED TABLE u FRESHNESS = INTERVAL '1' DAY AS SELECT v FROM o;
OK
!ok

!clock
workflow       | trigger | from                | to                  | status     | detail | partitions | rows
---------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:p | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +1 ~0 -0
public.table:u | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +1 ~0 -0
(2 rows)
!ok

CREATE WORKFLOW m TASKS (a EXECUTE 'SELECT 1');
OK
!ok

CREATE WORKFLOW w SCHEDULE = CRON '0 0 2 ? * *' VARIABLES ('x' = '1') TASKS (a EXECUTE 'SELECT 1');
OK
!ok

BACKFILL WORKFLOW m FROM TIMESTAMP '2026-01-01 00:00:00' TO TIMESTAMP '2026-01-06 00:00:00';
org.apache.flink.table.api.ValidationException: workflow "m" has no schedule [BF-NOT-PERIODIC]
Hint: EXECUTE WORKFLOW … AT runs it for one time.
!error BF-NOT-PERIODIC 55000

BACKFILL WORKFLOW nope FROM TIMESTAMP '2026-01-01 00:00:00' TO TIMESTAMP '2026-01-06 00:00:00';
org.apache.flink.table.api.ValidationException: workflow "public.nope" does not exist [WF-NOTFOUND]
!error WF-NOTFOUND 42704

BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-06 00:00:00' TO TIMESTAMP '2026-01-01 00:00:00';
org.apache.flink.table.api.ValidationException: the begin of the range is not before its end [BF-RANGE]
Detail: FROM belongs to the range, TO does not.
!error BF-RANGE 22023

BACKFILL WORKFLOW w FROM TIMESTAMP 'yesterday' TO TIMESTAMP '2026-01-06 00:00:00';
org.apache.flink.table.api.ValidationException: "yesterday" cannot be read as an end of the range [BF-VALUE]
Detail: Expected a timestamp such as 2026-01-31 or 2026-01-31 06:00:00.
!error BF-VALUE 22007

BACKFILL WORKFLOW w FROM TIMESTAMP '2027-01-01 00:00:00' TO TIMESTAMP '2027-01-06 00:00:00';
org.apache.flink.table.api.ValidationException: the range lies wholly in the future [BF-FUTURE]
Detail: Only intervals that have ended are computed.
!error BF-FUTURE 22023

BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-01 00:00:00' TO TIMESTAMP '2026-01-01 01:00:00';
org.apache.flink.table.api.ValidationException: nothing from "2026-01-01 00:00:00" to "2026-01-01 01:00:00" can be computed [BF-EMPTY]
Detail: An interval belongs to the range in which it begins, and must have ended.
Hint: WITH ('dry-run' = 'true') lists the intervals of a range.
!error BF-EMPTY 22023

BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-01 00:00:00' TO TIMESTAMP '2026-01-06 00:00:00' VARIABLES ('y' = '1');
org.apache.flink.table.api.ValidationException: the workflow has no variable "y" [WF-VARIABLE]
Detail: It has system.biz.date, system.biz.curdate, system.datetime, x.
!error WF-VARIABLE 22023

BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-01 00:00:00' TO TIMESTAMP '2026-01-06 00:00:00' WITH ('paralelism' = '1');
org.apache.flink.table.api.ValidationException: option 'paralelism' does not exist [BF-OPTION-UNKNOWN]
Detail: The options of a backfill are parallelism, order, reprocess, queue, cascade, throttle, force, dry-run.
Hint: Did you mean 'parallelism'?
!error BF-OPTION-UNKNOWN 22023

BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-01 00:00:00' TO TIMESTAMP '2026-01-06 00:00:00' WITH ('parallelism' = '0');
org.apache.flink.table.api.ValidationException: value "0" of option 'parallelism' cannot be used [BF-OPTION-VALUE]
Detail: Expected a whole number from 1 to 1000.
!error BF-OPTION-VALUE 22023

BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-01 00:00:00' TO TIMESTAMP '2026-01-06 00:00:00' WITH ('order' = 'random');
org.apache.flink.table.api.ValidationException: value "random" of option 'order' cannot be used [BF-OPTION-VALUE]
Detail: Expected one of ascending, descending.
!error BF-OPTION-VALUE 22023

BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-01 00:00:00' TO TIMESTAMP '2026-01-06 00:00:00' WITH ('dry-run' = 'perhaps');
org.apache.flink.table.api.ValidationException: value "perhaps" of option 'dry-run' cannot be used [BF-OPTION-VALUE]
Detail: Expected one of true, false, on, off.
!error BF-OPTION-VALUE 22023

BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-01 00:00:00' TO TIMESTAMP '2026-01-06 00:00:00' WITH ('queue' = 'nope');
org.apache.flink.table.api.ValidationException: queue "nope" does not exist [WF-QUEUE-UNKNOWN]
!error WF-QUEUE-UNKNOWN 42704

ALTER MATERIALIZED TABLE u BACKFILL FROM '2026-01-01' TO '2026-01-06';
org.apache.flink.table.api.ValidationException: materialized table "u" is not partitioned [BF-NOT-PARTITIONED]
Hint: ALTER MATERIALIZED TABLE … REFRESH computes it whole.
!error BF-NOT-PARTITIONED 42809

ALTER MATERIALIZED TABLE p BACKFILL FROM 'now' TO '2026-01-06';
org.apache.flink.table.api.ValidationException: "now" cannot be read as an end of the range [BF-VALUE]
Detail: Expected a value of "ds" in the form yyyy-MM-dd, or a timestamp such as 2026-01-31 or 2026-01-31 06:00:00.
!error BF-VALUE 22007

ALTER MATERIALIZED TABLE p BACKFILL FROM NULL TO '2026-01-06';
org.apache.flink.table.api.ValidationException: NULL is not the end of a range at line 1, column 42 [BF-RANGE]
Hint: Give a value of the partition key or a timestamp.
!error BF-RANGE 22023

ALTER MATERIALIZED TABLE p BACKFILL FROM '2026-01-06' TO '2026-01-01';
org.apache.flink.table.api.ValidationException: the begin of the range is not before its end [BF-RANGE]
Detail: FROM belongs to the range, TO does not.
!error BF-RANGE 22023

ALTER MATERIALIZED TABLE nope BACKFILL FROM '2026-01-01' TO '2026-01-06';
org.apache.flink.table.api.ValidationException: Materialized table `test_catalog`.`public`.`nope` doesn't exist.
Message: materialized table "public.nope" does not exist
!error MT-NOTFOUND 42P01

BACKFILL WORKFLOW "table:p" FROM TIMESTAMP '2026-01-01 00:00:00' TO TIMESTAMP '2026-01-06 00:00:00';
org.apache.flink.table.api.ValidationException: workflow "table:p" belongs to a materialized table [WF-TABLE-OWNED]
Hint: ALTER MATERIALIZED TABLE … BACKFILL does it.
!error WF-TABLE-OWNED 55000

ALTER BACKFILL 'nope' PAUSE;
org.apache.flink.table.api.ValidationException: backfill "nope" does not exist [BF-NOTFOUND]
!error BF-NOTFOUND 42704

DESCRIBE BACKFILL 'nope';
org.apache.flink.table.api.ValidationException: backfill "nope" does not exist [BF-NOTFOUND]
Hint: SHOW BACKFILLS lists the backfills.
!error BF-NOTFOUND 42704

SHOW BACKFILLS;
backfill_id | workflow | database | table_name | range_start | range_end | status | total | pending | running | successful | failed | skipped | started_at | finished_at | eta | options
------------+----------+----------+------------+-------------+-----------+--------+-------+---------+---------+------------+--------+---------+------------+-------------+-----+--------
(0 rows)
!ok
