# ALTER WORKFLOW refuses what would leave a workflow that cannot run; the place is in the edit.

CREATE TABLE o (v int);
OK
!ok

CREATE MATERIALIZED TABLE t FRESHNESS = INTERVAL '1' DAY AS SELECT v FROM o;
OK
!ok

CREATE WORKFLOW w TASKS (a EXECUTE 'SELECT 1', b EXECUTE 'SELECT 2' AFTER (a));
OK
!ok

ALTER WORKFLOW w ADD TASK a EXECUTE 'SELECT 3';
org.apache.flink.table.api.ValidationException: task "a" exists already at line 1, column 27 [WF-TASK-DUPLICATE]
Hint: MODIFY TASK replaces it.
!error WF-TASK-DUPLICATE 42710

ALTER WORKFLOW w ADD TASK c EXECUTE 'SELECT 3' AFTER (a, x);
org.apache.flink.table.api.ValidationException: task "x" does not exist at line 1, column 58 [WF-TASK-UNKNOWN]
Detail: Task "c" is to run after it.
Hint: Did you mean "a"?
!error WF-TASK-UNKNOWN 42704

ALTER WORKFLOW w MODIFY TASK a EXECUTE 'SELECT 3' AFTER (b);
org.apache.flink.table.api.ValidationException: tasks wait for each other in a circle at line 1, column 58 [WF-CYCLE]
Detail: The circle is "a" -> "b" -> "a".
!error WF-CYCLE 42P17

ALTER WORKFLOW w MODIFY TASK c EXECUTE 'SELECT 3';
org.apache.flink.table.api.ValidationException: task "c" does not exist at line 1, column 30 [WF-TASK-UNKNOWN]
Hint: Did you mean "a"?
!error WF-TASK-UNKNOWN 42704

ALTER WORKFLOW w MODIFY TASK a
  EXECUTE 'SELECT ''${date}''';
org.apache.flink.table.api.ValidationException: variable "date" is not defined at line 2, column 11 [WF-VARIABLE]
Hint: Define it in VARIABLES, or use one that is always there: system.biz.date, system.biz.curdate, system.datetime, interval.start, interval.end, workflow.name, instance.id.
!error WF-VARIABLE 22023

ALTER WORKFLOW w DROP TASK a;
org.apache.flink.table.api.ValidationException: task "a" cannot be dropped, for others run after it at line 1, column 28 [WF-TASK-NEEDED]
Detail: Task "b" names it in AFTER.
!error WF-TASK-NEEDED 2BP01

ALTER WORKFLOW w DROP TASK bb;
org.apache.flink.table.api.ValidationException: task "bb" does not exist at line 1, column 28 [WF-TASK-UNKNOWN]
Hint: Did you mean "b"?
!error WF-TASK-UNKNOWN 42704

ALTER WORKFLOW w DROP TASK b;
OK
!ok

ALTER WORKFLOW w DROP TASK a;
org.apache.flink.table.api.ValidationException: a workflow needs at least one task at line 1, column 28 [WF-TASKS-EMPTY]
Hint: DROP WORKFLOW drops it as a whole.
!error WF-TASKS-EMPTY 42601

ALTER WORKFLOW w SET ('retires' = '1');
org.apache.flink.table.api.ValidationException: option 'retires' of a workflow does not exist at line 1, column 23 [WF-OPTION-UNKNOWN]
Hint: Did you mean 'retries'?
!error WF-OPTION-UNKNOWN 42704

ALTER WORKFLOW w SET ('queue' = 'nope');
org.apache.flink.table.api.ValidationException: queue "nope" does not exist at line 1, column 23 [WF-QUEUE-UNKNOWN]
Hint: CREATE QUEUE makes one; SHOW QUEUES lists them.
!error WF-QUEUE-UNKNOWN 42704

ALTER WORKFLOW w SET ();
org.apache.flink.table.api.ValidationException: SET names nothing [WF-CHANGE-EMPTY]
!error WF-CHANGE-EMPTY 42601

ALTER WORKFLOW w RESET ();
org.apache.flink.table.api.ValidationException: RESET names nothing [WF-CHANGE-EMPTY]
!error WF-CHANGE-EMPTY 42601

ALTER WORKFLOW w RESET ('nope');
OK
!ok

ALTER WORKFLOW w SET VARIABLES ('x' = '${y}');
org.apache.flink.table.api.ValidationException: variable "y" is not defined at line 1, column 33 [WF-VARIABLE]
Hint: Define it in VARIABLES, or use one that is always there: system.biz.date, system.biz.curdate, system.datetime, interval.start, interval.end, workflow.name, instance.id.
!error WF-VARIABLE 22023

ALTER WORKFLOW w SET SCHEDULE = CRON '* * *';
org.apache.flink.table.api.ValidationException: cron expression has 3 fields at line 1, column 38 [WF-CRON]
Hint: Six or seven fields are Quartz (second minute hour day-of-month month day-of-week [year]), five are Unix (minute hour day-of-month month day-of-week).
!error WF-CRON 22023

ALTER WORKFLOW w RENAME TO w;
OK
!ok

CREATE WORKFLOW w2 TASKS (a EXECUTE 'SELECT 1');
OK
!ok

ALTER WORKFLOW w RENAME TO w2;
org.apache.flink.table.api.ValidationException: workflow "w2" already exists at line 1, column 28 [WF-EXISTS]
!error WF-EXISTS 42710

ALTER WORKFLOW w RENAME TO "table:t";
org.apache.flink.table.api.ValidationException: names that begin with "table:" are kept for materialized tables at line 1, column 28 [WF-TABLE-OWNED]
!error WF-TABLE-OWNED 55000

ALTER WORKFLOW nope ENABLE;
org.apache.flink.table.api.ValidationException: workflow "public.nope" does not exist [WF-NOTFOUND]
!error WF-NOTFOUND 42704

ALTER WORKFLOW nope DISABLE;
org.apache.flink.table.api.ValidationException: workflow "public.nope" does not exist [WF-NOTFOUND]
!error WF-NOTFOUND 42704

ALTER WORKFLOW nope COMMENT 'x';
org.apache.flink.table.api.ValidationException: workflow "public.nope" does not exist [WF-NOTFOUND]
!error WF-NOTFOUND 42704

ALTER WORKFLOW w ADD DOWNSTREAM OF a;
org.apache.flink.table.api.ValidationException: task "a" refreshes no materialized table at line 1, column 36 [WF-DOWNSTREAM]
!error WF-DOWNSTREAM 55000

ALTER WORKFLOW w ADD DOWNSTREAM OF x;
org.apache.flink.table.api.ValidationException: task "x" does not exist at line 1, column 36 [WF-TASK-UNKNOWN]
Hint: Did you mean "a"?
!error WF-TASK-UNKNOWN 42704
