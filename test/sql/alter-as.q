# ALTER MATERIALIZED TABLE … AS: the definition now, history only on request; columns are appended, nothing else.

SET 'table.dml-sync' = 'true';
OK
!ok

CREATE TABLE o (shop text, ds text, amount int);
OK
!ok

INSERT INTO o VALUES ('a', '2026-01-13', 10), ('b', '2026-01-14', 20);
rows affected
-------------
            2
(1 row)
!ok

CREATE MATERIALIZED TABLE t PARTITIONED BY (ds) FRESHNESS = INTERVAL '1' DAY AS SELECT ds, shop FROM o;
OK
!ok

ALTER MATERIALIZED TABLE t AS SELECT ds, shop, amount FROM o;
OK
!ok

# The old rows serve meanwhile; every partition is STALE.
SELECT * FROM t ORDER BY ds;
ds         | shop | amount
-----------+------+-------
2026-01-13 | a    | <NULL>
2026-01-14 | b    | <NULL>
(2 rows)
!ok

SELECT partition, state, reason FROM sluice.partitions WHERE name = 't' ORDER BY partition;
partition     | state | reason
--------------+-------+--------------
ds=2026-01-13 | STALE | QUERY_CHANGED
ds=2026-01-14 | STALE | QUERY_CHANGED
(2 rows)
!ok

ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = '2026-01-13');
job id  | cluster info
--------+-----------------------------------------------------
<job 1> | {execution.target=sluice, workflow.instance=<job 1>}
(1 row)
!ok

SELECT * FROM t ORDER BY ds;
ds         | shop | amount
-----------+------+-------
2026-01-13 | a    |     10
2026-01-14 | b    | <NULL>
(2 rows)
!ok

# Rebuilt on request
ALTER MATERIALIZED TABLE t WITH ('rebuild' = 'true') AS SELECT ds, shop, amount * 2 AS amount FROM o;
OK
!ok

SELECT * FROM t ORDER BY ds;
ds         | shop | amount
-----------+------+-------
2026-01-13 | a    |     20
2026-01-14 | b    |     40
(2 rows)
!ok

# Drop, rename, reorder, retype
ALTER MATERIALIZED TABLE t AS SELECT ds, shop FROM o;
org.apache.flink.table.api.ValidationException: Failed to modify query because drop column is unsupported. When modifying a query, you can only append new columns at the end of original schema. The original schema has 3 columns, but the newly derived schema from the query has 2 columns.
Message: the table has 3 columns, but the query yields 2
Hint: Columns can be appended at the end; WITH ('rebuild' = 'true') makes the table anew.
!error MT-EVOLVE-DROP 0A000

ALTER MATERIALIZED TABLE t AS SELECT ds, shop AS store, amount FROM o;
org.apache.flink.table.api.ValidationException: When modifying the query of a materialized table, currently only support appending columns at the end of original schema, dropping, renaming, and reordering columns are not supported.
Column mismatch at position 2: Original column is [`shop` STRING], but new column is [`store` STRING].
Message: column 2 of the table is "shop" of type text, but of the query "store" of type text
Hint: Columns can be appended at the end; WITH ('rebuild' = 'true') makes the table anew.
!error MT-EVOLVE-MISMATCH 0A000

ALTER MATERIALIZED TABLE t AS SELECT shop, ds, amount FROM o;
OK
!ok

ALTER MATERIALIZED TABLE t AS SELECT ds, shop, amount::bigint AS amount FROM o;
org.apache.flink.table.api.ValidationException: When modifying the query of a materialized table, currently only support appending columns at the end of original schema, dropping, renaming, and reordering columns are not supported.
Column mismatch at position 3: Original column is [`amount` INT], but new column is [`amount` BIGINT].
Message: column 3 of the table is "amount" of type integer, but of the query "amount" of type bigint
Hint: Columns can be appended at the end; WITH ('rebuild' = 'true') makes the table anew.
!error MT-EVOLVE-MISMATCH 0A000

ALTER MATERIALIZED TABLE t AS SELECT ds, shop, amount FROM t;
org.apache.flink.table.api.ValidationException: the query reads public.t itself [MT-SELF-REFERENCE]
!error MT-SELF-REFERENCE 42P19

ALTER MATERIALIZED TABLE t AS SELECT ds, shop, amount FROM nowhere;
org.apache.flink.table.api.ValidationException: relation "nowhere" does not exist at line 1, column 60 [GW-POSTGRES]
SQLSTATE: 42P01
!error GW-POSTGRES 42P01

ALTER MATERIALIZED TABLE o AS SELECT 1 AS a;
org.apache.flink.table.api.ValidationException: ALTER MATERIALIZED TABLE for a table is not allowed
Message: table "o" is not a materialized table
!error MT-ALTER-ON-TABLE 42809

ALTER MATERIALIZED TABLE nope AS SELECT 1 AS a;
org.apache.flink.table.api.ValidationException: Materialized table `test_catalog`.`public`.`nope` doesn't exist.
Message: materialized table "public.nope" does not exist
!error MT-NOTFOUND 42P01
