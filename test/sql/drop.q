# DROP MATERIALIZED TABLE: storage, workflow and queued runs go; readers keep it unless CASCADE.

SET 'table.dml-sync' = 'true';

CREATE MATERIALIZED TABLE base FRESHNESS = INTERVAL '1' DAY AS SELECT 1 AS one;

CREATE MATERIALIZED TABLE child FRESHNESS = INTERVAL '1' DAY AS SELECT one FROM base;

CREATE VIEW look AS SELECT one FROM base;

DROP MATERIALIZED TABLE base;

DROP MATERIALIZED TABLE base CASCADE;

SHOW TABLES;

DROP MATERIALIZED TABLE base;

DROP MATERIALIZED TABLE IF EXISTS base;

CREATE TABLE plain (a int);

DROP MATERIALIZED TABLE plain;

DROP MATERIALIZED TABLE IF EXISTS plain;

# Nothing is left of its schedule.
SELECT count(*) AS workflows FROM sluice.workflows;

# The same name can be used again.
CREATE MATERIALIZED TABLE base FRESHNESS = INTERVAL '1' DAY AS SELECT 2 AS two;

SELECT * FROM base;

# Plain DDL does not reach it.
DROP TABLE base;

DROP TABLE IF EXISTS base;

ALTER TABLE base ADD COLUMN x int;

TRUNCATE base;

SELECT * FROM base;
