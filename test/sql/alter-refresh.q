# ALTER MATERIALIZED TABLE … REFRESH: a run in the queue, whose id is the job's; errors of specs and of runs.

CREATE TABLE o (shop text, ds text, amount int, divisor int);

INSERT INTO o VALUES ('a', '2026-01-13', 10, 1), ('b', '2026-01-14', 20, 2);

CREATE MATERIALIZED TABLE t PARTITIONED BY (ds) FRESHNESS = INTERVAL '1' DAY
AS SELECT shop, ds, amount / divisor AS part FROM o;

!clock

# It answers at once; the run is in SHOW JOBS under the same id.
ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = '2026-01-14');

!clock

SHOW JOBS;

ALTER MATERIALIZED TABLE t REFRESH;

!clock

# With dml-sync it waits, and fails with the run's error; the table stays as it was, and so do other partitions.
SET 'table.dml-sync' = 'true';

UPDATE o SET divisor = 0 WHERE shop = 'b';

ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = '2026-01-14');

ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = '2026-01-13');

SELECT * FROM t ORDER BY shop;

# Specs: unknown keys, values of another type, two values, nothing
ALTER MATERIALIZED TABLE t REFRESH PARTITION (nope = '1');

ALTER MATERIALIZED TABLE t REFRESH PARTITION (shop = 'a');

ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = 'x', ds = 'y');

ALTER MATERIALIZED TABLE t REFRESH PARTITION ();

# A value is a value, never SQL.
ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = 'x'' OR ''1''=''1');

SELECT * FROM t ORDER BY shop;

CREATE MATERIALIZED TABLE n PARTITIONED BY (amount) FRESHNESS = INTERVAL '1' DAY AS SELECT amount, shop FROM o;

ALTER MATERIALIZED TABLE n REFRESH PARTITION (amount = 'ten');

ALTER MATERIALIZED TABLE n REFRESH PARTITION (amount = 10);

# Options of the statement
ALTER MATERIALIZED TABLE t REFRESH WITH ('forced' = 'true');

# Other objects
ALTER MATERIALIZED TABLE o REFRESH;

ALTER MATERIALIZED TABLE nope REFRESH;
