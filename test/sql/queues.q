# Queues: how many tasks run at a time, over all gateways.
# covers: S1-32, S1-77, G-03

SHOW QUEUES;
queue         | concurrency | running | pending
--------------+-------------+---------+--------
default-queue |          10 |       0 |       0
tables        |           8 |       0 |       0
(2 rows)
!ok

CREATE QUEUE reports WITH ('concurrency' = '4');
OK
!ok

CREATE QUEUE "My Queue";
OK
!ok

SHOW QUEUES;
queue         | concurrency | running | pending
--------------+-------------+---------+--------
My Queue      |          10 |       0 |       0
default-queue |          10 |       0 |       0
reports       |           4 |       0 |       0
tables        |           8 |       0 |       0
(4 rows)
!ok

ALTER QUEUE reports SET ('concurrency' = '2');
OK
!ok

CREATE QUEUE reports;
org.apache.flink.table.api.ValidationException: queue "reports" already exists [WF-QUEUE-EXISTS]
!error WF-QUEUE-EXISTS 42710

CREATE QUEUE IF NOT EXISTS reports WITH ('concurrency' = '9');
OK
!ok

SHOW QUEUES;
queue         | concurrency | running | pending
--------------+-------------+---------+--------
My Queue      |          10 |       0 |       0
default-queue |          10 |       0 |       0
reports       |           2 |       0 |       0
tables        |           8 |       0 |       0
(4 rows)
!ok

CREATE QUEUE q WITH ('concurrency' = '0');
org.apache.flink.table.api.ValidationException: value "0" of option 'concurrency' cannot be used [WF-OPTION-VALUE]
Detail: Expected a whole number, 1 or more.
!error WF-OPTION-VALUE 22023

CREATE QUEUE q WITH ('concurrency' = 'many');
org.apache.flink.table.api.ValidationException: value "many" of option 'concurrency' cannot be used [WF-OPTION-VALUE]
Detail: Expected a whole number, 1 or more.
!error WF-OPTION-VALUE 22023

CREATE QUEUE q WITH ('concurrrency' = '1');
org.apache.flink.table.api.ValidationException: option 'concurrrency' of a queue does not exist [WF-OPTION-UNKNOWN]
Hint: Did you mean 'concurrency'?
!error WF-OPTION-UNKNOWN 42704

ALTER QUEUE reports SET ();
org.apache.flink.table.api.ValidationException: SET names nothing [WF-CHANGE-EMPTY]
!error WF-CHANGE-EMPTY 42601

ALTER QUEUE reports SET ('size' = '1');
org.apache.flink.table.api.ValidationException: option 'size' of a queue does not exist [WF-OPTION-UNKNOWN]
Hint: The options are concurrency.
!error WF-OPTION-UNKNOWN 42704

ALTER QUEUE nope SET ('concurrency' = '1');
org.apache.flink.table.api.ValidationException: queue "nope" does not exist [WF-QUEUE-UNKNOWN]
!error WF-QUEUE-UNKNOWN 42704

DROP QUEUE nope;
org.apache.flink.table.api.ValidationException: queue "nope" does not exist [WF-QUEUE-UNKNOWN]
!error WF-QUEUE-UNKNOWN 42704

DROP QUEUE IF EXISTS nope;
OK
!ok

# In use: by the default of a workflow, by a task.
CREATE WORKFLOW w WITH ('queue' = 'reports') TASKS (a EXECUTE 'SELECT 1', b EXECUTE 'SELECT 2' WITH ('queue' = 'My Queue'));
OK
!ok

DROP QUEUE reports;
org.apache.flink.table.api.ValidationException: queue "reports" is in use [WF-QUEUE-IN-USE]
Detail: It is used by workflow "public"."w".
!error WF-QUEUE-IN-USE 55006

DROP QUEUE "My Queue";
org.apache.flink.table.api.ValidationException: queue "My Queue" is in use [WF-QUEUE-IN-USE]
Detail: It is used by workflow "public"."w".
!error WF-QUEUE-IN-USE 55006

DROP QUEUE "default-queue";
org.apache.flink.table.api.ValidationException: queue "default-queue" cannot be dropped [WF-QUEUE-IN-USE]
Detail: It is there for all that name no queue.
!error WF-QUEUE-IN-USE 55006

DROP QUEUE tables;
org.apache.flink.table.api.ValidationException: queue "tables" cannot be dropped [WF-QUEUE-IN-USE]
Detail: It is there for all that name no queue.
!error WF-QUEUE-IN-USE 55006

DROP WORKFLOW w;
OK
!ok

DROP QUEUE reports;
OK
!ok

DROP QUEUE "My Queue";
OK
!ok

ALTER QUEUE "default-queue" SET ('concurrency' = '11');
OK
!ok

SHOW QUEUES;
queue         | concurrency | running | pending
--------------+-------------+---------+--------
default-queue |          11 |       0 |       0
tables        |           8 |       0 |       0
(2 rows)
!ok

# Names of queues are identifiers, and no database is theirs.
CREATE QUEUE public.q;
org.apache.flink.sql.parser.impl.ParseException: Encountered "." at line 1, column 20.
Message: syntax error at or near "."
Detail: Line 1, column 20:
  CREATE QUEUE public.q
                     ^
Expected the end of the statement or WITH.
!error GW-SYNTAX 42601

CREATE QUEUE "";
org.apache.flink.table.api.SqlParserException: zero-length quoted name at or near "" at line 1, column 14 [GW-SYNTAX]
!error GW-SYNTAX 42601
