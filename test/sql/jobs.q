# Jobs: each run of a table's workflow, by its id.

CREATE TABLE o (a int, slow boolean);
OK
!ok

INSERT INTO o VALUES (1, false);
rows affected
-------------
            1
(1 row)
!ok

CREATE PROCEDURE until_somebody_sleeps() LANGUAGE plpgsql AS $$
BEGIN
  WHILE NOT EXISTS (SELECT FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event = 'PgSleep') LOOP
    PERFORM pg_stat_clear_snapshot();
  END LOOP;
END
$$;
OK
!ok

CREATE MATERIALIZED TABLE t FRESHNESS = INTERVAL '1' HOUR REFRESH_MODE = FULL
AS SELECT a, CASE WHEN slow THEN pg_sleep(600)::text END AS s FROM o;
OK
WARNING: pg_sleep() depends on the moment or on chance
!ok

!clock
workflow       | trigger | from                | to                  | status     | detail | partitions | rows
---------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:t | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +1 ~0 -0
(1 row)
!ok

SHOW JOBS;
job id  | job name                                                            | status   | start time
--------+---------------------------------------------------------------------+----------+--------------------
<job 1> | Materialized_table_`test_catalog`.`public`.`t`_one_time_refresh_job | FINISHED | 2026-01-15T12:00:00
(1 row)
!ok

!clock 2026-01-15 13:00
workflow       | trigger  | from                | to                  | status     | detail | partitions | rows
---------------+----------+---------------------+---------------------+------------+--------+------------+---------
public.table:t | SCHEDULE | 2026-01-15 12:00:00 | 2026-01-15 13:00:00 | SUCCESSFUL |        |            | +0 ~0 -0
(1 row)
!ok

SHOW JOBS;
job id  | job name                                                            | status   | start time
--------+---------------------------------------------------------------------+----------+--------------------
<job 2> | Materialized_table_`test_catalog`.`public`.`t`_periodic_refresh_job | FINISHED | 2026-01-15T13:00:00
<job 1> | Materialized_table_`test_catalog`.`public`.`t`_one_time_refresh_job | FINISHED | 2026-01-15T12:00:00
(2 rows)
!ok

DESCRIBE JOB 'ffffffffffffffffffffffffffffffff';
org.apache.flink.table.api.ValidationException: job "<id 1>" does not exist [WF-JOB-UNKNOWN]
Hint: SHOW JOBS lists the open jobs and the newest ended ones.
!error WF-JOB-UNKNOWN 42704

STOP JOB 'ffffffffffffffffffffffffffffffff';
org.apache.flink.table.api.ValidationException: job "<id 1>" does not exist [WF-JOB-UNKNOWN]
Hint: SHOW JOBS lists the open jobs and the newest ended ones.
!error WF-JOB-UNKNOWN 42704

STOP JOB 'ffffffffffffffffffffffffffffffff' WITH SAVEPOINT;
java.lang.UnsupportedOperationException: STOP JOB … WITH SAVEPOINT is not supported [GW-NOT-SUPPORTED]
Detail: A refresh is one transaction: there is no state to save.
!error GW-NOT-SUPPORTED 0A000

DESCRIBE JOB '<job 1>';
job id  | job name                                                            | status   | start time
--------+---------------------------------------------------------------------+----------+--------------------
<job 1> | Materialized_table_`test_catalog`.`public`.`t`_one_time_refresh_job | FINISHED | 2026-01-15T12:00:00
(1 row)
!ok

STOP JOB '<job 1>';
org.apache.flink.table.api.ValidationException: job "<job 1>" has ended [WF-JOB-ENDED]
Detail: Its status is SUCCESSFUL.
!error WF-JOB-ENDED 55000

# A run that takes ten minutes is ended at once; the table is as before.
UPDATE o SET slow = true;
rows affected
-------------
            1
(1 row)
!ok

ALTER MATERIALIZED TABLE t REFRESH;
job id  | cluster info
--------+-----------------------------------------------------
<job 3> | {execution.target=sluice, workflow.instance=<job 3>}
(1 row)
!ok

CALL until_somebody_sleeps();
OK
!ok

STOP JOB '<job 3>';
OK
!ok

!clock
workflow       | trigger | from                | to                  | status   | detail   | partitions | rows
---------------+---------+---------------------+---------------------+----------+----------+------------+---------
public.table:t | MANUAL  | 2026-01-15 13:00:00 | 2026-01-15 13:00:00 | CANCELED | CANCELED |            | +0 ~0 -0
(1 row)
!ok

DESCRIBE JOB '<job 3>';
job id  | job name                                                            | status   | start time
--------+---------------------------------------------------------------------+----------+--------------------
<job 3> | Materialized_table_`test_catalog`.`public`.`t`_one_time_refresh_job | CANCELED | 2026-01-15T13:00:00
(1 row)
!ok

SELECT a, s FROM t;
a | s
--+-------
1 | <NULL>
(1 row)
!ok
