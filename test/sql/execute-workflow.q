# The workflow of the documentation as a whole: a procedure, two partitioned tables, a report, run by hand and by its schedule.
# covers: S1-07, S1-09, S1-10, S1-13, S1-24, S1-44, S1-50, S1-59, S1-60, S1-61, S1-74, S1-75

CREATE TABLE orders (ds text, shop text, amount int);
OK
!ok

CREATE TABLE report (ds text, week numeric);
OK
!ok

CREATE PROCEDURE load_orders(day text) LANGUAGE sql AS $$INSERT INTO orders VALUES (day, 'a', 10), (day, 'b', 5)$$;
OK
!ok

CREATE MATERIALIZED TABLE daily_sales PARTITIONED BY (ds) WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd', 'upstream.wait' = 'false') FRESHNESS = INTERVAL '1' DAY AS SELECT ds, sum(amount) AS amount FROM orders GROUP BY ds;
OK
!ok

CREATE MATERIALIZED TABLE weekly_sales WITH ('upstream.wait' = 'false') FRESHNESS = INTERVAL '1' DAY AS SELECT sum(amount) AS amount FROM daily_sales;
OK
!ok

!clock
workflow                  | trigger | from                | to                  | status     | detail | partitions | rows
--------------------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:daily_sales  | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +0 ~0 -0
public.table:weekly_sales | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +1 ~0 -0
(2 rows)
!ok

ALTER MATERIALIZED TABLE daily_sales SUSPEND;
OK
!ok

ALTER MATERIALIZED TABLE weekly_sales SUSPEND;
OK
!ok

CREATE QUEUE reports WITH ('concurrency' = '1');
OK
!ok

CREATE WORKFLOW nightly
  COMMENT 'orders to report'
  SCHEDULE = CRON '0 0 2 ? * *'
  TIME ZONE 'Europe/Berlin'
  START AT TIMESTAMP '2026-01-10 00:00:00'
  VARIABLES ('date' = 'yyyy-MM-dd', 'yesterday' = 'yyyy-MM-dd - 1 day', 'region' = 'eu', 'system.biz.date' = '${system.biz.date}')
  WITH ('retries' = '2', 'retry.delay' = '30 s', 'retry.backoff' = '2', 'timeout' = '2 h', 'queue' = 'default-queue', 'overlap' = 'queue',
        'catch-up' = 'last', 'notify.email' = 'ops@example.com', 'notify.on' = 'failure', 'tag.team' = 'sales')
  TASKS (
    load   EXECUTE 'CALL load_orders(''${date}'')' COMMENT 'from the feed',
    daily  REFRESH daily_sales PARTITION (ds = '${date}') AFTER (load) WITH ('timeout' = '600 s', 'retries' = '0'),
    week   REFRESH weekly_sales AFTER (daily),
    report EXECUTE 'INSERT INTO report SELECT ''${yesterday}'', amount FROM weekly_sales' AFTER (daily, week) WITH ('queue' = 'reports')
  );
OK
WARNING: START AT (2026-01-09T23:00:00.000Z) lies in the past; the schedule counts from the moment the workflow is enabled. BACKFILL WORKFLOW runs earlier times.
!ok

EXECUTE WORKFLOW nightly;
instance id
-----------
<job 1>
(1 row)
!ok

!clock
workflow       | trigger | from                | to                  | status     | detail | partitions    | rows
---------------+---------+---------------------+---------------------+------------+--------+---------------+---------
public.nightly | MANUAL  | 2026-01-15 01:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |               | +1 ~0 -1
public.nightly | MANUAL  | 2026-01-15 01:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        | ds=2026-01-15 | +1 ~0 -0
(2 rows)
!ok

SHOW TASK INSTANCES FROM INSTANCE '<job 1>';
task_instance_id | instance_id | task   | status     | detail | attempt | attempts | queue         | due_at              | claimed_at          | started_at          | finished_at         | gateway | run_id  | error_code | error
-----------------+-------------+--------+------------+--------+---------+----------+---------------+---------------------+---------------------+---------------------+---------------------+---------+---------+------------+-------
<task 1>         | <job 1>     | daily  | SUCCESSFUL | <NULL> |       1 |        1 | default-queue | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | <id 1>  | <run 1> | <NULL>     | <NULL>
<task 2>         | <job 1>     | load   | SUCCESSFUL | <NULL> |       1 |        1 | default-queue | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | <id 1>  | <NULL>  | <NULL>     | <NULL>
<task 3>         | <job 1>     | report | SUCCESSFUL | 1 row  |       1 |        1 | reports       | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | <id 1>  | <NULL>  | <NULL>     | <NULL>
<task 4>         | <job 1>     | week   | SUCCESSFUL | <NULL> |       1 |        1 | default-queue | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | <id 1>  | <run 2> | <NULL>     | <NULL>
(4 rows)
!ok

SELECT variables ->> 'date' AS date, variables ->> 'yesterday' AS yesterday, variables ->> 'system.biz.date' AS biz FROM sluice.workflow_instances WHERE instance_id = '<job 1>';
date       | yesterday  | biz
-----------+------------+---------
2026-01-15 | 2026-01-14 | 20260114
(1 row)
!ok

# At another time, with another value: what it reads and writes goes by that time.
EXECUTE WORKFLOW nightly AT TIMESTAMP '2026-01-03 02:00:00' VARIABLES ('yesterday' = 'the day before');
instance id
-----------
<job 2>
(1 row)
!ok

!clock
workflow       | trigger | from                | to                  | status     | detail | partitions    | rows
---------------+---------+---------------------+---------------------+------------+--------+---------------+---------
public.nightly | MANUAL  | 2026-01-02 01:00:00 | 2026-01-03 01:00:00 | SUCCESSFUL |        |               | +1 ~0 -1
public.nightly | MANUAL  | 2026-01-02 01:00:00 | 2026-01-03 01:00:00 | SUCCESSFUL |        | ds=2026-01-03 | +1 ~0 -0
(2 rows)
!ok

SELECT * FROM report ORDER BY 2;
ds             | week
---------------+-----
2026-01-14     |   15
the day before |   30
(2 rows)
!ok

SELECT * FROM daily_sales ORDER BY 1;
ds         | amount
-----------+-------
2026-01-03 |     15
2026-01-15 |     15
(2 rows)
!ok

# Its own schedule: 02:00 in Berlin.
ALTER WORKFLOW nightly ENABLE;
OK
!ok

!clock 2026-01-16 01:00
workflow       | trigger  | from                | to                  | status     | detail | partitions    | rows
---------------+----------+---------------------+---------------------+------------+--------+---------------+---------
public.nightly | SCHEDULE | 2026-01-15 01:00:00 | 2026-01-16 01:00:00 | SUCCESSFUL |        |               | +1 ~0 -1
public.nightly | SCHEDULE | 2026-01-15 01:00:00 | 2026-01-16 01:00:00 | SUCCESSFUL |        | ds=2026-01-16 | +1 ~0 -0
(2 rows)
!ok

SHOW WORKFLOW INSTANCES FROM nightly;
instance_id | database | workflow | version | trigger  | interval_start      | interval_end        | scheduled_at        | status     | detail | started_at          | finished_at         | duration | backfill_id | variables                                                                                                                                                                                                                                                                                                  | gateway
------------+----------+----------+---------+----------+---------------------+---------------------+---------------------+------------+--------+---------------------+---------------------+----------+-------------+------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------+--------
<job 3>     | public   | nightly  |       1 | SCHEDULE | 2026-01-15T01:00:00 | 2026-01-16T01:00:00 | 2026-01-16T01:00:00 | SUCCESSFUL | <NULL> | 2026-01-16T01:00:00 | 2026-01-16T01:00:00 | 00:00:00 | <NULL>      | {"date":"2026-01-16","region":"eu","yesterday":"2026-01-15","instance.id":"<job 3>","interval.end":"2026-01-16T02:00:00+01:00","workflow.name":"nightly","interval.start":"2026-01-15T02:00:00+01:00","system.biz.date":"20260115","system.datetime":"20260116020000","system.biz.curdate":"20260116"}     | <id 1>
<job 1>     | public   | nightly  |       1 | MANUAL   | 2026-01-15T01:00:00 | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | SUCCESSFUL | <NULL> | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | 00:00:00 | <NULL>      | {"date":"2026-01-15","region":"eu","yesterday":"2026-01-14","instance.id":"<job 1>","interval.end":"2026-01-15T13:00:00+01:00","workflow.name":"nightly","interval.start":"2026-01-15T02:00:00+01:00","system.biz.date":"20260114","system.datetime":"20260115130000","system.biz.curdate":"20260115"}     | <id 1>
<job 2>     | public   | nightly  |       1 | MANUAL   | 2026-01-02T01:00:00 | 2026-01-03T01:00:00 | 2026-01-03T01:00:00 | SUCCESSFUL | <NULL> | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | 00:00:00 | <NULL>      | {"date":"2026-01-03","region":"eu","yesterday":"the day before","instance.id":"<job 2>","interval.end":"2026-01-03T02:00:00+01:00","workflow.name":"nightly","interval.start":"2026-01-02T02:00:00+01:00","system.biz.date":"20260102","system.datetime":"20260103020000","system.biz.curdate":"20260103"} | <id 1>
(3 rows)
!ok
