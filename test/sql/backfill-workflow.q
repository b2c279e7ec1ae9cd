# BACKFILL WORKFLOW: one run an interval, in order; planned first with 'dry-run'.
# covers: S1-62, S1-64, S1-70, A-16

CREATE TABLE days (day text, biz text);
OK
!ok

CREATE WORKFLOW w SCHEDULE = CRON '0 0 2 ? * *' VARIABLES ('day' = 'yyyy-MM-dd') TASKS (
  a EXECUTE 'INSERT INTO days VALUES (''${day}'', ''${system.biz.date}'')');
OK
!ok

BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-01 00:00:00' TO TIMESTAMP '2026-01-06 00:00:00' WITH ('dry-run' = 'true');
ordinal | interval_start      | interval_end        | partition | reason | estimated_rows | estimated_ms | variables
--------+---------------------+---------------------+-----------+--------+----------------+--------------+---------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------
      0 | 2026-01-01T02:00:00 | 2026-01-02T02:00:00 | <NULL>    | <NULL> |         <NULL> |       <NULL> | {"day":"2026-01-02","system.biz.date":"20260101","system.biz.curdate":"20260102","system.datetime":"20260102020000","interval.start":"2026-01-01T02:00:00+00:00","interval.end":"2026-01-02T02:00:00+00:00","workflow.name":"w"}
      1 | 2026-01-02T02:00:00 | 2026-01-03T02:00:00 | <NULL>    | <NULL> |         <NULL> |       <NULL> | {"day":"2026-01-03","system.biz.date":"20260102","system.biz.curdate":"20260103","system.datetime":"20260103020000","interval.start":"2026-01-02T02:00:00+00:00","interval.end":"2026-01-03T02:00:00+00:00","workflow.name":"w"}
      2 | 2026-01-03T02:00:00 | 2026-01-04T02:00:00 | <NULL>    | <NULL> |         <NULL> |       <NULL> | {"day":"2026-01-04","system.biz.date":"20260103","system.biz.curdate":"20260104","system.datetime":"20260104020000","interval.start":"2026-01-03T02:00:00+00:00","interval.end":"2026-01-04T02:00:00+00:00","workflow.name":"w"}
      3 | 2026-01-04T02:00:00 | 2026-01-05T02:00:00 | <NULL>    | <NULL> |         <NULL> |       <NULL> | {"day":"2026-01-05","system.biz.date":"20260104","system.biz.curdate":"20260105","system.datetime":"20260105020000","interval.start":"2026-01-04T02:00:00+00:00","interval.end":"2026-01-05T02:00:00+00:00","workflow.name":"w"}
      4 | 2026-01-05T02:00:00 | 2026-01-06T02:00:00 | <NULL>    | <NULL> |         <NULL> |       <NULL> | {"day":"2026-01-06","system.biz.date":"20260105","system.biz.curdate":"20260106","system.datetime":"20260106020000","interval.start":"2026-01-05T02:00:00+00:00","interval.end":"2026-01-06T02:00:00+00:00","workflow.name":"w"}
(5 rows)
!ok

BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-01 00:00:00' TO TIMESTAMP '2026-01-06 00:00:00';
backfill id
------------
<backfill 1>
(1 row)
!ok

!clock
workflow | trigger  | from                | to                  | status     | detail | partitions | rows
---------+----------+---------------------+---------------------+------------+--------+------------+-----
public.w | BACKFILL | 2026-01-01 02:00:00 | 2026-01-02 02:00:00 | SUCCESSFUL | 1 row  |            |
public.w | BACKFILL | 2026-01-02 02:00:00 | 2026-01-03 02:00:00 | SUCCESSFUL | 1 row  |            |
public.w | BACKFILL | 2026-01-03 02:00:00 | 2026-01-04 02:00:00 | SUCCESSFUL | 1 row  |            |
public.w | BACKFILL | 2026-01-04 02:00:00 | 2026-01-05 02:00:00 | SUCCESSFUL | 1 row  |            |
public.w | BACKFILL | 2026-01-05 02:00:00 | 2026-01-06 02:00:00 | SUCCESSFUL | 1 row  |            |
(5 rows)
!ok

SELECT * FROM days ORDER BY 1;
day        | biz
-----------+---------
2026-01-02 | 20260101
2026-01-03 | 20260102
2026-01-04 | 20260103
2026-01-05 | 20260104
2026-01-06 | 20260105
(5 rows)
!ok

SHOW BACKFILLS;
backfill_id  | workflow | database | table_name | range_start         | range_end           | status     | total | pending | running | successful | failed | skipped | started_at          | finished_at         | eta    | options
-------------+----------+----------+------------+---------------------+---------------------+------------+-------+---------+---------+------------+--------+---------+---------------------+---------------------+--------+--------
<backfill 1> | w        | public   | <NULL>     | 2026-01-01 00:00:00 | 2026-01-06 00:00:00 | SUCCESSFUL |     5 |       0 |       0 |          5 |      0 |       0 | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | <NULL> | {}
(1 row)
!ok

DESCRIBE BACKFILL '<backfill 1>';
backfill_id  | ordinal | interval_start      | interval_end        | partition | instance_id | status     | reason
-------------+---------+---------------------+---------------------+-----------+-------------+------------+-------
<backfill 1> |       0 | 2026-01-01T02:00:00 | 2026-01-02T02:00:00 | <NULL>    | <job 1>     | SUCCESSFUL | <NULL>
<backfill 1> |       1 | 2026-01-02T02:00:00 | 2026-01-03T02:00:00 | <NULL>    | <job 2>     | SUCCESSFUL | <NULL>
<backfill 1> |       2 | 2026-01-03T02:00:00 | 2026-01-04T02:00:00 | <NULL>    | <job 3>     | SUCCESSFUL | <NULL>
<backfill 1> |       3 | 2026-01-04T02:00:00 | 2026-01-05T02:00:00 | <NULL>    | <job 4>     | SUCCESSFUL | <NULL>
<backfill 1> |       4 | 2026-01-05T02:00:00 | 2026-01-06T02:00:00 | <NULL>    | <job 5>     | SUCCESSFUL | <NULL>
(5 rows)
!ok

# The other way round, a little later, with a variable of its own.
!clock 2026-01-15 12:05
workflow | trigger | from | to | status | detail | partitions | rows
---------+---------+------+----+--------+--------+------------+-----
(0 rows)
!ok

BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-07 00:00:00' TO TIMESTAMP '2026-01-09 00:00:00' VARIABLES ('day' = 'again') WITH ('order' = 'descending', 'parallelism' = '2');
backfill id
------------
<backfill 2>
(1 row)
!ok

!clock
workflow | trigger  | from                | to                  | status     | detail | partitions | rows
---------+----------+---------------------+---------------------+------------+--------+------------+-----
public.w | BACKFILL | 2026-01-07 02:00:00 | 2026-01-08 02:00:00 | SUCCESSFUL | 1 row  |            |
public.w | BACKFILL | 2026-01-08 02:00:00 | 2026-01-09 02:00:00 | SUCCESSFUL | 1 row  |            |
(2 rows)
!ok

SELECT * FROM days WHERE day = 'again' ORDER BY biz;
day   | biz
------+---------
again | 20260107
again | 20260108
(2 rows)
!ok

ALTER BACKFILL '<backfill 2>' CANCEL;
org.apache.flink.table.api.ValidationException: backfill <backfill 2> has ended SUCCESSFUL [BF-ENDED]
!error BF-ENDED 55000

ALTER BACKFILL '<backfill 2>' RETRY FAILED;
org.apache.flink.table.api.ValidationException: backfill <backfill 2> has no failed interval to retry [BF-NOT-FAILED]
!error BF-NOT-FAILED 55000

SHOW BACKFILLS FROM w;
backfill_id  | workflow | database | table_name | range_start         | range_end           | status     | total | pending | running | successful | failed | skipped | started_at          | finished_at         | eta    | options
-------------+----------+----------+------------+---------------------+---------------------+------------+-------+---------+---------+------------+--------+---------+---------------------+---------------------+--------+-----------------------------------------
<backfill 2> | w        | public   | <NULL>     | 2026-01-07 00:00:00 | 2026-01-09 00:00:00 | SUCCESSFUL |     2 |       0 |       0 |          2 |      0 |       0 | 2026-01-15T12:05:00 | 2026-01-15T12:05:00 | <NULL> | {"order":"descending","parallelism":"2"}
<backfill 1> | w        | public   | <NULL>     | 2026-01-01 00:00:00 | 2026-01-06 00:00:00 | SUCCESSFUL |     5 |       0 |       0 |          5 |      0 |       0 | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | <NULL> | {}
(2 rows)
!ok
