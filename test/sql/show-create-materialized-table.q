# SHOW CREATE MATERIALIZED TABLE: the text makes the same table again; the query is the user's own, or expanded.

CREATE TABLE o (shop text, ds text, amount numeric(10, 2), tags jsonb);

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

SHOW CREATE MATERIALIZED TABLE t;

SHOW CREATE MATERIALIZED TABLE t EXPANDED;

SHOW CREATE OR ALTER MATERIALIZED TABLE t;

# Defaults are printed as they were resolved.
CREATE MATERIALIZED TABLE d AS SELECT shop FROM o;

SHOW CREATE MATERIALIZED TABLE d;

CREATE MATERIALIZED TABLE u REFRESH_MODE = FULL AS SELECT shop FROM o;

SHOW CREATE MATERIALIZED TABLE u;
