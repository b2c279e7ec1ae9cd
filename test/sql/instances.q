# SHOW WORKFLOW INSTANCES and SHOW TASK INSTANCES: the runs behind SHOW JOBS, in the words of the views.

SET 'table.dml-sync' = 'true';
OK
!ok

CREATE TABLE o (v int);
OK
!ok

INSERT INTO o VALUES (1);
rows affected
-------------
            1
(1 row)
!ok

CREATE MATERIALIZED TABLE t WITH ('retries' = '0') FRESHNESS = INTERVAL '1' HOUR REFRESH_MODE = FULL AS SELECT 1 / v AS x FROM o;
OK
!ok

UPDATE o SET v = 0;
rows affected
-------------
            1
(1 row)
!ok

!clock 2026-01-15 13:00
workflow       | trigger  | from                | to                  | status     | detail            | partitions | rows
---------------+----------+---------------------+---------------------+------------+-------------------+------------+---------
public.table:t | INITIAL  | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |                   |            | +1 ~0 -0
public.table:t | SCHEDULE | 2026-01-15 12:00:00 | 2026-01-15 13:00:00 | FAILED     | MT-REFRESH-FAILED |            | +0 ~0 -0
(2 rows)
!ok

SHOW WORKFLOW INSTANCES;
instance_id | database | workflow | version | trigger  | interval_start      | interval_end        | scheduled_at        | status     | detail | started_at          | finished_at         | duration | backfill_id | variables | gateway
------------+----------+----------+---------+----------+---------------------+---------------------+---------------------+------------+--------+---------------------+---------------------+----------+-------------+-----------+--------
<job 1>     | public   | table:t  |       1 | SCHEDULE | 2026-01-15T12:00:00 | 2026-01-15T13:00:00 | 2026-01-15T13:00:00 | FAILED     | <NULL> | 2026-01-15T13:00:00 | 2026-01-15T13:00:00 | 00:00:00 | <NULL>      | {}        | <id 1>
<job 2>     | public   | table:t  |       1 | INITIAL  | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | SUCCESSFUL | <NULL> | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | 00:00:00 | <NULL>      | {}        | <id 1>
(2 rows)
!ok

SHOW WORKFLOW INSTANCES FROM `table:t` WITH STATUS 'FAILED' LIMIT 1;
instance_id | database | workflow | version | trigger  | interval_start      | interval_end        | scheduled_at        | status | detail | started_at          | finished_at         | duration | backfill_id | variables | gateway
------------+----------+----------+---------+----------+---------------------+---------------------+---------------------+--------+--------+---------------------+---------------------+----------+-------------+-----------+--------
<job 1>     | public   | table:t  |       1 | SCHEDULE | 2026-01-15T12:00:00 | 2026-01-15T13:00:00 | 2026-01-15T13:00:00 | FAILED | <NULL> | 2026-01-15T13:00:00 | 2026-01-15T13:00:00 | 00:00:00 | <NULL>      | {}        | <id 1>
(1 row)
!ok

SHOW TASK INSTANCES FROM INSTANCE '<job 1>';
task_instance_id | instance_id | task    | status | detail | attempt | attempts | queue  | due_at              | claimed_at          | started_at          | finished_at         | gateway | run_id  | error_code        | error
-----------------+-------------+---------+--------+--------+---------+----------+--------+---------------------+---------------------+---------------------+---------------------+---------+---------+-------------------+----------------------------------
<task 1>         | <job 1>     | refresh | FAILED | <NULL> |       1 |        1 | tables | 2026-01-15T13:00:00 | 2026-01-15T13:00:00 | 2026-01-15T13:00:00 | 2026-01-15T13:00:00 | <id 1>  | <run 1> | MT-REFRESH-FAILED | division by zero (SQLSTATE 22012)
(1 row)
!ok

SHOW TASK INSTANCES FROM INSTANCE 'ffffffffffffffffffffffffffffffff';
org.apache.flink.table.api.ValidationException: job "<id 2>" does not exist [WF-JOB-UNKNOWN]
Hint: SHOW JOBS lists the open jobs and the newest ended ones.
!error WF-JOB-UNKNOWN 42704
