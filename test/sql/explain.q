# EXPLAIN: the plan that would run, and nothing is written; of a query, PostgreSQL's plan.

CREATE TABLE o (shop text, amount int, ts timestamptz);

EXPLAIN CREATE MATERIALIZED TABLE t PARTITIONED BY (ds) WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd')
FRESHNESS = INTERVAL '1' DAY AS SELECT to_char(ts, 'YYYY-MM-DD') AS ds, shop, amount FROM o;

SHOW MATERIALIZED TABLES;

SET 'table.dml-sync' = 'true';

CREATE MATERIALIZED TABLE t PARTITIONED BY (ds) WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd')
FRESHNESS = INTERVAL '1' DAY AS SELECT to_char(ts, 'YYYY-MM-DD') AS ds, shop, amount FROM o;

EXPLAIN ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = '2026-01-14');

EXPLAIN ALTER MATERIALIZED TABLE t REFRESH;

EXPLAIN MATERIALIZED TABLE t;

EXPLAIN ALTER MATERIALIZED TABLE t AS SELECT to_char(ts, 'YYYY-MM-DD') AS ds, shop, amount, 1 AS one FROM o;

EXPLAIN ALTER MATERIALIZED TABLE t SUSPEND;

EXPLAIN (COSTS OFF) SELECT shop FROM o WHERE amount = 1;

EXPLAIN SELECT nope FROM o;
