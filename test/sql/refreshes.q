# SHOW REFRESHES: every run is a row with what it did.

SET 'table.dml-sync' = 'true';

CREATE TABLE o (k int, v int);

INSERT INTO o VALUES (1, 1), (2, 2), (3, 3);

CREATE MATERIALIZED TABLE t (PRIMARY KEY (k) NOT ENFORCED) FRESHNESS = INTERVAL '1' HOUR REFRESH_MODE = FULL AS SELECT k, 10 / v AS v FROM o;

INSERT INTO o VALUES (4, 4);

UPDATE o SET v = 5 WHERE k = 2;

DELETE FROM o WHERE k = 3;

!clock 2026-01-15 12:30

ALTER MATERIALIZED TABLE t REFRESH;

UPDATE o SET v = 0 WHERE k = 1;

!clock 2026-01-15 13:00

SELECT trigger, interval_start, interval_end, status, rows_inserted, rows_updated, rows_deleted, error_code, error
FROM sluice.refresh_runs WHERE name = 't' ORDER BY finished_at, trigger;

SHOW REFRESHES FROM t LIMIT 1;

SHOW REFRESHES FROM t WITH STATUS 'FAILED' LIMIT 1;

SHOW REFRESHES FROM nope;

SELECT * FROM t ORDER BY k;
