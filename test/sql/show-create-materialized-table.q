# SHOW CREATE MATERIALIZED TABLE: the text makes the same table again; the query is the user's own, or expanded.

CREATE TABLE o (shop text, ds text, amount numeric(10, 2), tags jsonb);
OK
!ok

CREATE MATERIALIZED TABLE t (
  ds STRING COMMENT 'it''s a day', shop STRING, amount DECIMAL(10, 2), tags JSONB,
  PRIMARY KEY (ds, shop) NOT ENFORCED
)
COMMENT 'all of it'
PARTITIONED BY (ds)
WITH ('my.password' = 'hidden', 'connector' = 'print')
START_MODE = FROM_NOW(INTERVAL '1' DAY)
FRESHNESS = INTERVAL '60' MINUTE
REFRESH_MODE = FULL
AS SELECT o.ds, /* kept */ o.shop,
          `amount`, tags
   FROM o;
org.apache.flink.table.api.ValidationException: option 'my.password' does not exist [MT-OPTION-UNKNOWN]
Hint: docs/reference has the list of options.
!error MT-OPTION-UNKNOWN 22023

SHOW CREATE MATERIALIZED TABLE t;
org.apache.flink.table.api.ValidationException: Could not execute SHOW CREATE MATERIALIZED TABLE test_catalog.public.t. Materialized table with identifier `test_catalog`.`public`.`t` does not exist.
Message: materialized table "public.t" does not exist
!error MT-NOTFOUND 42P01

SHOW CREATE MATERIALIZED TABLE t EXPANDED;
org.apache.flink.table.api.ValidationException: Could not execute SHOW CREATE MATERIALIZED TABLE test_catalog.public.t. Materialized table with identifier `test_catalog`.`public`.`t` does not exist.
Message: materialized table "public.t" does not exist
!error MT-NOTFOUND 42P01

SHOW CREATE OR ALTER MATERIALIZED TABLE t;
org.apache.flink.table.api.ValidationException: Could not execute SHOW CREATE MATERIALIZED TABLE test_catalog.public.t. Materialized table with identifier `test_catalog`.`public`.`t` does not exist.
Message: materialized table "public.t" does not exist
!error MT-NOTFOUND 42P01

# Defaults are printed as they were resolved.
CREATE MATERIALIZED TABLE d AS SELECT shop FROM o;
OK
!ok

SHOW CREATE MATERIALIZED TABLE d;
CREATE MATERIALIZED TABLE `test_catalog`.`public`.`d` (
  `shop` STRING
)
START_MODE = FROM_BEGINNING
FRESHNESS = INTERVAL '1' HOUR
REFRESH_MODE = FULL
AS SELECT shop FROM o
!ok

CREATE MATERIALIZED TABLE u REFRESH_MODE = FULL AS SELECT shop FROM o;
OK
!ok

SHOW CREATE MATERIALIZED TABLE u;
CREATE MATERIALIZED TABLE `test_catalog`.`public`.`u` (
  `shop` STRING
)
START_MODE = FROM_BEGINNING
FRESHNESS = INTERVAL '1' HOUR
REFRESH_MODE = FULL
AS SELECT shop FROM o
!ok
