# SHOW CREATE MATERIALIZED TABLE: the text makes the same table again; the query is the user's own, or expanded.
# covers: G-43, G-57

CREATE TABLE o (shop text, ds text, amount numeric(10, 2), tags jsonb);
OK
!ok

CREATE TABLE p (ds text);
OK
!ok

CREATE MATERIALIZED TABLE t (
  ds STRING COMMENT 'it''s a day', shop STRING, amount DECIMAL(10, 2), tags JSONB,
  PRIMARY KEY (ds, shop) NOT ENFORCED
)
COMMENT 'all of it'
PARTITIONED BY (ds)
WITH ('tag.password' = 'hidden', 'connector' = 'print')
START_MODE = FROM_NOW(INTERVAL '1' DAY)
FRESHNESS = INTERVAL '60' MINUTE
REFRESH_MODE = FULL
AS SELECT o.ds, /* kept */ o.shop,
          `amount`, tags
   FROM o JOIN p ON p.ds = o.ds;
OK
WARNING: option 'connector' is stored, but has no meaning on PostgreSQL
!ok

SHOW CREATE MATERIALIZED TABLE t;
CREATE MATERIALIZED TABLE `test_catalog`.`public`.`t` (
  `ds` STRING NOT NULL COMMENT 'it''s a day',
  `shop` STRING NOT NULL,
  `amount` DECIMAL(10, 2),
  `tags` jsonb,
  CONSTRAINT `PK_ds_shop` PRIMARY KEY (`ds`, `shop`) NOT ENFORCED
)
COMMENT 'all of it'
PARTITIONED BY (`ds`)
WITH (
  'connector' = 'print',
  'tag.password' = '******'
)
START_MODE = FROM_NOW(INTERVAL '1' DAY)
FRESHNESS = INTERVAL '60' MINUTE
REFRESH_MODE = FULL
AS SELECT o.ds, /* kept */ o.shop,
          "amount", tags
   FROM o JOIN p ON p.ds = o.ds
!ok

SHOW CREATE MATERIALIZED TABLE t EXPANDED;
CREATE MATERIALIZED TABLE `test_catalog`.`public`.`t` (
  `ds` STRING NOT NULL COMMENT 'it''s a day',
  `shop` STRING NOT NULL,
  `amount` DECIMAL(10, 2),
  `tags` jsonb,
  CONSTRAINT `PK_ds_shop` PRIMARY KEY (`ds`, `shop`) NOT ENFORCED
)
COMMENT 'all of it'
PARTITIONED BY (`ds`)
WITH (
  'connector' = 'print',
  'tag.password' = '******'
)
START_MODE = FROM_NOW(INTERVAL '1' DAY)
FRESHNESS = INTERVAL '60' MINUTE
REFRESH_MODE = FULL
AS SELECT o.ds,
    o.shop,
    o.amount,
    o.tags
   FROM (public.o
     JOIN public.p ON ((p.ds = o.ds)))
!ok

SHOW CREATE OR ALTER MATERIALIZED TABLE t;
CREATE OR ALTER MATERIALIZED TABLE `test_catalog`.`public`.`t` (
  `ds` STRING NOT NULL COMMENT 'it''s a day',
  `shop` STRING NOT NULL,
  `amount` DECIMAL(10, 2),
  `tags` jsonb,
  CONSTRAINT `PK_ds_shop` PRIMARY KEY (`ds`, `shop`) NOT ENFORCED
)
COMMENT 'all of it'
PARTITIONED BY (`ds`)
WITH (
  'connector' = 'print',
  'tag.password' = '******'
)
START_MODE = FROM_NOW(INTERVAL '1' DAY)
FRESHNESS = INTERVAL '60' MINUTE
REFRESH_MODE = FULL
AS SELECT o.ds, /* kept */ o.shop,
          "amount", tags
   FROM o JOIN p ON p.ds = o.ds
!ok

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
