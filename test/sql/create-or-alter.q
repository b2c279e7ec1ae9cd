# CREATE OR ALTER MATERIALIZED TABLE: declarative; what is the same stays, what cannot change is refused.

SET 'table.dml-sync' = 'true';
OK
!ok

CREATE TABLE orders (shop text, amount int, ds text);
OK
!ok

INSERT INTO orders VALUES ('a', 100, '2026-01-13'), ('b', 50, '2026-01-14');
rows affected
-------------
            2
(1 row)
!ok

CREATE OR ALTER MATERIALIZED TABLE m COMMENT 'one' FRESHNESS = INTERVAL '1' HOUR REFRESH_MODE = FULL
AS SELECT shop, count(*) AS cnt FROM orders GROUP BY shop;
OK
!ok

# The same again does nothing: no run is added.
CREATE OR ALTER MATERIALIZED TABLE m COMMENT 'one' FRESHNESS = INTERVAL '1' HOUR REFRESH_MODE = FULL
AS SELECT shop, count(*) AS cnt FROM orders GROUP BY shop;
OK
!ok

SELECT trigger, status FROM sluice.refresh_runs WHERE name = 'm' ORDER BY finished_at, trigger;
trigger | status
--------+-----------
INITIAL | SUCCESSFUL
(1 row)
!ok

# Comment, freshness and options are applied (Flink ignores the first two).
CREATE OR ALTER MATERIALIZED TABLE m COMMENT 'two' WITH ('retries' = '5') FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL
AS SELECT shop, count(*) AS cnt FROM orders GROUP BY shop;
OK
!ok

SHOW CREATE OR ALTER MATERIALIZED TABLE m;
CREATE OR ALTER MATERIALIZED TABLE `test_catalog`.`public`.`m` (
  `shop` STRING,
  `cnt` BIGINT NOT NULL
)
COMMENT 'two'
WITH (
  'retries' = '5'
)
START_MODE = FROM_BEGINNING
FRESHNESS = INTERVAL '1' DAY
REFRESH_MODE = FULL
AS SELECT shop, count(*) AS cnt FROM orders GROUP BY shop
!ok

# A column is appended; the old rows serve until the next refresh.
CREATE OR ALTER MATERIALIZED TABLE m FRESHNESS = INTERVAL '1' DAY
AS SELECT shop, count(*) AS cnt, sum(amount) AS total FROM orders GROUP BY shop;
OK
!ok

ALTER MATERIALIZED TABLE m REFRESH;
job id  | cluster info
--------+-----------------------------------------------------
<job 1> | {execution.target=sluice, workflow.instance=<job 1>}
(1 row)
!ok

SELECT * FROM m ORDER BY shop;
shop | cnt | total
-----+-----+------
a    |   1 |   100
b    |   1 |    50
(2 rows)
!ok

# Dropping, reordering, another mode, another partitioning, another key
CREATE OR ALTER MATERIALIZED TABLE m FRESHNESS = INTERVAL '1' DAY AS SELECT shop FROM orders;
org.apache.flink.table.api.ValidationException: Failed to modify query because drop column is unsupported. When modifying a query, you can only append new columns at the end of original schema. The original schema has 3 columns, but the newly derived schema from the query has 1 columns.
Message: the table has 3 columns, but the query yields 1
Hint: Columns can be appended at the end; WITH ('rebuild' = 'true') makes the table anew.
!error MT-EVOLVE-DROP 0A000

CREATE OR ALTER MATERIALIZED TABLE m FRESHNESS = INTERVAL '1' DAY
AS SELECT sum(amount) AS total, shop, count(*) AS cnt FROM orders GROUP BY shop;
OK
!ok

CREATE OR ALTER MATERIALIZED TABLE m FRESHNESS = INTERVAL '1' MINUTE REFRESH_MODE = CONTINUOUS
AS SELECT shop, count(*) AS cnt, sum(amount) AS total FROM orders GROUP BY shop;
org.apache.flink.table.api.ValidationException: REFRESH_MODE = CONTINUOUS is not available yet [MT-CONTINUOUS-NOT-YET]
Hint: Leave REFRESH_MODE out: the table is then refreshed in full at the freshness you declare.
!error MT-CONTINUOUS-NOT-YET 0A000

CREATE OR ALTER MATERIALIZED TABLE m PARTITIONED BY (shop) FRESHNESS = INTERVAL '1' DAY
AS SELECT shop, count(*) AS cnt, sum(amount) AS total FROM orders GROUP BY shop;
org.apache.flink.table.api.ValidationException: PARTITIONED BY differs from that of the table [MT-PART-CHANGE]
Hint: WITH ('rebuild' = 'true') makes the table anew.
!error MT-PART-CHANGE 0A000

CREATE OR ALTER MATERIALIZED TABLE m (PRIMARY KEY (shop) NOT ENFORCED) FRESHNESS = INTERVAL '1' DAY
AS SELECT shop, count(*) AS cnt, sum(amount) AS total FROM orders GROUP BY shop;
org.apache.flink.table.api.ValidationException: the primary key differs from that of the table [MT-EVOLVE-KEY]
Hint: WITH ('rebuild' = 'true') makes the table anew.
!error MT-EVOLVE-KEY 0A000

# Tables and views are not converted.
CREATE OR ALTER MATERIALIZED TABLE orders FRESHNESS = INTERVAL '1' DAY AS SELECT 1 AS a;
org.apache.flink.table.api.ValidationException: Table test_catalog.public.orders is not a materialized table. Only materialized table support create or alter operation.
Message: table "orders" is not a materialized table
!error MT-CONVERT-DISABLED 42809
