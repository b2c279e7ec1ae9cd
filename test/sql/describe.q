# DESCRIBE: six columns, or seven where a column has a comment; EXTENDED says how fresh a materialized table is.
# covers: G-56

CREATE TABLE orders (id bigint PRIMARY KEY, shop text, n numeric(10, 2), ok boolean, at timestamptz(3), tags text[], doc jsonb, twice numeric GENERATED ALWAYS AS (n * 2) STORED);
OK
!ok

DESCRIBE orders;
name  | type             | null  | key     | extras                | watermark
------+------------------+-------+---------+-----------------------+----------
id    | BIGINT           | FALSE | PRI(id) | <NULL>                | <NULL>
shop  | STRING           | TRUE  | <NULL>  | <NULL>                | <NULL>
n     | DECIMAL(10, 2)   | TRUE  | <NULL>  | <NULL>                | <NULL>
ok    | BOOLEAN          | TRUE  | <NULL>  | <NULL>                | <NULL>
at    | TIMESTAMP_LTZ(3) | TRUE  | <NULL>  | <NULL>                | <NULL>
tags  | ARRAY<STRING>    | TRUE  | <NULL>  | <NULL>                | <NULL>
doc   | jsonb            | TRUE  | <NULL>  | <NULL>                | <NULL>
twice | numeric          | TRUE  | <NULL>  | AS (n * (2)::numeric) | <NULL>
(8 rows)
!ok

COMMENT ON COLUMN orders.shop IS 'who sold it';
OK
!ok

DESC orders;
name  | type             | null  | key     | extras                | watermark | comment
------+------------------+-------+---------+-----------------------+-----------+------------
id    | BIGINT           | FALSE | PRI(id) | <NULL>                | <NULL>    | <NULL>
shop  | STRING           | TRUE  | <NULL>  | <NULL>                | <NULL>    | who sold it
n     | DECIMAL(10, 2)   | TRUE  | <NULL>  | <NULL>                | <NULL>    | <NULL>
ok    | BOOLEAN          | TRUE  | <NULL>  | <NULL>                | <NULL>    | <NULL>
at    | TIMESTAMP_LTZ(3) | TRUE  | <NULL>  | <NULL>                | <NULL>    | <NULL>
tags  | ARRAY<STRING>    | TRUE  | <NULL>  | <NULL>                | <NULL>    | <NULL>
doc   | jsonb            | TRUE  | <NULL>  | <NULL>                | <NULL>    | <NULL>
twice | numeric          | TRUE  | <NULL>  | AS (n * (2)::numeric) | <NULL>    | <NULL>
(8 rows)
!ok

CREATE VIEW v AS SELECT id FROM orders;
OK
!ok

DESCRIBE v;
name | type   | null | key    | extras | watermark
-----+--------+------+--------+--------+----------
id   | BIGINT | TRUE | <NULL> | <NULL> | <NULL>
(1 row)
!ok

SET 'table.dml-sync' = 'true';
OK
!ok

CREATE MATERIALIZED TABLE t (PRIMARY KEY (shop) NOT ENFORCED) FRESHNESS = INTERVAL '10' MINUTE AS SELECT shop, count(*) AS n FROM orders GROUP BY shop;
OK
!ok

DESCRIBE t;
name | type   | null  | key       | extras | watermark
-----+--------+-------+-----------+--------+----------
shop | STRING | FALSE | PRI(shop) | <NULL> | <NULL>
n    | BIGINT | FALSE | <NULL>    | <NULL> | <NULL>
(2 rows)
!ok

# The mode was inferred: it says why it is FULL.
DESCRIBE EXTENDED t;
name             | type                                                                                         | null   | key       | extras | watermark
-----------------+----------------------------------------------------------------------------------------------+--------+-----------+--------+----------
shop             | STRING                                                                                       | FALSE  | PRI(shop) | <NULL> | <NULL>
n                | BIGINT                                                                                       | FALSE  | <NULL>    | <NULL> | <NULL>
# status         | ACTIVATED                                                                                    | <NULL> | <NULL>    | <NULL> | <NULL>
# refresh mode   | FULL                                                                                         | <NULL> | <NULL>    | <NULL> | <NULL>
# requested mode | AUTOMATIC                                                                                    | <NULL> | <NULL>    | <NULL> | <NULL>
# mode reason    | CONTINUOUS_NOT_YET: CONTINUOUS was inferred, but this version of Sluice does not have it yet | <NULL> | <NULL>    | <NULL> | <NULL>
# freshness      | INTERVAL '10' MINUTE                                                                         | <NULL> | <NULL>    | <NULL> | <NULL>
# time zone      | UTC                                                                                          | <NULL> | <NULL>    | <NULL> | <NULL>
# start mode     | FROM_BEGINNING                                                                               | <NULL> | <NULL>    | <NULL> | <NULL>
# partitioned by | <NULL>                                                                                       | <NULL> | <NULL>    | <NULL> | <NULL>
# healthy        | true                                                                                         | <NULL> | <NULL>    | <NULL> | <NULL>
# data timestamp | 2026-01-15T12:00:00.000Z                                                                     | <NULL> | <NULL>    | <NULL> | <NULL>
# lag            | 00:00:00                                                                                     | <NULL> | <NULL>    | <NULL> | <NULL>
# next refresh   | 2026-01-15T12:10:00.000Z                                                                     | <NULL> | <NULL>    | <NULL> | <NULL>
# last refresh   | 2026-01-15T12:00:00.000Z                                                                     | <NULL> | <NULL>    | <NULL> | <NULL>
# last status    | SUCCESSFUL                                                                                   | <NULL> | <NULL>    | <NULL> | <NULL>
# last error     | <NULL>                                                                                       | <NULL> | <NULL>    | <NULL> | <NULL>
# rows           | 0                                                                                            | <NULL> | <NULL>    | <NULL> | <NULL>
# bytes          | 16384                                                                                        | <NULL> | <NULL>    | <NULL> | <NULL>
# owner          | tester                                                                                       | <NULL> | <NULL>    | <NULL> | <NULL>
# table id       | <id 1>                                                                                       | <NULL> | <NULL>    | <NULL> | <NULL>
# workflow id    | <id 2>                                                                                       | <NULL> | <NULL>    | <NULL> | <NULL>
(22 rows)
!ok

DESCRIBE nope;
org.apache.flink.table.api.ValidationException: Tables or views with the identifier 'test_catalog.public.nope' doesn't exist.
Message: table or view "test_catalog.public.nope" does not exist
!error GW-OBJECT-UNKNOWN 42P01

DESCRIBE CATALOG test_catalog;
info name | info value
----------+-------------
name      | test_catalog
type      | postgres
comment   |
(3 rows)
!ok

DESCRIBE DATABASE public;
info name | info value
----------+-----------------------
name      | public
comment   | standard public schema
(2 rows)
!ok

DESCRIBE FUNCTION lower;
info name | info value
----------+-----------------------------------
signature | lower(anymultirange) => anyelement
signature | lower(anyrange) => anyelement
signature | lower(text) => text
(3 rows)
!ok

DESCRIBE FUNCTION nope;
org.apache.flink.table.api.ValidationException: Function with the identifier 'nope' doesn't exist.
Message: function "nope" does not exist
!error GW-OBJECT-UNKNOWN 42P01
