# CREATE OR ALTER MATERIALIZED TABLE: declarative; what is the same stays, what cannot change is refused.

SET 'table.dml-sync' = 'true';

CREATE TABLE orders (shop text, amount int, ds text);

INSERT INTO orders VALUES ('a', 100, '2026-01-13'), ('b', 50, '2026-01-14');

CREATE OR ALTER MATERIALIZED TABLE m COMMENT 'one' FRESHNESS = INTERVAL '1' HOUR REFRESH_MODE = FULL
AS SELECT shop, count(*) AS cnt FROM orders GROUP BY shop;

# The same again does nothing: no run is added.
CREATE OR ALTER MATERIALIZED TABLE m COMMENT 'one' FRESHNESS = INTERVAL '1' HOUR REFRESH_MODE = FULL
AS SELECT shop, count(*) AS cnt FROM orders GROUP BY shop;

SELECT trigger, status FROM sluice.refresh_runs WHERE name = 'm' ORDER BY finished_at, trigger;

# Comment, freshness and options are applied (Flink ignores the first two).
CREATE OR ALTER MATERIALIZED TABLE m COMMENT 'two' WITH ('retries' = '5') FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL
AS SELECT shop, count(*) AS cnt FROM orders GROUP BY shop;

SHOW CREATE OR ALTER MATERIALIZED TABLE m;

# A column is appended; the old rows serve until the next refresh.
CREATE OR ALTER MATERIALIZED TABLE m FRESHNESS = INTERVAL '1' DAY
AS SELECT shop, count(*) AS cnt, sum(amount) AS total FROM orders GROUP BY shop;

ALTER MATERIALIZED TABLE m REFRESH;

SELECT * FROM m ORDER BY shop;

# Dropping, reordering, another mode, another partitioning, another key
CREATE OR ALTER MATERIALIZED TABLE m FRESHNESS = INTERVAL '1' DAY AS SELECT shop FROM orders;

CREATE OR ALTER MATERIALIZED TABLE m FRESHNESS = INTERVAL '1' DAY
AS SELECT sum(amount) AS total, shop, count(*) AS cnt FROM orders GROUP BY shop;

CREATE OR ALTER MATERIALIZED TABLE m FRESHNESS = INTERVAL '1' MINUTE REFRESH_MODE = CONTINUOUS
AS SELECT shop, count(*) AS cnt, sum(amount) AS total FROM orders GROUP BY shop;

CREATE OR ALTER MATERIALIZED TABLE m PARTITIONED BY (shop) FRESHNESS = INTERVAL '1' DAY
AS SELECT shop, count(*) AS cnt, sum(amount) AS total FROM orders GROUP BY shop;

CREATE OR ALTER MATERIALIZED TABLE m (PRIMARY KEY (shop) NOT ENFORCED) FRESHNESS = INTERVAL '1' DAY
AS SELECT shop, count(*) AS cnt, sum(amount) AS total FROM orders GROUP BY shop;

# Tables and views are not converted.
CREATE OR ALTER MATERIALIZED TABLE orders FRESHNESS = INTERVAL '1' DAY AS SELECT 1 AS a;
