# Errors of PostgreSQL: SQLSTATE, detail, hint, and the position in the user's own text.

SELECT nope FROM nowhere;

SELECT 'ä' AS umlaut, nope;

SELEC 1;

SELECT 1 / 0;

CREATE TABLE t (a int PRIMARY KEY);

INSERT INTO t VALUES (1), (1);

INSERT INTO t VALUES (NULL);

SELECT `no such column` FROM t;

SELECT 1; SELECT 2;

# A failed transaction says so until it ends.
BEGIN;

SELECT 1 / 0;

SELECT 1;

ROLLBACK;

SELECT 1 AS fine;

# Rows of a materialized table are written by refreshes alone.
SET 'table.dml-sync' = 'true';

CREATE MATERIALIZED TABLE m FRESHNESS = INTERVAL '1' DAY AS SELECT 1 AS a;

INSERT INTO m VALUES (2);

UPDATE m SET a = 2;

DELETE FROM m;

SELECT * FROM m;
