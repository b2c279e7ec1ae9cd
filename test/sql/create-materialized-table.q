# CREATE MATERIALIZED TABLE: the definition, the storage and the first load.

SET 'table.dml-sync' = 'true';
OK
!ok

CREATE TABLE orders (order_id bigint PRIMARY KEY, shop text, amount int NOT NULL, ts timestamptz NOT NULL);
OK
!ok

INSERT INTO orders VALUES
  (1, 'a', 100, '2026-01-13 08:00Z'), (2, 'b', 50, '2026-01-13 09:00Z'),
  (3, 'a', 70, '2026-01-14 08:00Z'), (4, 'c', 30, '2026-01-14 22:00Z');
rows affected
-------------
            4
(1 row)
!ok

# The plainest form: the mode is inferred, everything else is a default.
CREATE MATERIALIZED TABLE shop_totals FRESHNESS = INTERVAL '1' HOUR
AS SELECT shop, count(*) AS cnt, sum(amount) AS total FROM orders GROUP BY shop;
OK
!ok

SELECT * FROM shop_totals ORDER BY shop;
shop | cnt | total
-----+-----+------
a    |   2 |   170
b    |   1 |    50
c    |   1 |    30
(3 rows)
!ok

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
OK
!ok

SELECT * FROM day_totals ORDER BY ds, shop;
ds         | shop | orders
-----------+------+-------
2026-01-13 | a    |      1
2026-01-13 | b    |      1
2026-01-14 | a    |      1
2026-01-14 | c    |      1
(4 rows)
!ok

SHOW PARTITIONS day_totals;
partition name | state | data timestamp      | rows | last run | reason
---------------+-------+---------------------+------+----------+-------
ds=2026-01-13  | FRESH | 2026-01-15T12:00:00 |    2 | <run 1>  | <NULL>
ds=2026-01-14  | FRESH | 2026-01-15T12:00:00 |    2 | <run 1>  | <NULL>
(2 rows)
!ok

# Names in a list put the columns in order.
CREATE MATERIALIZED TABLE ordered (total, shop) FRESHNESS = INTERVAL '1' HOUR
AS SELECT shop, sum(amount) AS total FROM orders GROUP BY shop;
OK
!ok

SELECT * FROM ordered ORDER BY shop;
total | shop
------+-----
  170 | a
   50 | b
   30 | c
(3 rows)
!ok

# Where the ledger begins: nothing is built before.
CREATE MATERIALIZED TABLE from_now PARTITIONED BY (ds)
WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd')
START_MODE = FROM_NOW FRESHNESS = INTERVAL '1' DAY
AS SELECT to_char(ts, 'YYYY-MM-DD') AS ds, shop FROM orders;
OK
!ok

SELECT count(*) AS n FROM from_now;
n
-
0
(1 row)
!ok

# Partitions of any type.
CREATE MATERIALIZED TABLE by_amount PARTITIONED BY (amount) FRESHNESS = INTERVAL '1' DAY
AS SELECT amount, shop FROM orders;
OK
!ok

SHOW PARTITIONS by_amount;
partition name | state | data timestamp      | rows | last run | reason
---------------+-------+---------------------+------+----------+-------
amount=100     | FRESH | 2026-01-15T12:00:00 |    1 | <run 2>  | <NULL>
amount=30      | FRESH | 2026-01-15T12:00:00 |    1 | <run 2>  | <NULL>
amount=50      | FRESH | 2026-01-15T12:00:00 |    1 | <run 2>  | <NULL>
amount=70      | FRESH | 2026-01-15T12:00:00 |    1 | <run 2>  | <NULL>
(4 rows)
!ok

# IF NOT EXISTS does nothing the second time; without it the name is taken.
CREATE MATERIALIZED TABLE IF NOT EXISTS shop_totals FRESHNESS = INTERVAL '1' HOUR AS SELECT 1 AS one;
OK
WARNING: materialized table "shop_totals" exists already, skipping
!ok

CREATE MATERIALIZED TABLE shop_totals FRESHNESS = INTERVAL '1' HOUR AS SELECT 1 AS one;
org.apache.flink.table.catalog.exceptions.TableAlreadyExistException: Table (or view) public.shop_totals already exists in Catalog test_catalog.
Message: materialized table "shop_totals" exists already
!error MT-EXISTS 42P07

SHOW MATERIALIZED TABLES;
materialized table
------------------
by_amount
day_totals
from_now
ordered
shop_totals
(5 rows)
!ok
