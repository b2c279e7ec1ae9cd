# CREATE MATERIALIZED TABLE: clauses that are refused: partitions, options, what has no meaning on PostgreSQL.

CREATE TABLE orders (order_id bigint, shop text, amount int, ds text, ts timestamptz);
OK
!ok

# Partitions
CREATE MATERIALIZED TABLE e PARTITIONED BY (day) FRESHNESS = INTERVAL '1' DAY AS SELECT shop, ds FROM orders;
org.apache.flink.table.api.ValidationException: Partition column 'day' not defined in the query's schema. Available columns: ['shop', 'ds'].
Message: partition column "day" is not a column of the query
Detail: Its columns are "shop", "ds".
!error MT-PART-NOTINQUERY 42703

CREATE MATERIALIZED TABLE e PARTITIONED BY (ds, ds) FRESHNESS = INTERVAL '1' DAY AS SELECT shop, ds FROM orders;
org.apache.flink.table.api.ValidationException: partition column "ds" is named twice [MT-PART-DUPLICATE]
!error MT-PART-DUPLICATE 42701

CREATE MATERIALIZED TABLE e PARTITIONED BY (ds) WITH ('partition.fields.shop.date-formatter' = 'yyyy') FRESHNESS = INTERVAL '1' DAY AS SELECT shop, ds FROM orders;
org.apache.flink.table.api.ValidationException: Column 'shop' referenced by materialized table option 'partition.fields.shop.date-formatter' isn't a partition column. Available partition columns: ['ds'].
Message: column "shop" of option 'partition.fields.shop.date-formatter' is no partition column
!error MT-PART-FMT-NOTPART 22023

CREATE MATERIALIZED TABLE e PARTITIONED BY (amount) WITH ('partition.fields.amount.date-formatter' = 'yyyy') FRESHNESS = INTERVAL '1' DAY AS SELECT amount FROM orders;
org.apache.flink.table.api.ValidationException: Materialized table option 'partition.fields.amount.date-formatter' only supports referring to char, varchar and string type partition column. Column `amount` type is INT.
Message: a date formatter is for a text column, but "amount" is of type integer
Hint: Date and timestamp columns need none.
!error MT-PART-FMT-NOTSTRING 22023

CREATE MATERIALIZED TABLE e PARTITIONED BY (ds) WITH ('partition.fields.ds.date-formatter' = 'not-a-pattern') FRESHNESS = INTERVAL '1' DAY AS SELECT ds FROM orders;
org.apache.flink.table.api.ValidationException: date formatter "not-a-pattern" of partition column "ds" cannot be used [MT-PART-FMT-PATTERN]
Detail: Fractions of a second are not possible.
Hint: Patterns are Java's, for example yyyy-MM-dd, yyyyMMdd or HH.
!error MT-PART-FMT-PATTERN 22023

CREATE MATERIALIZED TABLE e PARTITIONED BY (ds) WITH ('partition.fields.ds.grain' = 'fortnight') FRESHNESS = INTERVAL '1' DAY AS SELECT ts::date AS ds FROM orders;
org.apache.flink.table.api.ValidationException: grain "fortnight" of partition column "ds" does not exist [MT-PART-GRAIN]
Detail: Expected one of year, quarter, month, week, day, hour, minute, second.
!error MT-PART-GRAIN 22023

# Options
CREATE MATERIALIZED TABLE e WITH ('retrys' = '1') FRESHNESS = INTERVAL '1' DAY AS SELECT ds FROM orders;
org.apache.flink.table.api.ValidationException: option 'retrys' does not exist [MT-OPTION-UNKNOWN]
Hint: Did you mean 'retries'?
!error MT-OPTION-UNKNOWN 22023

CREATE MATERIALIZED TABLE e WITH ('retries' = 'many') FRESHNESS = INTERVAL '1' DAY AS SELECT ds FROM orders;
org.apache.flink.table.api.ValidationException: value "many" of option 'retries' cannot be used [MT-OPTION-VALUE]
Detail: Expected a whole number, 0 or more.
!error MT-OPTION-VALUE 22023

# What has no meaning on PostgreSQL
CREATE MATERIALIZED TABLE e DISTRIBUTED BY HASH (shop) INTO 4 BUCKETS FRESHNESS = INTERVAL '1' DAY AS SELECT shop FROM orders;
java.lang.UnsupportedOperationException: DISTRIBUTED is not supported [GW-NOT-SUPPORTED]
Detail: A table of PostgreSQL has no buckets.
!error GW-NOT-SUPPORTED 0A000

CREATE MATERIALIZED TABLE e (shop STRING, twice AS shop || shop) FRESHNESS = INTERVAL '1' DAY AS SELECT shop FROM orders;
java.lang.UnsupportedOperationException: a computed column is not supported [GW-NOT-SUPPORTED]
Detail: A materialized table stores what its query yields.
Hint: Put the expression into the query.
!error GW-NOT-SUPPORTED 0A000

CREATE MATERIALIZED TABLE e (shop STRING, m STRING METADATA) FRESHNESS = INTERVAL '1' DAY AS SELECT shop FROM orders;
java.lang.UnsupportedOperationException: a METADATA column is not supported [GW-NOT-SUPPORTED]
Detail: Tables of PostgreSQL have no connector that could supply metadata.
Hint: Put the expression into the query.
!error GW-NOT-SUPPORTED 0A000

CREATE MATERIALIZED TABLE e (shop STRING, WATERMARK FOR shop AS shop) FRESHNESS = INTERVAL '1' DAY AS SELECT shop FROM orders;
java.lang.UnsupportedOperationException: WATERMARK is not supported [GW-NOT-SUPPORTED]
Detail: PostgreSQL has no event time of its own.
!error GW-NOT-SUPPORTED 0A000

# CONTINUOUS is not there yet
CREATE MATERIALIZED TABLE e FRESHNESS = INTERVAL '1' MINUTE REFRESH_MODE = CONTINUOUS AS SELECT shop FROM orders;
org.apache.flink.table.api.ValidationException: REFRESH_MODE = CONTINUOUS is not available yet [MT-CONTINUOUS-NOT-YET]
Hint: Leave REFRESH_MODE out: the table is then refreshed in full at the freshness you declare.
!error MT-CONTINUOUS-NOT-YET 0A000

SHOW TABLES;
table name
----------
orders
(1 row)
!ok
