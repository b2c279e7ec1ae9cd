# Jobs: each run of a table's workflow, by its id.

CREATE TABLE o (a int, slow boolean);

INSERT INTO o VALUES (1, false);

CREATE MATERIALIZED TABLE t FRESHNESS = INTERVAL '1' HOUR REFRESH_MODE = FULL
AS SELECT a, CASE WHEN slow THEN pg_sleep(600)::text END AS s FROM o;

!clock

SHOW JOBS;

!clock 2026-01-15 13:00

SHOW JOBS;

DESCRIBE JOB 'ffffffffffffffffffffffffffffffff';

STOP JOB 'ffffffffffffffffffffffffffffffff';

STOP JOB 'ffffffffffffffffffffffffffffffff' WITH SAVEPOINT;

DESCRIBE JOB '<job 1>';

STOP JOB '<job 1>';

# A run that takes ten minutes is ended at once; the table is as before.
UPDATE o SET slow = true;

ALTER MATERIALIZED TABLE t REFRESH;

STOP JOB '<job 3>';

!clock

DESCRIBE JOB '<job 3>';

SELECT a, s FROM t;
