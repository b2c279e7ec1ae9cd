# ALTER BACKFILL … CANCEL: what waits is not run any more; ranges that meet are refused while one is open.

CREATE TABLE switch (v int);
OK
!ok

INSERT INTO switch VALUES (0);
rows affected
-------------
            1
(1 row)
!ok

CREATE WORKFLOW w SCHEDULE = CRON '0 0 2 ? * *' WITH ('retries' = '1', 'retry.delay' = '1 h') TASKS (
  a EXECUTE 'SELECT 1 / v FROM switch');
OK
!ok

BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-05 00:00:00' TO TIMESTAMP '2026-01-08 00:00:00';
backfill id
------------
<backfill 1>
(1 row)
!ok

BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-07 00:00:00' TO TIMESTAMP '2026-01-09 00:00:00';
org.apache.flink.table.api.ValidationException: backfill <backfill 1> has intervals in the same range [BF-OVERLAP]
Detail: Backfills of one table or workflow run beside each other if their ranges are apart.
Hint: Wait until it has ended, or ALTER BACKFILL '<backfill 1>' CANCEL.
!error BF-OVERLAP 55006

!clock
workflow | trigger | from | to | status | detail | partitions | rows
---------+---------+------+----+--------+--------+------------+-----
(0 rows)
!ok

ALTER BACKFILL '<backfill 1>' CANCEL;
OK
!ok

!clock
workflow | trigger  | from                | to                  | status   | detail | partitions | rows
---------+----------+---------------------+---------------------+----------+--------+------------+-----
public.w | BACKFILL | 2026-01-05 02:00:00 | 2026-01-06 02:00:00 | CANCELED |        |            |
(1 row)
!ok

DESCRIBE BACKFILL '<backfill 1>';
backfill_id  | ordinal | interval_start      | interval_end        | partition | instance_id | status   | reason
-------------+---------+---------------------+---------------------+-----------+-------------+----------+--------------
<backfill 1> |       0 | 2026-01-05T02:00:00 | 2026-01-06T02:00:00 | <NULL>    | <job 1>     | CANCELED | WF-SQL-FAILED
<backfill 1> |       1 | 2026-01-06T02:00:00 | 2026-01-07T02:00:00 | <NULL>    | <NULL>      | SKIPPED  | canceled
<backfill 1> |       2 | 2026-01-07T02:00:00 | 2026-01-08T02:00:00 | <NULL>    | <NULL>      | SKIPPED  | canceled
(3 rows)
!ok

ALTER BACKFILL '<backfill 1>' RESUME;
org.apache.flink.table.api.ValidationException: backfill <backfill 1> has ended CANCELED [BF-ENDED]
!error BF-ENDED 55000
