# ALTER MATERIALIZED TABLE … REFRESH: a run in the queue, whose id is the job's; errors of specs and of runs.

CREATE TABLE o (shop text, ds text, amount int, divisor int);
OK
!ok

INSERT INTO o VALUES ('a', '2026-01-13', 10, 1), ('b', '2026-01-14', 20, 2);
rows affected
-------------
            2
(1 row)
!ok

CREATE MATERIALIZED TABLE t PARTITIONED BY (ds) FRESHNESS = INTERVAL '1' DAY
AS SELECT shop, ds, amount / divisor AS part FROM o;
OK
!ok

!clock
workflow       | trigger | from                | to                  | status     | detail | partitions | rows
---------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:t | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +2 ~0 -0
(1 row)
!ok

!clock 2026-01-15 12:01
workflow | trigger | from | to | status | detail | partitions | rows
---------+---------+------+----+--------+--------+------------+-----
(0 rows)
!ok

# It answers at once; the run is in SHOW JOBS under the same id.
ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = '2026-01-14');
job id  | cluster info
--------+-----------------------------------------------------
<job 1> | {execution.target=sluice, workflow.instance=<job 1>}
(1 row)
!ok

!clock
workflow       | trigger | from                | to                  | status     | detail | partitions    | rows
---------------+---------+---------------------+---------------------+------------+--------+---------------+---------
public.table:t | MANUAL  | 2026-01-15 12:01:00 | 2026-01-15 12:01:00 | SUCCESSFUL |        | ds=2026-01-14 | +0 ~0 -0
(1 row)
!ok

SHOW JOBS;
job id  | job name                                                            | status   | start time
--------+---------------------------------------------------------------------+----------+--------------------
<job 1> | Materialized_table_`test_catalog`.`public`.`t`_one_time_refresh_job | FINISHED | 2026-01-15T12:01:00
<job 2> | Materialized_table_`test_catalog`.`public`.`t`_one_time_refresh_job | FINISHED | 2026-01-15T12:00:00
(2 rows)
!ok

ALTER MATERIALIZED TABLE t REFRESH;
job id  | cluster info
--------+-----------------------------------------------------
<job 3> | {execution.target=sluice, workflow.instance=<job 3>}
(1 row)
!ok

!clock
workflow       | trigger | from                | to                  | status     | detail | partitions | rows
---------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:t | MANUAL  | 2026-01-15 12:01:00 | 2026-01-15 12:01:00 | SUCCESSFUL |        |            | +0 ~0 -0
(1 row)
!ok

# With dml-sync it waits, and fails with the run's error; the table stays as it was, and so do other partitions.
SET 'table.dml-sync' = 'true';
OK
!ok

UPDATE o SET divisor = 0 WHERE shop = 'b';
rows affected
-------------
            1
(1 row)
!ok

ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = '2026-01-14');
org.apache.flink.table.api.ValidationException: division by zero (SQLSTATE 22012) [MT-REFRESH-FAILED]
Detail: Run <id 1> ended with this error; the table is as it was before.
!error MT-REFRESH-FAILED XX000

ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = '2026-01-13');
job id  | cluster info
--------+-----------------------------------------------------
<job 4> | {execution.target=sluice, workflow.instance=<job 4>}
(1 row)
!ok

SELECT * FROM t ORDER BY shop;
shop | ds         | part
-----+------------+-----
a    | 2026-01-13 |   10
b    | 2026-01-14 |   10
(2 rows)
!ok
