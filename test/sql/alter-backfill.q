# ALTER BACKFILL: paused, resumed, failed and retried.

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

BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-01 00:00:00' TO TIMESTAMP '2026-01-04 00:00:00';
backfill id
------------
<backfill 1>
(1 row)
!ok

!clock
workflow | trigger | from | to | status | detail | partitions | rows
---------+---------+------+----+--------+--------+------------+-----
(0 rows)
!ok

SELECT status, total, pending, running, failed FROM sluice.backfills;
status  | total | pending | running | failed
--------+-------+---------+---------+-------
RUNNING |     3 |       2 |       1 |      0
(1 row)
!ok

# Paused: what is open ends, nothing more begins.
ALTER BACKFILL '<backfill 1>' PAUSE;
OK
!ok

ALTER BACKFILL '<backfill 1>' PAUSE;
OK
!ok

!clock 2026-01-15 13:00
workflow | trigger  | from                | to                  | status | detail | partitions | rows
---------+----------+---------------------+---------------------+--------+--------+------------+-----
public.w | BACKFILL | 2026-01-01 02:00:00 | 2026-01-02 02:00:00 | FAILED |        |            |
(1 row)
!ok

SELECT status FROM sluice.backfills;
status
------
PAUSED
(1 row)
!ok

UPDATE switch SET v = 1;
rows affected
-------------
            1
(1 row)
!ok

ALTER BACKFILL '<backfill 1>' RESUME;
OK
!ok

!clock
workflow | trigger  | from                | to                  | status     | detail | partitions | rows
---------+----------+---------------------+---------------------+------------+--------+------------+-----
public.w | BACKFILL | 2026-01-02 02:00:00 | 2026-01-03 02:00:00 | SUCCESSFUL | 1 row  |            |
public.w | BACKFILL | 2026-01-03 02:00:00 | 2026-01-04 02:00:00 | SUCCESSFUL | 1 row  |            |
(2 rows)
!ok

SHOW BACKFILLS;
backfill_id  | workflow | database | table_name | range_start         | range_end           | status | total | pending | running | successful | failed | skipped | started_at          | finished_at         | eta    | options
-------------+----------+----------+------------+---------------------+---------------------+--------+-------+---------+---------+------------+--------+---------+---------------------+---------------------+--------+--------
<backfill 1> | w        | public   | <NULL>     | 2026-01-01 00:00:00 | 2026-01-04 00:00:00 | FAILED |     3 |       0 |       0 |          2 |      1 |       0 | 2026-01-15T12:00:00 | 2026-01-15T13:00:00 | <NULL> | {}
(1 row)
!ok

DESCRIBE BACKFILL '<backfill 1>';
backfill_id  | ordinal | interval_start      | interval_end        | partition | instance_id | status     | reason
-------------+---------+---------------------+---------------------+-----------+-------------+------------+--------------
<backfill 1> |       0 | 2026-01-01T02:00:00 | 2026-01-02T02:00:00 | <NULL>    | <job 1>     | FAILED     | WF-SQL-FAILED
<backfill 1> |       1 | 2026-01-02T02:00:00 | 2026-01-03T02:00:00 | <NULL>    | <job 2>     | SUCCESSFUL | <NULL>
<backfill 1> |       2 | 2026-01-03T02:00:00 | 2026-01-04T02:00:00 | <NULL>    | <job 3>     | SUCCESSFUL | <NULL>
(3 rows)
!ok

ALTER BACKFILL '<backfill 1>' RETRY FAILED;
OK
!ok

!clock
workflow | trigger  | from                | to                  | status     | detail | partitions | rows
---------+----------+---------------------+---------------------+------------+--------+------------+-----
public.w | BACKFILL | 2026-01-01 02:00:00 | 2026-01-02 02:00:00 | SUCCESSFUL | 1 row  |            |
(1 row)
!ok

DESCRIBE BACKFILL '<backfill 1>';
backfill_id  | ordinal | interval_start      | interval_end        | partition | instance_id | status     | reason
-------------+---------+---------------------+---------------------+-----------+-------------+------------+-------
<backfill 1> |       0 | 2026-01-01T02:00:00 | 2026-01-02T02:00:00 | <NULL>    | <job 4>     | SUCCESSFUL | <NULL>
<backfill 1> |       1 | 2026-01-02T02:00:00 | 2026-01-03T02:00:00 | <NULL>    | <job 2>     | SUCCESSFUL | <NULL>
<backfill 1> |       2 | 2026-01-03T02:00:00 | 2026-01-04T02:00:00 | <NULL>    | <job 3>     | SUCCESSFUL | <NULL>
(3 rows)
!ok

ALTER BACKFILL '<backfill 1>' RETRY FAILED;
org.apache.flink.table.api.ValidationException: backfill <backfill 1> has no failed interval to retry [BF-NOT-FAILED]
!error BF-NOT-FAILED 55000

ALTER BACKFILL '<backfill 1>' PAUSE;
org.apache.flink.table.api.ValidationException: backfill <backfill 1> has ended SUCCESSFUL [BF-ENDED]
!error BF-ENDED 55000
