# ALTER MATERIALIZED TABLE … REFRESH: what is refused at the statement, and values that are only values.

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

CREATE MATERIALIZED TABLE t PARTITIONED BY (ds) FRESHNESS = INTERVAL '1' DAY AS SELECT shop, ds, amount FROM o;
OK
!ok

# Specs: unknown keys, values of another type, two values, nothing
ALTER MATERIALIZED TABLE t REFRESH PARTITION (nope = '1');
org.apache.flink.table.api.ValidationException: The partition spec contains unknown partition keys:
.
nope
.
All known partition keys are:
.
ds
Message: "nope" is no partition column
Detail: The partition columns are ds.
!error MT-SPEC-UNKNOWN 42703

ALTER MATERIALIZED TABLE t REFRESH PARTITION (shop = 'a');
org.apache.flink.table.api.ValidationException: The partition spec contains unknown partition keys:
.
shop
.
All known partition keys are:
.
ds
Message: "shop" is no partition column
Detail: The partition columns are ds.
!error MT-SPEC-UNKNOWN 42703

ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = 'x', ds = 'y');
org.apache.flink.table.api.ValidationException: partition column "ds" is given two values at line 1, column 57 [MT-SPEC-VALUE]
Detail: A partition spec is a conjunction: no row can have both.
!error MT-SPEC-VALUE 22P02

ALTER MATERIALIZED TABLE t REFRESH PARTITION ();
org.apache.flink.sql.parser.impl.ParseException: Encountered ")" at line 1, column 47.
Message: syntax error at or near ")"
Detail: Line 1, column 47:
  ALTER MATERIALIZED TABLE t REFRESH PARTITION ()
                                                ^
Expected a name.
!error GW-SYNTAX 42601

# A value is a value, never SQL.
ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = 'x'' OR ''1''=''1');
job id  | cluster info
--------+-----------------------------------------------------
<job 1> | {execution.target=sluice, workflow.instance=<job 1>}
(1 row)
!ok

SELECT * FROM t ORDER BY shop;
shop | ds         | amount
-----+------------+-------
a    | 2026-01-13 |     10
b    | 2026-01-14 |     20
(2 rows)
!ok

CREATE MATERIALIZED TABLE n PARTITIONED BY (amount) FRESHNESS = INTERVAL '1' DAY AS SELECT amount, shop FROM o;
OK
!ok

ALTER MATERIALIZED TABLE n REFRESH PARTITION (amount = 'ten');
org.apache.flink.table.api.ValidationException: "ten" is no value of partition column "amount" of type integer [MT-SPEC-VALUE]
!error MT-SPEC-VALUE 22P02

ALTER MATERIALIZED TABLE n REFRESH PARTITION (amount = 10);
job id  | cluster info
--------+-----------------------------------------------------
<job 2> | {execution.target=sluice, workflow.instance=<job 2>}
(1 row)
!ok

# Strict tables take partitions of text alone, as Flink does.
CREATE MATERIALIZED TABLE s PARTITIONED BY (amount) WITH ('flink-strict' = 'true') FRESHNESS = INTERVAL '1' DAY AS SELECT amount, shop FROM o;
OK
!ok

ALTER MATERIALIZED TABLE s REFRESH PARTITION (amount = 10);
org.apache.flink.table.api.ValidationException: Currently, refreshing materialized table only supports referring to char, varchar and string type partition keys. All specified partition keys in partition specs with unsupported types are:
.
amount
Message: partition column "amount" is not of a text type
Hint: Without flink-strict partition columns can have any type.
!error MT-SPEC-NONSTRING 42804

# A query whose partitions depend on each other is refreshed whole.
CREATE MATERIALIZED TABLE w PARTITIONED BY (ds) FRESHNESS = INTERVAL '1' DAY
AS SELECT ds, sum(amount) OVER (ORDER BY ds) AS so_far FROM o;
OK
!ok

ALTER MATERIALIZED TABLE w REFRESH PARTITION (ds = '2026-01-14');
org.apache.flink.table.api.ValidationException: materialized table "w" can only be refreshed whole [MT-PARTITION-NOT-LOCAL]
Detail: The rows of one partition depend on others: a window function looks across partitions [WINDOW].
Hint: REFRESH without PARTITION refreshes it.
!error MT-PARTITION-NOT-LOCAL 0A000

# Options of the statement
ALTER MATERIALIZED TABLE t REFRESH WITH ('forced' = 'true');
org.apache.flink.table.api.ValidationException: option 'forced' does not exist [MT-OPTION-UNKNOWN]
Hint: Did you mean 'force'?
!error MT-OPTION-UNKNOWN 22023

# Other objects
ALTER MATERIALIZED TABLE o REFRESH;
org.apache.flink.table.api.ValidationException: Table `test_catalog`.`public`.`o` is not a materialized table, does not support materialized table related operation.
Message: table "o" is not a materialized table
!error MT-NOT-MT 42809

ALTER MATERIALIZED TABLE nope REFRESH;
org.apache.flink.table.api.ValidationException: Cannot find table '`test_catalog`.`public`.`nope`' in any of the catalogs [test_catalog], nor as a temporary table.
Message: materialized table "public.nope" does not exist
!error MT-NOTFOUND 42P01
