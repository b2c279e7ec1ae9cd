# Partitions: the ledger, NULL as a value, partitions that vanish, several keys.

SET 'table.dml-sync' = 'true';
OK
!ok

CREATE TABLE o (shop text, ds text, hh text, amount int);
OK
!ok

INSERT INTO o VALUES ('a', '2026-01-13', '00', 1), ('b', '2026-01-13', '01', 2), ('c', '2026-01-14', '00', 3), ('d', NULL, '00', 4);
rows affected
-------------
            4
(1 row)
!ok

CREATE MATERIALIZED TABLE p PARTITIONED BY (ds, hh) FRESHNESS = INTERVAL '1' DAY AS SELECT shop, amount, ds, hh FROM o;
OK
!ok

SHOW PARTITIONS p;
partition name      | state | data timestamp      | rows | last run | reason
--------------------+-------+---------------------+------+----------+-------
ds=2026-01-13/hh=00 | FRESH | 2026-01-15T12:00:00 |    1 | <run 1>  | <NULL>
ds=2026-01-13/hh=01 | FRESH | 2026-01-15T12:00:00 |    1 | <run 1>  | <NULL>
ds=2026-01-14/hh=00 | FRESH | 2026-01-15T12:00:00 |    1 | <run 1>  | <NULL>
ds=\N/hh=00         | FRESH | 2026-01-15T12:00:00 |    1 | <run 1>  | <NULL>
(4 rows)
!ok

SHOW PARTITIONS p PARTITION (ds = '2026-01-13');
partition name      | state | data timestamp      | rows | last run | reason
--------------------+-------+---------------------+------+----------+-------
ds=2026-01-13/hh=00 | FRESH | 2026-01-15T12:00:00 |    1 | <run 1>  | <NULL>
ds=2026-01-13/hh=01 | FRESH | 2026-01-15T12:00:00 |    1 | <run 1>  | <NULL>
(2 rows)
!ok

SHOW PARTITIONS p PARTITION (nope = '1');
org.apache.flink.table.api.ValidationException: "nope" is not a partition column [MT-SPEC-UNKNOWN]
Detail: The partition columns are ds, hh.
!error MT-SPEC-UNKNOWN 42703

# Rows change everywhere, one partition is refreshed: only its rows follow.
UPDATE o SET amount = amount + 10;
rows affected
-------------
            4
(1 row)
!ok

ALTER MATERIALIZED TABLE p REFRESH PARTITION (ds = '2026-01-13', hh = '00');
job id  | cluster info
--------+-----------------------------------------------------
<job 1> | {execution.target=sluice, workflow.instance=<job 1>}
(1 row)
!ok

SELECT * FROM p ORDER BY shop;
shop | amount | ds         | hh
-----+--------+------------+---
a    |     11 | 2026-01-13 | 00
b    |      2 | 2026-01-13 | 01
c    |      3 | 2026-01-14 | 00
d    |      4 | <NULL>     | 00
(4 rows)
!ok

# NULL is a partition like any other.
ALTER MATERIALIZED TABLE p REFRESH PARTITION (ds = NULL);
job id  | cluster info
--------+-----------------------------------------------------
<job 2> | {execution.target=sluice, workflow.instance=<job 2>}
(1 row)
!ok

SELECT * FROM p WHERE ds IS NULL;
shop | amount | ds     | hh
-----+--------+--------+---
d    |     14 | <NULL> | 00
(1 row)
!ok

# A partition whose rows are gone is emptied; a value that never was is FRESH with no rows.
DELETE FROM o WHERE shop = 'c';
rows affected
-------------
            1
(1 row)
!ok

ALTER MATERIALIZED TABLE p REFRESH PARTITION (ds = '2026-01-14');
job id  | cluster info
--------+-----------------------------------------------------
<job 3> | {execution.target=sluice, workflow.instance=<job 3>}
(1 row)
!ok

ALTER MATERIALIZED TABLE p REFRESH PARTITION (ds = '2030-01-01', hh = '00');
job id  | cluster info
--------+-----------------------------------------------------
<job 4> | {execution.target=sluice, workflow.instance=<job 4>}
(1 row)
!ok

SELECT * FROM p WHERE ds >= '2026-01-14';
shop | amount | ds | hh
-----+--------+----+---
(0 rows)
!ok

SHOW PARTITIONS p;
partition name      | state | data timestamp      | rows | last run | reason
--------------------+-------+---------------------+------+----------+-------
ds=2026-01-13/hh=00 | FRESH | 2026-01-15T12:00:00 |    1 | <run 2>  | <NULL>
ds=2026-01-13/hh=01 | FRESH | 2026-01-15T12:00:00 |    1 | <run 1>  | <NULL>
ds=2026-01-14/hh=00 | FRESH | 2026-01-15T12:00:00 |    0 | <run 3>  | <NULL>
ds=2030-01-01/hh=00 | FRESH | 2026-01-15T12:00:00 |    0 | <run 4>  | <NULL>
ds=\N/hh=00         | FRESH | 2026-01-15T12:00:00 |    1 | <run 5>  | <NULL>
(5 rows)
!ok

# The same ledger as a view, with the run that filled each partition.
SELECT partition, state, row_count FROM sluice.partitions WHERE name = 'p' ORDER BY partition;
partition           | state | row_count
--------------------+-------+----------
ds=2026-01-13/hh=00 | FRESH |         1
ds=2026-01-13/hh=01 | FRESH |         1
ds=2026-01-14/hh=00 | FRESH |         0
ds=2030-01-01/hh=00 | FRESH |         0
ds=\N/hh=00         | FRESH |         1
(5 rows)
!ok

# Without partitions there is nothing to show.
CREATE MATERIALIZED TABLE whole FRESHNESS = INTERVAL '1' DAY AS SELECT shop FROM o;
OK
!ok

SHOW PARTITIONS whole;
org.apache.flink.table.catalog.exceptions.TableNotPartitionedException: Table public.whole in catalog test_catalog is not partitioned.
Message: table "test_catalog.public.whole" is not partitioned
!error MT-NOT-PARTITIONED 42809

SHOW PARTITIONS o;
org.apache.flink.table.catalog.exceptions.TableNotPartitionedException: Table public.o in catalog test_catalog is not partitioned.
Message: table "test_catalog.public.o" is not partitioned
!error MT-NOT-PARTITIONED 42809
