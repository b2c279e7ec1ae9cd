# Schedules of workflows: the examples of the document, in a zone, between START AT and END AT.
# covers: S1-23, S1-25, S1-26, S1-61, G-21

CREATE WORKFLOW four SCHEDULE = CRON '0 0 */4 ? * *' TASKS (a EXECUTE 'SELECT 1');
OK
!ok

CREATE WORKFLOW workdays SCHEDULE = CRON '0 0 5,17 ? * MON-FRI' TASKS (a EXECUTE 'SELECT 1');
OK
!ok

CREATE WORKFLOW berlin SCHEDULE = CRON '0 2 * * *' TIME ZONE 'Europe/Berlin' TASKS (a EXECUTE 'SELECT 1');
OK
!ok

CREATE WORKFLOW later SCHEDULE = CRON '0 0 2 ? * *' START AT TIMESTAMP '2026-02-01 00:00:00' END AT TIMESTAMP '2026-02-02 02:00:00' TASKS (a EXECUTE 'SELECT 1');
OK
!ok

# Without ENABLE nothing runs.
!clock 2026-01-15 16:30
workflow | trigger | from | to | status | detail | partitions | rows
---------+---------+------+----+--------+--------+------------+-----
(0 rows)
!ok

ALTER WORKFLOW four ENABLE;
OK
!ok

ALTER WORKFLOW workdays ENABLE;
OK
!ok

ALTER WORKFLOW berlin ENABLE;
OK
!ok

ALTER WORKFLOW later ENABLE;
OK
!ok

SELECT workflow, next_execution FROM sluice.workflows ORDER BY workflow;
workflow | next_execution
---------+---------------------------
berlin   | 2026-01-16 01:00:00.000000
four     | 2026-01-15 20:00:00.000000
later    | 2026-02-01 02:00:00.000000
workdays | 2026-01-15 17:00:00.000000
(4 rows)
!ok

# Thursday, 17:00 and 20:00.
!clock 2026-01-15 17:00
workflow        | trigger  | from                | to                  | status     | detail | partitions | rows
----------------+----------+---------------------+---------------------+------------+--------+------------+-----
public.workdays | SCHEDULE | 2026-01-15 05:00:00 | 2026-01-15 17:00:00 | SUCCESSFUL | 1 row  |            |
(1 row)
!ok

!clock 2026-01-15 20:00
workflow    | trigger  | from                | to                  | status     | detail | partitions | rows
------------+----------+---------------------+---------------------+------------+--------+------------+-----
public.four | SCHEDULE | 2026-01-15 16:00:00 | 2026-01-15 20:00:00 | SUCCESSFUL | 1 row  |            |
(1 row)
!ok

# Friday evening: the next time of the workdays is on Monday.
ALTER WORKFLOW four DISABLE;
OK
!ok

ALTER WORKFLOW berlin DISABLE;
OK
!ok

!clock 2026-01-16 05:00
workflow        | trigger  | from                | to                  | status     | detail | partitions | rows
----------------+----------+---------------------+---------------------+------------+--------+------------+-----
public.workdays | SCHEDULE | 2026-01-15 17:00:00 | 2026-01-16 05:00:00 | SUCCESSFUL | 1 row  |            |
(1 row)
!ok

!clock 2026-01-16 17:00
workflow        | trigger  | from                | to                  | status     | detail | partitions | rows
----------------+----------+---------------------+---------------------+------------+--------+------------+-----
public.workdays | SCHEDULE | 2026-01-16 05:00:00 | 2026-01-16 17:00:00 | SUCCESSFUL | 1 row  |            |
(1 row)
!ok

SELECT workflow, next_execution FROM sluice.workflows WHERE enabled ORDER BY workflow;
workflow | next_execution
---------+---------------------------
later    | 2026-02-01 02:00:00.000000
workdays | 2026-01-19 05:00:00.000000
(2 rows)
!ok

ALTER WORKFLOW workdays DISABLE;
OK
!ok

# One slot lies between START AT and END AT, which is exclusive.
!clock 2026-02-01 02:00
workflow     | trigger  | from                | to                  | status     | detail | partitions | rows
-------------+----------+---------------------+---------------------+------------+--------+------------+-----
public.later | SCHEDULE | 2026-01-31 02:00:00 | 2026-02-01 02:00:00 | SUCCESSFUL | 1 row  |            |
(1 row)
!ok

SELECT workflow, enabled, next_execution FROM sluice.workflows WHERE workflow = 'later';
workflow | enabled | next_execution
---------+---------+---------------
later    | TRUE    | <NULL>
(1 row)
!ok
