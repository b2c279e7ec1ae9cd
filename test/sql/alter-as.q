# ALTER MATERIALIZED TABLE … AS: the definition now, history only on request; columns are appended, nothing else.

SET 'table.dml-sync' = 'true';

CREATE TABLE o (shop text, ds text, amount int);

INSERT INTO o VALUES ('a', '2026-01-13', 10), ('b', '2026-01-14', 20);

CREATE MATERIALIZED TABLE t PARTITIONED BY (ds) FRESHNESS = INTERVAL '1' DAY AS SELECT ds, shop FROM o;

ALTER MATERIALIZED TABLE t AS SELECT ds, shop, amount FROM o;

# The old rows serve meanwhile; every partition is STALE.
SELECT * FROM t ORDER BY ds;

SELECT partition, state, reason FROM sluice.partitions WHERE name = 't' ORDER BY partition;

ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = '2026-01-13');

SELECT * FROM t ORDER BY ds;

# Rebuilt on request
ALTER MATERIALIZED TABLE t WITH ('rebuild' = 'true') AS SELECT ds, shop, amount * 2 AS amount FROM o;

SELECT * FROM t ORDER BY ds;

# Drop, rename, reorder, retype
ALTER MATERIALIZED TABLE t AS SELECT ds, shop FROM o;

ALTER MATERIALIZED TABLE t AS SELECT ds, shop AS store, amount FROM o;

ALTER MATERIALIZED TABLE t AS SELECT shop, ds, amount FROM o;

ALTER MATERIALIZED TABLE t AS SELECT ds, shop, amount::bigint AS amount FROM o;

ALTER MATERIALIZED TABLE t AS SELECT ds, shop, amount FROM t;

ALTER MATERIALIZED TABLE t AS SELECT ds, shop, amount FROM nowhere;

ALTER MATERIALIZED TABLE o AS SELECT 1 AS a;

ALTER MATERIALIZED TABLE nope AS SELECT 1 AS a;
