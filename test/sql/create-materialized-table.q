# CREATE MATERIALIZED TABLE: the definition, the storage and the first load.

SET 'table.dml-sync' = 'true';

CREATE TABLE orders (order_id bigint PRIMARY KEY, shop text, amount int NOT NULL, ts timestamptz NOT NULL);

INSERT INTO orders VALUES
  (1, 'a', 100, '2026-01-13 08:00Z'), (2, 'b', 50, '2026-01-13 09:00Z'),
  (3, 'a', 70, '2026-01-14 08:00Z'), (4, 'c', 30, '2026-01-14 22:00Z');

# The plainest form: the mode is inferred, everything else is a default.
CREATE MATERIALIZED TABLE shop_totals FRESHNESS = INTERVAL '1' HOUR
AS SELECT shop, count(*) AS cnt, sum(amount) AS total FROM orders GROUP BY shop;

SELECT * FROM shop_totals ORDER BY shop;

# Everything at once: column list with types, key, comment, partitions, options.
CREATE MATERIALIZED TABLE day_totals (
  ds STRING COMMENT 'day of the order',
  shop STRING,
  orders BIGINT,
  CONSTRAINT day_shop PRIMARY KEY (ds, shop) NOT ENFORCED
)
COMMENT 'orders by day and shop'
PARTITIONED BY (ds)
WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd', 'retries' = '1')
START_MODE = FROM_BEGINNING
FRESHNESS = INTERVAL '1' DAY
REFRESH_MODE = FULL
AS SELECT to_char(ts, 'YYYY-MM-DD') AS ds, shop, count(*) AS orders FROM orders GROUP BY 1, 2;

SELECT * FROM day_totals ORDER BY ds, shop;

SHOW PARTITIONS day_totals;

# Names in a list put the columns in order.
CREATE MATERIALIZED TABLE ordered (total, shop) FRESHNESS = INTERVAL '1' HOUR
AS SELECT shop, sum(amount) AS total FROM orders GROUP BY shop;

SELECT * FROM ordered ORDER BY shop;

# Where the ledger begins: nothing is built before.
CREATE MATERIALIZED TABLE from_now PARTITIONED BY (ds)
WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd')
START_MODE = FROM_NOW FRESHNESS = INTERVAL '1' DAY
AS SELECT to_char(ts, 'YYYY-MM-DD') AS ds, shop FROM orders;

SELECT count(*) AS n FROM from_now;

# Partitions of any type.
CREATE MATERIALIZED TABLE by_amount PARTITIONED BY (amount) FRESHNESS = INTERVAL '1' DAY
AS SELECT amount, shop FROM orders;

SHOW PARTITIONS by_amount;

# IF NOT EXISTS does nothing the second time; without it the name is taken.
CREATE MATERIALIZED TABLE IF NOT EXISTS shop_totals FRESHNESS = INTERVAL '1' HOUR AS SELECT 1 AS one;

CREATE MATERIALIZED TABLE shop_totals FRESHNESS = INTERVAL '1' HOUR AS SELECT 1 AS one;

SHOW MATERIALIZED TABLES;
