# ALTER WORKFLOW: each edit is a version; an enabled workflow refuses all of them.
# covers: S1-57, S1-71, S1-76

CREATE TABLE o (ds text, v int);
OK
!ok

CREATE MATERIALIZED TABLE t FRESHNESS = INTERVAL '1' DAY AS SELECT v FROM o;
OK
!ok

CREATE WORKFLOW w TASKS (a EXECUTE 'SELECT 1');
OK
!ok

ALTER WORKFLOW w COMMENT 'it''s mine';
OK
!ok

ALTER WORKFLOW w SET SCHEDULE = EVERY INTERVAL '30' MINUTES;
OK
!ok

ALTER WORKFLOW w SET ('retries' = '3', 'tag.team' = 'sales', 'overlap' = 'skip');
OK
!ok

ALTER WORKFLOW w RESET ('retries');
OK
!ok

ALTER WORKFLOW w SET VARIABLES ('region' = 'eu', 'day' = 'yyyy-MM-dd');
OK
!ok

ALTER WORKFLOW w ADD TASK b REFRESH t AFTER (a) WITH ('timeout' = '60');
OK
!ok

ALTER WORKFLOW w ADD TASK c EXECUTE 'SELECT ''${region}''' AFTER (a, b);
OK
!ok

ALTER WORKFLOW w MODIFY TASK c EXECUTE 'SELECT ''${day}''' COMMENT 'changed' AFTER (b);
OK
!ok

SHOW CREATE WORKFLOW w;
CREATE WORKFLOW public.w
  COMMENT 'it''s mine'
  SCHEDULE = EVERY INTERVAL '30' MINUTE
  TIME ZONE 'UTC'
  VARIABLES ('day' = 'yyyy-MM-dd', 'region' = 'eu')
  WITH ('overlap' = 'skip', 'tag.team' = 'sales')
  TASKS (
    a EXECUTE 'SELECT 1',
    b REFRESH public.t AFTER (a) WITH ('timeout' = '60'),
    c EXECUTE 'SELECT ''${day}''' COMMENT 'changed' AFTER (b)
  )
!ok

SELECT version FROM sluice.workflows WHERE workflow = 'w';
version
-------
      9
(1 row)
!ok

# What changes nothing is no version.
ALTER WORKFLOW w COMMENT 'it''s mine';
OK
!ok

SELECT version FROM sluice.workflows WHERE workflow = 'w';
version
-------
      9
(1 row)
!ok

ALTER WORKFLOW w COMMENT '';
OK
!ok

ALTER WORKFLOW w DROP TASK c;
OK
!ok

ALTER WORKFLOW w RENAME TO "W 2";
OK
!ok

SHOW CREATE WORKFLOW "W 2";
CREATE WORKFLOW public."W 2"
  SCHEDULE = EVERY INTERVAL '30' MINUTE
  TIME ZONE 'UTC'
  VARIABLES ('day' = 'yyyy-MM-dd', 'region' = 'eu')
  WITH ('overlap' = 'skip', 'tag.team' = 'sales')
  TASKS (
    a EXECUTE 'SELECT 1',
    b REFRESH public.t AFTER (a) WITH ('timeout' = '60')
  )
!ok

ALTER WORKFLOW "W 2" SET SCHEDULE = MANUAL;
OK
!ok
