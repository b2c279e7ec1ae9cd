# BACKFILL WORKFLOW: one run an interval, in order; planned first, paused, resumed, canceled.

CREATE TABLE days (day text, biz text);

CREATE WORKFLOW w SCHEDULE = CRON '0 0 2 ? * *' VARIABLES ('day' = 'yyyy-MM-dd') TASKS (
  a EXECUTE 'INSERT INTO days VALUES (''${day}'', ''${system.biz.date}'')');

BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-01 00:00:00' TO TIMESTAMP '2026-01-06 00:00:00' WITH ('dry-run' = 'true');

BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-01 00:00:00' TO TIMESTAMP '2026-01-06 00:00:00';

!clock

SELECT * FROM days ORDER BY 1;

SHOW BACKFILLS;

DESCRIBE BACKFILL '<backfill 1>';

# The other way round, with a variable of its own.
BACKFILL WORKFLOW w FROM TIMESTAMP '2026-01-07 00:00:00' TO TIMESTAMP '2026-01-09 00:00:00' VARIABLES ('day' = 'again') WITH ('order' = 'descending', 'parallelism' = '2');

!clock

SELECT * FROM days WHERE day = 'again' ORDER BY biz;

ALTER BACKFILL '<backfill 2>' CANCEL;

ALTER BACKFILL '<backfill 2>' RETRY FAILED;

SHOW BACKFILLS FROM w;
