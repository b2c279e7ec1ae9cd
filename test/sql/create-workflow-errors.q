# CREATE WORKFLOW refuses at once what could not run, and says where.
# covers: S1-01, S1-38, S1-39

CREATE TABLE o (ds text, v int);
OK
!ok

CREATE MATERIALIZED TABLE p PARTITIONED BY (ds) WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd') FRESHNESS = INTERVAL '1' DAY AS SELECT ds, v FROM o;
OK
!ok

!clock
workflow       | trigger | from                | to                  | status     | detail | partitions | rows
---------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:p | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +0 ~0 -0
(1 row)
!ok

# A cycle: at the first AFTER that lies on it.
CREATE WORKFLOW w TASKS (
  a EXECUTE 'SELECT 1',
  b EXECUTE 'SELECT 1' AFTER (a, d),
  c EXECUTE 'SELECT 1' AFTER (b),
  d EXECUTE 'SELECT 1' AFTER (c));
org.apache.flink.table.api.ValidationException: tasks wait for each other in a circle at line 3, column 34 [WF-CYCLE]
Detail: The circle is "b" -> "d" -> "c" -> "b".
!error WF-CYCLE 42P17

CREATE WORKFLOW w TASKS (a EXECUTE 'SELECT 1' AFTER (a));
org.apache.flink.table.api.ValidationException: tasks wait for each other in a circle at line 1, column 54 [WF-CYCLE]
Detail: The circle is "a" -> "a".
!error WF-CYCLE 42P17

CREATE WORKFLOW w TASKS (a EXECUTE 'SELECT 1', A EXECUTE 'SELECT 2');
org.apache.flink.table.api.ValidationException: task "a" occurs twice at line 1, column 48 [WF-TASK-DUPLICATE]
!error WF-TASK-DUPLICATE 42710

CREATE WORKFLOW w TASKS (laod EXECUTE 'SELECT 1', b EXECUTE 'SELECT 2' AFTER (load));
org.apache.flink.table.api.ValidationException: task "load" does not exist at line 1, column 79 [WF-TASK-UNKNOWN]
Detail: Task "b" is to run after it.
Hint: Did you mean "laod"?
!error WF-TASK-UNKNOWN 42704

CREATE WORKFLOW w TASKS (a EXECUTE 'SELECT 1', b EXECUTE 'SELECT 2' AFTER (a, a));
org.apache.flink.table.api.ValidationException: task "b" names task "a" twice in AFTER at line 1, column 79 [WF-TASK-DUPLICATE]
!error WF-TASK-DUPLICATE 42710

CREATE WORKFLOW w TASKS ();
org.apache.flink.sql.parser.impl.ParseException: Encountered ")" at line 1, column 26.
Message: syntax error at or near ")"
Detail: Line 1, column 26:
  CREATE WORKFLOW w TASKS ()
                           ^
Expected a name.
Hint: A workflow has at least one task: name EXECUTE '…' or name REFRESH table.
!error GW-SYNTAX 42601

CREATE WORKFLOW w TASKS (a EXECUTE SELECT 1);
org.apache.flink.sql.parser.impl.ParseException: Encountered "SELECT" at line 1, column 36.
Message: syntax error at or near "SELECT"
Detail: Line 1, column 36:
  CREATE WORKFLOW w TASKS (a EXECUTE SELECT 1)
                                     ^
Expected a string.
Hint: The statement of a task is a string: put it in quotes, and double the quotes in it.
!error GW-SYNTAX 42601

# Tables and partitions.
CREATE WORKFLOW w SCHEDULE = CRON '0 0 2 ? * *' TASKS (a REFRESH nope);
org.apache.flink.table.api.ValidationException: materialized table "public.nope" does not exist at line 1, column 66 [MT-NOTFOUND]
!error MT-NOTFOUND 42P01

CREATE WORKFLOW w SCHEDULE = CRON '0 0 2 ? * *' TASKS (a REFRESH o);
org.apache.flink.table.api.ValidationException: table "public.o" is not a materialized table at line 1, column 66 [MT-NOT-MT]
!error MT-NOT-MT 42809

CREATE WORKFLOW w SCHEDULE = CRON '0 0 2 ? * *' TASKS (a REFRESH p PARTITION (day = '2026-01-01'));
org.apache.flink.table.api.ValidationException: "day" is no partition column at line 1, column 79 [MT-SPEC-UNKNOWN]
Detail: The partition columns are ds.
Hint: Did you mean "ds"?
!error MT-SPEC-UNKNOWN 42703

CREATE WORKFLOW w TASKS (a REFRESH p);
org.apache.flink.table.api.ValidationException: the partition of "p" to be refreshed is not named at line 1, column 36 [WF-PARTITION-NEEDED]
Detail: A workflow without a schedule has no data interval that could name it.
Hint: Add PARTITION (ds = '…').
!error WF-PARTITION-NEEDED 42601

CREATE WORKFLOW w SCHEDULE = CRON '0 0 2 ? * *' TASKS (a REFRESH p PARTITION (ds = '${date}'));
org.apache.flink.table.api.ValidationException: variable "date" is not defined at line 1, column 79 [WF-VARIABLE]
Hint: Define it in VARIABLES, or use one that is always there: system.biz.date, system.biz.curdate, system.datetime, interval.start, interval.end, workflow.name, instance.id.
!error WF-VARIABLE 22023

SHOW CREATE WORKFLOW w;
org.apache.flink.table.api.ValidationException: workflow "public.w" does not exist [WF-NOTFOUND]
!error WF-NOTFOUND 42704
