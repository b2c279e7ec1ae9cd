# ALTER MATERIALIZED TABLE … BACKFILL: partitions of a period computed again, only those that need it if asked for.

CREATE TABLE o (ds text, v int);

INSERT INTO o SELECT '2026-01-0' || d, d FROM generate_series(1, 5) d;

CREATE MATERIALIZED TABLE p PARTITIONED BY (ds) WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd') FRESHNESS = INTERVAL '1' DAY AS SELECT ds, sum(v) AS v FROM o GROUP BY ds;

!clock

UPDATE o SET v = v + 100;

ALTER MATERIALIZED TABLE p BACKFILL FROM '2026-01-02' TO '2026-01-04' WITH ('dry-run' = 'true');

EXPLAIN ALTER MATERIALIZED TABLE p BACKFILL FROM '2026-01-02' TO '2026-01-04' WITH ('reprocess' = 'missing');

ALTER MATERIALIZED TABLE p BACKFILL FROM '2026-01-02' TO '2026-01-04';

!clock

SELECT * FROM p ORDER BY ds;

SHOW BACKFILLS FROM p;

DESCRIBE BACKFILL '<backfill 1>';

# Nothing is missing: all intervals are skipped, and the backfill has succeeded.
ALTER MATERIALIZED TABLE p BACKFILL FROM DATE '2026-01-02' TO DATE '2026-01-04' WITH ('reprocess' = 'missing');

!clock

DESCRIBE BACKFILL '<backfill 2>';

SELECT status, total, successful, skipped FROM sluice.backfills ORDER BY created_at, status, skipped;

# The statement waits if the session says so.
SET 'table.dml-sync' = 'true';

ALTER MATERIALIZED TABLE p BACKFILL FROM '2026-01-01' TO '2026-01-06' WITH ('parallelism' = '3');

SELECT * FROM p ORDER BY ds;
