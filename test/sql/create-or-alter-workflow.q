# CREATE OR ALTER WORKFLOW: makes it, changes it, or leaves it alone; each change is a version.
# covers: S1-05, S1-58, S1-71, S1-76

CREATE OR ALTER WORKFLOW w COMMENT 'one' TASKS (a EXECUTE 'SELECT 1');
OK
!ok

SHOW CREATE WORKFLOW w;
CREATE WORKFLOW public.w
  COMMENT 'one'
  SCHEDULE = MANUAL
  TIME ZONE 'UTC'
  TASKS (
    a EXECUTE 'SELECT 1'
  )
!ok

# The same again, as it was shown: nothing changes, so there is no new version.
CREATE OR ALTER WORKFLOW public.w
  COMMENT 'one'
  SCHEDULE = MANUAL
  TIME ZONE 'UTC'
  TASKS (
    a EXECUTE 'SELECT 1'
  );
OK
!ok

SELECT version FROM sluice.workflows WHERE workflow = 'w';
version
-------
      1
(1 row)
!ok

CREATE OR ALTER WORKFLOW w SCHEDULE = CRON '0 0 2 ? * *' WITH ('retries' = '1') TASKS (a EXECUTE 'SELECT 1', b EXECUTE 'SELECT 2' AFTER (a));
OK
!ok

SHOW CREATE WORKFLOW w;
CREATE WORKFLOW public.w
  SCHEDULE = CRON '0 0 2 ? * *'
  TIME ZONE 'UTC'
  WITH ('retries' = '1')
  TASKS (
    a EXECUTE 'SELECT 1',
    b EXECUTE 'SELECT 2' AFTER (a)
  )
!ok

SHOW CREATE WORKFLOW w VERSION 1;
CREATE WORKFLOW public.w
  COMMENT 'one'
  SCHEDULE = MANUAL
  TIME ZONE 'UTC'
  TASKS (
    a EXECUTE 'SELECT 1'
  )
!ok

SHOW CREATE WORKFLOW w VERSION 2;
CREATE WORKFLOW public.w
  SCHEDULE = CRON '0 0 2 ? * *'
  TIME ZONE 'UTC'
  WITH ('retries' = '1')
  TASKS (
    a EXECUTE 'SELECT 1',
    b EXECUTE 'SELECT 2' AFTER (a)
  )
!ok

SHOW CREATE WORKFLOW w VERSION 3;
org.apache.flink.table.api.ValidationException: workflow "w" has no version 3 [WF-VERSION-UNKNOWN]
Detail: Its versions are 1 to 2.
!error WF-VERSION-UNKNOWN 42704

# A refused change changes nothing.
CREATE OR ALTER WORKFLOW w TASKS (a EXECUTE 'SELECT 1' AFTER (a));
org.apache.flink.table.api.ValidationException: tasks wait for each other in a circle at line 1, column 63 [WF-CYCLE]
Detail: The circle is "a" -> "a".
!error WF-CYCLE 42P17

SELECT version FROM sluice.workflows WHERE workflow = 'w';
version
-------
      2
(1 row)
!ok

ALTER WORKFLOW w ENABLE;
OK
!ok

CREATE OR ALTER WORKFLOW w TASKS (a EXECUTE 'SELECT 3');
org.apache.flink.table.api.ValidationException: workflow "w" is enabled [WF-ENABLED]
Hint: ALTER WORKFLOW … DISABLE it first; runs that exist go on.
!error WF-ENABLED 55000

# What would change nothing is taken while it is enabled, too.
CREATE OR ALTER WORKFLOW w SCHEDULE = CRON '0 0 2 ? * *' WITH ('retries' = '1') TASKS (a EXECUTE 'SELECT 1', b EXECUTE 'SELECT 2' AFTER (a));
OK
!ok

CREATE OR ALTER WORKFLOW IF NOT EXISTS w TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.SqlParserException: OR ALTER and IF NOT EXISTS exclude each other at line 1, column 26 [GW-SYNTAX]
!error GW-SYNTAX 42601

CREATE WORKFLOW w TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: workflow "public.w" already exists at line 1, column 17 [WF-EXISTS]
!error WF-EXISTS 42710

CREATE WORKFLOW IF NOT EXISTS w TASKS (a EXECUTE 'SELECT 1');
OK
!ok

SELECT version, enabled FROM sluice.workflows WHERE workflow = 'w';
version | enabled
--------+--------
      2 | TRUE
(1 row)
!ok
