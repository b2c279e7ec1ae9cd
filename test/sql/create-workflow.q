# CREATE WORKFLOW: disabled at first, shown back as canonical text that makes the same workflow again.
# covers: S1-01, S1-07, S1-18, S1-19, S1-27, S1-34

CREATE TABLE orders (ds text, amount int);
OK
!ok

CREATE MATERIALIZED TABLE daily PARTITIONED BY (ds) WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd') FRESHNESS = INTERVAL '1' DAY AS SELECT ds, sum(amount) AS amount FROM orders GROUP BY ds;
OK
!ok

!clock
workflow           | trigger | from                | to                  | status     | detail | partitions | rows
-------------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:daily | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +0 ~0 -0
(1 row)
!ok

CREATE WORKFLOW nightly
  COMMENT 'orders to ''report'''
  SCHEDULE = CRON '0 0 2 ? * *'
  TIME ZONE 'Europe/Berlin'
  START AT TIMESTAMP '2026-12-01 00:00:00'
  END AT TIMESTAMP '2027-12-01'
  VARIABLES ('date' = 'yyyy-MM-dd', 'region' = 'eu')
  WITH ('retries' = '2', 'retry.delay' = '30 s', 'timeout' = '2 h', 'tag.team' = 'sales')
  TASKS (
    load  EXECUTE 'INSERT INTO orders VALUES (''${date}'', 1)' COMMENT 'from the feed',
    daily REFRESH daily PARTITION (ds = '${date}') AFTER (load) WITH ('timeout' = '600 s', 'retries' = '0'),
    counts EXECUTE $$SELECT '${region}', count(*) FROM daily$$ AFTER (load, daily) VARIABLES ('region' = 'us')
  );
OK
!ok

SHOW WORKFLOWS LIKE 'n%';
workflow | kind | database | table_name | enabled | version | schedule           | time_zone     | starts_at           | ends_at             | next_execution | last_execution | pending | running | successful | failed | tags             | created_at
---------+------+----------+------------+---------+---------+--------------------+---------------+---------------------+---------------------+----------------+----------------+---------+---------+------------+--------+------------------+--------------------
nightly  | user | public   | <NULL>     | FALSE   |       1 | CRON '0 0 2 ? * *' | Europe/Berlin | 2026-11-30T23:00:00 | 2027-11-30T23:00:00 | <NULL>         | <NULL>         |       0 |       0 |          0 |      0 | {"team":"sales"} | 2026-01-15T12:00:00
(1 row)
!ok

SHOW CREATE WORKFLOW nightly;
CREATE WORKFLOW public.nightly
  COMMENT 'orders to ''report'''
  SCHEDULE = CRON '0 0 2 ? * *'
  TIME ZONE 'Europe/Berlin'
  START AT TIMESTAMP '2026-12-01 00:00:00'
  END AT TIMESTAMP '2027-12-01 00:00:00'
  VARIABLES ('date' = 'yyyy-MM-dd', 'region' = 'eu')
  WITH ('retries' = '2', 'retry.delay' = '30 s', 'tag.team' = 'sales', 'timeout' = '2 h')
  TASKS (
    load EXECUTE 'INSERT INTO orders VALUES (''${date}'', 1)' COMMENT 'from the feed',
    daily REFRESH public.daily PARTITION (ds = '${date}') AFTER (load) WITH ('retries' = '0', 'timeout' = '600 s'),
    counts EXECUTE 'SELECT ''${region}'', count(*) FROM daily' AFTER (load, daily) VARIABLES ('region' = 'us')
  )
!ok

DESCRIBE WORKFLOW nightly;
task   | action                                               | upstream    | options
-------+------------------------------------------------------+-------------+-------------------------------------
load   | EXECUTE 'INSERT INTO orders VALUES (''${date}'', 1)' |             | {}
daily  | REFRESH daily PARTITION (ds = '${date}')             | load        | {"retries": "0", "timeout": "600 s"}
counts | EXECUTE 'SELECT ''${region}'', count(*) FROM daily'  | load, daily | {}
(3 rows)
!ok

DESCRIBE WORKFLOW EXTENDED nightly;
task             | action                                               | upstream    | options
-----------------+------------------------------------------------------+-------------+-------------------------------------
load             | EXECUTE 'INSERT INTO orders VALUES (''${date}'', 1)' |             | {}
daily            | REFRESH daily PARTITION (ds = '${date}')             | load        | {"retries": "0", "timeout": "600 s"}
counts           | EXECUTE 'SELECT ''${region}'', count(*) FROM daily'  | load, daily | {}
# kind           | user                                                 | <NULL>      | <NULL>
# enabled        | false                                                | <NULL>      | <NULL>
# version        | 1                                                    | <NULL>      | <NULL>
# schedule       | CRON '0 0 2 ? * *'                                   | <NULL>      | <NULL>
# time zone      | Europe/Berlin                                        | <NULL>      | <NULL>
# starts at      | 2026-11-30 23:00:00+00                               | <NULL>      | <NULL>
# ends at        | 2027-11-30 23:00:00+00                               | <NULL>      | <NULL>
# next execution | <NULL>                                               | <NULL>      | <NULL>
# last execution | <NULL>                                               | <NULL>      | <NULL>
# created at     | 2026-01-15 12:00:00+00                               | <NULL>      | <NULL>
(13 rows)
!ok

# The least a workflow can be: MANUAL, in the session's zone.
SET 'table.local-time-zone' = 'Asia/Tokyo';
OK
!ok

CREATE WORKFLOW "Ünï '😀'" TASKS ("ä 1" EXECUTE 'SELECT 1');
OK
!ok

SHOW CREATE WORKFLOW "Ünï '😀'";
CREATE WORKFLOW public."Ünï '😀'"
  SCHEDULE = MANUAL
  TIME ZONE 'Asia/Tokyo'
  TASKS (
    "ä 1" EXECUTE 'SELECT 1'
  )
!ok

CREATE WORKFLOW every_four SCHEDULE = EVERY INTERVAL '4' HOURS TASKS (a REFRESH daily);
OK
!ok

SHOW CREATE WORKFLOW every_four;
CREATE WORKFLOW public.every_four
  SCHEDULE = EVERY INTERVAL '4' HOUR
  TIME ZONE 'Asia/Tokyo'
  TASKS (
    a REFRESH public.daily
  )
!ok

DROP WORKFLOW nightly;
OK
!ok

DROP WORKFLOW IF EXISTS nightly;
OK
!ok

DROP WORKFLOW nightly;
org.apache.flink.table.api.ValidationException: workflow "public.nightly" does not exist [WF-NOTFOUND]
!error WF-NOTFOUND 42704

SHOW CREATE WORKFLOW nightly;
org.apache.flink.table.api.ValidationException: workflow "public.nightly" does not exist [WF-NOTFOUND]
!error WF-NOTFOUND 42704

DESCRIBE WORKFLOW nightly;
org.apache.flink.table.api.ValidationException: workflow "public.nightly" does not exist [WF-NOTFOUND]
Hint: SHOW WORKFLOWS lists them.
!error WF-NOTFOUND 42704
