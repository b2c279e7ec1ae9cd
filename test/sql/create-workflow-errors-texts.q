# CREATE WORKFLOW refuses options, variables, texts and names that mean nothing.

CREATE WORKFLOW w WITH ('retires' = '2') TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: option 'retires' of a workflow does not exist at line 1, column 25 [WF-OPTION-UNKNOWN]
Hint: Did you mean 'retries'?
!error WF-OPTION-UNKNOWN 42704

CREATE WORKFLOW w TASKS (a EXECUTE 'SELECT 1' WITH ('overlap' = 'skip'));
org.apache.flink.table.api.ValidationException: option 'overlap' of a task does not exist at line 1, column 53 [WF-OPTION-UNKNOWN]
Detail: Option 'overlap' belongs to the workflow as a whole.
Hint: The options are retries, retry.delay, retry.backoff, timeout, queue, notify.email, notify.webhook, notify.dingtalk, notify.slack, notify.on, condition, transactional.
!error WF-OPTION-UNKNOWN 42704

CREATE WORKFLOW w WITH ('retries' = 'two') TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: value "two" of option 'retries' cannot be used at line 1, column 25 [WF-OPTION-VALUE]
Detail: Expected a whole number, 0 or more.
!error WF-OPTION-VALUE 22023

CREATE WORKFLOW w WITH ('timeout' = 'soon') TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: value "soon" of option 'timeout' cannot be used at line 1, column 25 [WF-OPTION-VALUE]
Detail: Expected a duration such as '30 s' or '2 h', at most 24 days; a bare number is seconds.
!error WF-OPTION-VALUE 22023

CREATE WORKFLOW w WITH ('overlap' = 'qeue') TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: value "qeue" of option 'overlap' cannot be used at line 1, column 25 [WF-OPTION-VALUE]
Detail: Expected one of queue, skip, replace.
!error WF-OPTION-VALUE 22023

CREATE WORKFLOW w WITH ('catch-up' = 'some') TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: value "some" of option 'catch-up' cannot be used at line 1, column 25 [WF-OPTION-VALUE]
Detail: Expected one of none, last, all.
!error WF-OPTION-VALUE 22023

CREATE WORKFLOW w WITH ('queue' = 'report') TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: queue "report" does not exist at line 1, column 25 [WF-QUEUE-UNKNOWN]
Hint: CREATE QUEUE makes one; SHOW QUEUES lists them.
!error WF-QUEUE-UNKNOWN 42704

CREATE WORKFLOW w TASKS (a EXECUTE 'SELECT 1',
  b EXECUTE 'SELECT 2' WITH ('queue' = 'default-quue'));
org.apache.flink.table.api.ValidationException: queue "default-quue" does not exist at line 2, column 30 [WF-QUEUE-UNKNOWN]
Hint: CREATE QUEUE makes one; SHOW QUEUES lists them.
!error WF-QUEUE-UNKNOWN 42704

CREATE WORKFLOW w WITH ('notify.email' = 'nobody') TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: value "nobody" of option 'notify.email' cannot be used at line 1, column 25 [WF-OPTION-VALUE]
Detail: Expected an e-mail address, or several with commas.
!error WF-OPTION-VALUE 22023

# Variables.
CREATE WORKFLOW w VARIABLES ('date' = 'yyyy-MM-dd') TASKS (a EXECUTE 'SELECT ''${dat}''');
org.apache.flink.table.api.ValidationException: variable "dat" is not defined at line 1, column 70 [WF-VARIABLE]
Hint: Define it in VARIABLES, or use one that is always there: system.biz.date, system.biz.curdate, system.datetime, interval.start, interval.end, workflow.name, instance.id.
!error WF-VARIABLE 22023

CREATE WORKFLOW w VARIABLES ('a' = '${b}', 'b' = '${a}') TASKS (a EXECUTE 'SELECT ''${a}''');
org.apache.flink.table.api.ValidationException: variable "a" is defined by itself at line 1, column 30 [WF-VARIABLE]
Detail: The circle is a -> b -> a.
!error WF-VARIABLE 22023

# A value with other letters than those of patterns is a text.
CREATE WORKFLOW v VARIABLES ('a' = 'yyyy-MM-dd - 1 fortnight') TASKS (a EXECUTE 'SELECT ''${a}''');
OK
!ok

CREATE WORKFLOW w VARIABLES ('a' = '${nope}') TASKS (a EXECUTE 'SELECT ''${a}''');
org.apache.flink.table.api.ValidationException: variable "nope" is not defined at line 1, column 30 [WF-VARIABLE]
Hint: Define it in VARIABLES, or use one that is always there: system.biz.date, system.biz.curdate, system.datetime, interval.start, interval.end, workflow.name, instance.id.
!error WF-VARIABLE 22023

# Texts: exactly one statement, which ends with its transaction.
CREATE WORKFLOW w TASKS (a EXECUTE 'SELECT 1; SELECT 2');
org.apache.flink.table.api.ValidationException: the text of EXECUTE has 2 statements at line 1, column 36 [WF-STATEMENT]
Hint: Make a task of each, one AFTER the other.
!error WF-STATEMENT 42601

CREATE WORKFLOW w TASKS (a EXECUTE '');
org.apache.flink.table.api.ValidationException: the text of EXECUTE is empty at line 1, column 36 [WF-STATEMENT]
!error WF-STATEMENT 42601

CREATE WORKFLOW w TASKS (a EXECUTE '  -- nothing');
org.apache.flink.table.api.ValidationException: the text of EXECUTE is empty at line 1, column 36 [WF-STATEMENT]
!error WF-STATEMENT 42601

CREATE WORKFLOW w TASKS (a EXECUTE 'COMMIT');
org.apache.flink.table.api.ValidationException: a task cannot begin or end a transaction at line 1, column 36 [WF-STATEMENT]
Hint: A task's statement has a transaction of its own.
!error WF-STATEMENT 42601

CREATE WORKFLOW w TASKS (ok EXECUTE 'SELECT 1',
  a EXECUTE 'SELEC 1');
org.apache.flink.table.api.ValidationException: the text of EXECUTE is not a statement of PostgreSQL at line 2, column 13 [WF-STATEMENT]
Detail: PostgreSQL's grammar says: syntax error at or near "SELEC".
Hint: Materialized tables are refreshed by REFRESH tasks.
!error WF-STATEMENT 42601

CREATE WORKFLOW w TASKS (a EXECUTE 'SELECT 1' WITH ('condition' = 'DELETE FROM t'));
org.apache.flink.table.api.ValidationException: the condition of a task is not a query at line 1, column 53 [WF-STATEMENT]
!error WF-STATEMENT 42601

# Names.
CREATE WORKFLOW "table:x" TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: names that begin with "table:" are kept for materialized tables at line 1, column 17 [WF-TABLE-OWNED]
!error WF-TABLE-OWNED 55000

CREATE WORKFLOW nowhere.w TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.gateway.api.utils.SqlGatewayException: database "nowhere" does not exist at line 1, column 17 [GW-DATABASE-UNKNOWN]
!error GW-DATABASE-UNKNOWN 3F000

CREATE WORKFLOW "" TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.SqlParserException: zero-length quoted name at or near "" at line 1, column 17 [GW-SYNTAX]
!error GW-SYNTAX 42601

CREATE WORKFLOW a_name_that_has_more_than_the_sixty_three_bytes_that_postgresql_keeps TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: name "a_name_that_has_more_than_the_sixty_three_bytes_that_postgresql_keeps" is too long at line 1, column 17 [MT-PARSE-NAME-LENGTH]
Detail: Line 1, column 17:
  CREATE WORKFLOW a_name_that_has_more_than_the_sixty_three_bytes_that_postgresql_keeps TASKS (a EXECUTE 'SELECT 1')
                  ^
A name has at most 63 bytes in PostgreSQL.
!error MT-PARSE-NAME-LENGTH 42622

# Of PostgreSQL's own schemas, and in the end nothing exists.
CREATE WORKFLOW pg_catalog.w TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.gateway.api.utils.SqlGatewayException: database "pg_catalog" cannot have workflows at line 1, column 17 [GW-DATABASE-PROTECTED]
!error GW-DATABASE-PROTECTED 42501

SHOW WORKFLOWS;
workflow | kind | database | table_name | enabled | version | schedule | time_zone | starts_at | ends_at | next_execution | last_execution | pending | running | successful | failed | tags | created_at
---------+------+----------+------------+---------+---------+----------+-----------+-----------+---------+----------------+----------------+---------+---------+------------+--------+------+--------------------
v        | user | public   | <NULL>     | FALSE   |       1 | MANUAL   | UTC       | <NULL>    | <NULL>  | <NULL>         | <NULL>         |       0 |       0 |          0 |      0 | {}   | 2026-01-15T12:00:00
(1 row)
!ok
