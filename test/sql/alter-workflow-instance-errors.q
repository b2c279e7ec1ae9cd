# ALTER WORKFLOW INSTANCE refuses what means nothing for a run that has ended, or that is not there.

CREATE WORKFLOW w TASKS (a EXECUTE 'SELECT 1', b EXECUTE 'SELECT 2' AFTER (a));
OK
!ok

EXECUTE WORKFLOW w;
instance id
-----------
<job 1>
(1 row)
!ok

!clock
workflow | trigger | from                | to                  | status     | detail | partitions | rows
---------+---------+---------------------+---------------------+------------+--------+------------+-----
public.w | MANUAL  | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            |
(1 row)
!ok

ALTER WORKFLOW INSTANCE '<job 1>' CANCEL;
org.apache.flink.table.api.ValidationException: workflow instance <job 1> has ended already [WF-INSTANCE-ENDED]
Detail: It is SUCCESSFUL.
!error WF-INSTANCE-ENDED 55000

ALTER WORKFLOW INSTANCE '<job 1>' RERUN TASK x;
org.apache.flink.table.api.ValidationException: task "x" does not exist [WF-TASK-UNKNOWN]
Detail: The tasks of the instance are "a", "b".
!error WF-TASK-UNKNOWN 42704

ALTER WORKFLOW INSTANCE '<job 1>' MARK TASK x SUCCESSFUL;
org.apache.flink.table.api.ValidationException: task "x" does not exist [WF-TASK-UNKNOWN]
Detail: The tasks of the instance are "a", "b".
!error WF-TASK-UNKNOWN 42704

ALTER WORKFLOW INSTANCE '<job 1>' SKIP TASK x;
org.apache.flink.table.api.ValidationException: task "x" does not exist [WF-TASK-UNKNOWN]
Detail: The tasks of the instance are "a", "b".
!error WF-TASK-UNKNOWN 42704

# Nothing of it failed.
ALTER WORKFLOW INSTANCE '<job 1>' RERUN FAILED;
OK
!ok

ALTER WORKFLOW INSTANCE 'ffffffffffffffffffffffffffffffff' CANCEL;
org.apache.flink.table.api.ValidationException: workflow instance <id 1> does not exist [WF-INSTANCE-UNKNOWN]
!error WF-INSTANCE-UNKNOWN 42704

ALTER WORKFLOW INSTANCE 'nope' RERUN;
org.apache.flink.table.api.ValidationException: workflow instance nope does not exist [WF-INSTANCE-UNKNOWN]
!error WF-INSTANCE-UNKNOWN 42704

SHOW TASK INSTANCES FROM INSTANCE 'nope';
org.apache.flink.table.api.ValidationException: job "nope" does not exist [WF-JOB-UNKNOWN]
Hint: SHOW JOBS lists the open jobs and the newest ended ones.
!error WF-JOB-UNKNOWN 42704

SHOW WORKFLOW INSTANCES FROM nope;
org.apache.flink.table.api.ValidationException: workflow "public.nope" does not exist [WF-NOTFOUND]
Hint: SHOW WORKFLOWS lists them.
!error WF-NOTFOUND 42704

EXECUTE WORKFLOW nope;
org.apache.flink.table.api.ValidationException: workflow "public.nope" does not exist [WF-NOTFOUND]
!error WF-NOTFOUND 42704

EXECUTE WORKFLOW w AT TIMESTAMP 'noon';
org.apache.flink.table.api.ValidationException: "noon" cannot be read as a timestamp at line 1, column 23 [WF-TIMESTAMP]
Detail: Expected wall-clock time such as 2026-12-01 00:00:00, without an offset.
!error WF-TIMESTAMP 22007

EXECUTE WORKFLOW w
  VARIABLES ('nope' = '1');
org.apache.flink.table.api.ValidationException: the workflow has no variable "nope" at line 2, column 14 [WF-VARIABLE]
Detail: It has system.biz.date, system.biz.curdate, system.datetime.
!error WF-VARIABLE 22023

# With 'table.dml-sync' a statement waits for its run, and fails with it.
SET 'table.dml-sync' = 'true';
OK
!ok

EXECUTE WORKFLOW w;
instance id
-----------
<job 2>
(1 row)
!ok

CREATE WORKFLOW f TASKS (a EXECUTE 'SELECT 1 / 0');
OK
!ok

EXECUTE WORKFLOW f;
org.apache.flink.table.api.ValidationException: division by zero (SQLSTATE 22012) [WF-SQL-FAILED]
Detail: Run <id 2> ended with this error.
!error WF-SQL-FAILED 58000
