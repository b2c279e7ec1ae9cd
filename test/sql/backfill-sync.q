# With 'table.dml-sync' BACKFILL waits, and fails if intervals of it failed; too many intervals are refused.

CREATE TABLE switch (day text);
OK
!ok

INSERT INTO switch VALUES ('2026-01-03');
rows affected
-------------
            1
(1 row)
!ok

CREATE WORKFLOW w SCHEDULE = CRON '0 0 2 ? * *' VARIABLES ('day' = 'yyyy-MM-dd') TASKS (
  a EXECUTE 'SELECT 1 / CASE WHEN day = ''${day}'' THEN 0 ELSE 1 END FROM switch');
OK
!ok

SET 'table.dml-sync' = 'true';
OK
!ok

BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-01 00:00:00' TO TIMESTAMP '2026-01-04 00:00:00';
org.apache.flink.table.api.ValidationException: 1 of 3 intervals of the backfill failed [BF-RUN-FAILED]
Hint: DESCRIBE BACKFILL '<id 1>' lists its intervals.
!error BF-RUN-FAILED 55000

SELECT status, total, successful, failed FROM sluice.backfills;
status | total | successful | failed
-------+-------+------------+-------
FAILED |     3 |          2 |      1
(1 row)
!ok

BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-05 00:00:00' TO TIMESTAMP '2026-01-07 00:00:00' WITH ('dry-run' = 'off');
backfill id
------------
<backfill 1>
(1 row)
!ok

CREATE WORKFLOW every_second SCHEDULE = EVERY INTERVAL '1' SECOND TASKS (a EXECUTE 'SELECT 1');
OK
!ok

BACKFILL WORKFLOW every_second FROM TIMESTAMP '2026-01-01 00:00:00' TO TIMESTAMP '2026-01-04 00:00:00';
org.apache.flink.table.api.ValidationException: the range holds more than 100000 intervals [BF-TOO-MANY]
Hint: Split it into several backfills.
!error BF-TOO-MANY 54000
