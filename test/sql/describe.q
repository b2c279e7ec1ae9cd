# DESCRIBE: six columns, or seven where a column has a comment; EXTENDED says how fresh a materialized table is.

CREATE TABLE orders (id bigint PRIMARY KEY, shop text, n numeric(10, 2), ok boolean, at timestamptz(3), tags text[], doc jsonb, twice numeric GENERATED ALWAYS AS (n * 2) STORED);

DESCRIBE orders;

COMMENT ON COLUMN orders.shop IS 'who sold it';

DESC orders;

CREATE VIEW v AS SELECT id FROM orders;

DESCRIBE v;

SET 'table.dml-sync' = 'true';

CREATE MATERIALIZED TABLE t (PRIMARY KEY (shop) NOT ENFORCED) FRESHNESS = INTERVAL '10' MINUTE AS SELECT shop, count(*) AS n FROM orders GROUP BY shop;

DESCRIBE t;

# The mode was inferred: it says why it is FULL.
DESCRIBE EXTENDED t;

DESCRIBE nope;

DESCRIBE CATALOG test_catalog;

DESCRIBE DATABASE public;

DESCRIBE FUNCTION lower;

DESCRIBE FUNCTION nope;
