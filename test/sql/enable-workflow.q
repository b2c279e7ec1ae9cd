# ENABLE and DISABLE: idempotent, no version; an enabled workflow refuses all edits.
# covers: S1-27, S1-72

CREATE WORKFLOW "W 2" SCHEDULE = CRON '0 0 2 ? * *' TASKS (a EXECUTE 'SELECT 1');
OK
!ok

ALTER WORKFLOW "W 2" ENABLE;
OK
!ok

ALTER WORKFLOW "W 2" ENABLE;
OK
!ok

SELECT version, enabled, next_execution FROM sluice.workflows WHERE workflow = 'W 2';
version | enabled | next_execution
--------+---------+---------------------------
      1 | TRUE    | 2026-01-16 02:00:00.000000
(1 row)
!ok

ALTER WORKFLOW "W 2" COMMENT 'x';
org.apache.flink.table.api.ValidationException: workflow "W 2" is enabled [WF-ENABLED]
Hint: ALTER WORKFLOW … DISABLE it first; runs that exist go on.
!error WF-ENABLED 55000

ALTER WORKFLOW "W 2" RENAME TO w;
org.apache.flink.table.api.ValidationException: workflow "W 2" is enabled [WF-ENABLED]
Hint: ALTER WORKFLOW … DISABLE it first; runs that exist go on.
!error WF-ENABLED 55000

ALTER WORKFLOW "W 2" SET ('retries' = '1');
org.apache.flink.table.api.ValidationException: workflow "W 2" is enabled [WF-ENABLED]
Hint: ALTER WORKFLOW … DISABLE it first; runs that exist go on.
!error WF-ENABLED 55000

ALTER WORKFLOW "W 2" ADD TASK z EXECUTE 'SELECT 1';
org.apache.flink.table.api.ValidationException: workflow "W 2" is enabled [WF-ENABLED]
Hint: ALTER WORKFLOW … DISABLE it first; runs that exist go on.
!error WF-ENABLED 55000

DROP WORKFLOW "W 2";
org.apache.flink.table.api.ValidationException: workflow "W 2" is enabled [WF-ENABLED]
Hint: ALTER WORKFLOW … DISABLE it first; runs that exist go on.
!error WF-ENABLED 55000

ALTER WORKFLOW "W 2" DISABLE;
OK
!ok

ALTER WORKFLOW "W 2" DISABLE;
OK
!ok

SELECT version, enabled, next_execution FROM sluice.workflows WHERE workflow = 'W 2';
version | enabled | next_execution
--------+---------+---------------
      1 | FALSE   | <NULL>
(1 row)
!ok

DROP WORKFLOW "W 2";
OK
!ok
