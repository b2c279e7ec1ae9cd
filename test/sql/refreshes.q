# SHOW REFRESHES: every run is a row with what it did.

SET 'table.dml-sync' = 'true';
OK
!ok

CREATE TABLE o (k int, v int);
OK
!ok

INSERT INTO o VALUES (1, 1), (2, 2), (3, 3);
rows affected
-------------
            3
(1 row)
!ok

CREATE MATERIALIZED TABLE t (PRIMARY KEY (k) NOT ENFORCED) FRESHNESS = INTERVAL '1' HOUR REFRESH_MODE = FULL AS SELECT k, 10 / v AS v FROM o;
OK
!ok

INSERT INTO o VALUES (4, 4);
rows affected
-------------
            1
(1 row)
!ok

UPDATE o SET v = 5 WHERE k = 2;
rows affected
-------------
            1
(1 row)
!ok

DELETE FROM o WHERE k = 3;
rows affected
-------------
            1
(1 row)
!ok

!clock 2026-01-15 12:30
workflow       | trigger | from                | to                  | status     | detail | partitions | rows
---------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:t | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +3 ~0 -0
(1 row)
!ok

ALTER MATERIALIZED TABLE t REFRESH;
job id  | cluster info
--------+-----------------------------------------------------
<job 1> | {execution.target=sluice, workflow.instance=<job 1>}
(1 row)
!ok

UPDATE o SET v = 0 WHERE k = 1;
rows affected
-------------
            1
(1 row)
!ok

!clock 2026-01-15 13:00
workflow       | trigger  | from                | to                  | status     | detail            | partitions | rows
---------------+----------+---------------------+---------------------+------------+-------------------+------------+---------
public.table:t | MANUAL   | 2026-01-15 12:30:00 | 2026-01-15 12:30:00 | SUCCESSFUL |                   |            | +1 ~1 -1
public.table:t | SCHEDULE | 2026-01-15 12:00:00 | 2026-01-15 13:00:00 | FAILED     | MT-REFRESH-FAILED |            | +0 ~0 -0
(2 rows)
!ok

SELECT trigger, interval_start, interval_end, status, rows_inserted, rows_updated, rows_deleted, error_code, error
FROM sluice.refresh_runs WHERE name = 't' ORDER BY finished_at, trigger;
trigger  | interval_start             | interval_end               | status     | rows_inserted | rows_updated | rows_deleted | error_code        | error
---------+----------------------------+----------------------------+------------+---------------+--------------+--------------+-------------------+----------------------------------
INITIAL  | <NULL>                     | <NULL>                     | SUCCESSFUL |             3 |            0 |            0 | <NULL>            | <NULL>
MANUAL   | <NULL>                     | <NULL>                     | SUCCESSFUL |             1 |            1 |            1 | <NULL>            | <NULL>
SCHEDULE | 2026-01-15 12:00:00.000000 | 2026-01-15 13:00:00.000000 | FAILED     |             0 |            0 |            0 | MT-REFRESH-FAILED | division by zero (SQLSTATE 22012)
(3 rows)
!ok

SHOW REFRESHES FROM t LIMIT 1;
run_id  | database | name | instance_id | trigger  | interval_start      | interval_end        | partitions | attempt | due_at              | started_at          | finished_at         | status | tactic | plan_branch | rows_inserted | rows_updated | rows_deleted | error_code        | error                             | reason
--------+----------+------+-------------+----------+---------------------+---------------------+------------+---------+---------------------+---------------------+---------------------+--------+--------+-------------+---------------+--------------+--------------+-------------------+-----------------------------------+-------
<run 1> | public   | t    | <job 2>     | SCHEDULE | 2026-01-15T12:00:00 | 2026-01-15T13:00:00 | <NULL>     |       1 | 2026-01-15T13:00:00 | 2026-01-15T13:00:00 | 2026-01-15T13:00:00 | FAILED | <NULL> | <NULL>      |             0 |            0 |            0 | MT-REFRESH-FAILED | division by zero (SQLSTATE 22012) | <NULL>
(1 row)
!ok

SHOW REFRESHES FROM t WITH STATUS 'FAILED' LIMIT 1;
run_id  | database | name | instance_id | trigger  | interval_start      | interval_end        | partitions | attempt | due_at              | started_at          | finished_at         | status | tactic | plan_branch | rows_inserted | rows_updated | rows_deleted | error_code        | error                             | reason
--------+----------+------+-------------+----------+---------------------+---------------------+------------+---------+---------------------+---------------------+---------------------+--------+--------+-------------+---------------+--------------+--------------+-------------------+-----------------------------------+-------
<run 1> | public   | t    | <job 2>     | SCHEDULE | 2026-01-15T12:00:00 | 2026-01-15T13:00:00 | <NULL>     |       1 | 2026-01-15T13:00:00 | 2026-01-15T13:00:00 | 2026-01-15T13:00:00 | FAILED | <NULL> | <NULL>      |             0 |            0 |            0 | MT-REFRESH-FAILED | division by zero (SQLSTATE 22012) | <NULL>
(1 row)
!ok

SHOW REFRESHES FROM nope;
org.apache.flink.table.api.ValidationException: Materialized table `test_catalog`.`public`.`nope` doesn't exist.
Message: materialized table "public.nope" does not exist
!error MT-NOTFOUND 42P01

SELECT * FROM t ORDER BY k;
k |  v
--+---
1 | 10
2 |  2
4 |  2
(3 rows)
!ok

# A renamed table keeps its runs.
ALTER MATERIALIZED TABLE t RENAME TO renamed;
OK
!ok

SHOW REFRESHES FROM renamed WITH STATUS 'FAILED';
run_id  | database | name | instance_id | trigger  | interval_start      | interval_end        | partitions | attempt | due_at              | started_at          | finished_at         | status | tactic | plan_branch | rows_inserted | rows_updated | rows_deleted | error_code        | error                             | reason
--------+----------+------+-------------+----------+---------------------+---------------------+------------+---------+---------------------+---------------------+---------------------+--------+--------+-------------+---------------+--------------+--------------+-------------------+-----------------------------------+-------
<run 1> | public   | t    | <job 2>     | SCHEDULE | 2026-01-15T12:00:00 | 2026-01-15T13:00:00 | <NULL>     |       1 | 2026-01-15T13:00:00 | 2026-01-15T13:00:00 | 2026-01-15T13:00:00 | FAILED | <NULL> | <NULL>      |             0 |            0 |            0 | MT-REFRESH-FAILED | division by zero (SQLSTATE 22012) | <NULL>
(1 row)
!ok
