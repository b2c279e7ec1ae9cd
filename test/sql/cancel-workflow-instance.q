# What waits can be canceled or skipped; what is open cannot be run again.
# covers: S1-73, G-06, S1-29

CREATE TABLE switch (v int);
OK
!ok

INSERT INTO switch VALUES (0);
rows affected
-------------
            1
(1 row)
!ok

CREATE WORKFLOW w WITH ('retries' = '1', 'retry.delay' = '1 h') TASKS (
  a EXECUTE 'SELECT 1 / v FROM switch',
  b EXECUTE 'SELECT 2' AFTER (a),
  c EXECUTE 'SELECT 3' AFTER (b));
OK
!ok

EXECUTE WORKFLOW w;
instance id
-----------
<job 1>
(1 row)
!ok

!clock
workflow | trigger | from | to | status | detail | partitions | rows
---------+---------+------+----+--------+--------+------------+-----
(0 rows)
!ok

ALTER WORKFLOW INSTANCE '<job 1>' RERUN;
org.apache.flink.table.api.ValidationException: instance <job 1> has not ended [WF-INSTANCE-RUNNING]
Hint: Cancel it, or wait for its end.
!error WF-INSTANCE-RUNNING 55000

ALTER WORKFLOW INSTANCE '<job 1>' SKIP TASK b;
OK
!ok

SELECT task, status, detail, attempt FROM sluice.task_instances ORDER BY task;
task | status  | detail           | attempt
-----+---------+------------------+--------
a    | PENDING | WAITING_RETRY    |       1
b    | SKIPPED | MARKED           |       0
c    | PENDING | WAITING_UPSTREAM |       0
(3 rows)
!ok

ALTER WORKFLOW INSTANCE '<job 1>' CANCEL;
OK
!ok

!clock
workflow | trigger | from                | to                  | status   | detail | partitions | rows
---------+---------+---------------------+---------------------+----------+--------+------------+-----
public.w | MANUAL  | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | CANCELED |        |            |
(1 row)
!ok

SELECT task, status, detail, attempt FROM sluice.task_instances ORDER BY task;
task | status   | detail | attempt
-----+----------+--------+--------
a    | CANCELED | <NULL> |       1
b    | SKIPPED  | MARKED |       0
c    | CANCELED | <NULL> |       0
(3 rows)
!ok

# A skipped task lets what waits for it go on.
EXECUTE WORKFLOW w;
instance id
-----------
<job 2>
(1 row)
!ok

!clock
workflow | trigger | from | to | status | detail | partitions | rows
---------+---------+------+----+--------+--------+------------+-----
(0 rows)
!ok

ALTER WORKFLOW INSTANCE '<job 2>' SKIP TASK a;
OK
!ok

!clock
workflow | trigger | from                | to                  | status     | detail | partitions | rows
---------+---------+---------------------+---------------------+------------+--------+------------+-----
public.w | MANUAL  | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            |
(1 row)
!ok

SELECT task, status, detail, attempt FROM sluice.task_instances WHERE instance_id = '<job 2>' ORDER BY task;
task | status     | detail | attempt
-----+------------+--------+--------
a    | SKIPPED    | MARKED |       1
b    | SUCCESSFUL | 1 row  |       1
c    | SUCCESSFUL | 1 row  |       1
(3 rows)
!ok

# A dropped workflow takes its open runs along, and leaves its history.
EXECUTE WORKFLOW w;
instance id
-----------
<job 3>
(1 row)
!ok

!clock
workflow | trigger | from | to | status | detail | partitions | rows
---------+---------+------+----+--------+--------+------------+-----
(0 rows)
!ok

DROP WORKFLOW w;
OK
!ok

!clock
workflow | trigger | from                | to                  | status   | detail | partitions | rows
---------+---------+---------------------+---------------------+----------+--------+------------+-----
public.w | MANUAL  | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | CANCELED |        |            |
(1 row)
!ok

SELECT workflow, status, detail FROM sluice.workflow_instances ORDER BY status, finished_at;
workflow | status     | detail
---------+------------+-------
w        | CANCELED   | <NULL>
w        | CANCELED   | <NULL>
w        | SUCCESSFUL | <NULL>
(3 rows)
!ok

ALTER WORKFLOW INSTANCE '<job 2>' RERUN;
org.apache.flink.table.api.ValidationException: the workflow of the instance has been dropped [WF-NOTFOUND]
!error WF-NOTFOUND 42704
