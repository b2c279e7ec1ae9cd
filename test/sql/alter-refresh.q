# ALTER MATERIALIZED TABLE … REFRESH: a run in the queue, whose id is the job's; errors of specs and of runs.

CREATE TABLE o (shop text, ds text, amount int, divisor int);
OK
!ok

INSERT INTO o VALUES ('a', '2026-01-13', 10, 1), ('b', '2026-01-14', 20, 2);
rows affected
-------------
            2
(1 row)
!ok

CREATE MATERIALIZED TABLE t PARTITIONED BY (ds) FRESHNESS = INTERVAL '1' DAY
AS SELECT shop, ds, amount / divisor AS part FROM o;
OK
!ok

!clock
workflow       | trigger | from                | to                  | status     | detail | partitions | rows
---------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:t | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +2 ~0 -0
(1 row)
!ok

# It answers at once; the run is in SHOW JOBS under the same id.
ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = '2026-01-14');
job id  | cluster info
--------+-----------------------------------------------------
<job 1> | {execution.target=sluice, workflow.instance=<job 1>}
(1 row)
!ok

!clock
workflow       | trigger | from                | to                  | status     | detail | partitions    | rows
---------------+---------+---------------------+---------------------+------------+--------+---------------+---------
public.table:t | MANUAL  | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        | ds=2026-01-14 | +0 ~0 -0
(1 row)
!ok

SHOW JOBS;
job id  | job name                                                            | status   | start time
--------+---------------------------------------------------------------------+----------+--------------------
<job 1> | Materialized_table_`test_catalog`.`public`.`t`_one_time_refresh_job | FINISHED | 2026-01-15T12:00:00
<job 2> | Materialized_table_`test_catalog`.`public`.`t`_one_time_refresh_job | FINISHED | 2026-01-15T12:00:00
(2 rows)
!ok

ALTER MATERIALIZED TABLE t REFRESH;
job id  | cluster info
--------+-----------------------------------------------------
<job 3> | {execution.target=sluice, workflow.instance=<job 3>}
(1 row)
!ok

!clock
workflow       | trigger | from                | to                  | status     | detail | partitions | rows
---------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:t | MANUAL  | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +0 ~0 -0
(1 row)
!ok

# With dml-sync it waits, and fails with the run's error; the table stays as it was, and so do other partitions.
SET 'table.dml-sync' = 'true';
OK
!ok

UPDATE o SET divisor = 0 WHERE shop = 'b';
rows affected
-------------
            1
(1 row)
!ok

ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = '2026-01-14');
org.apache.flink.table.api.ValidationException: division by zero (SQLSTATE 22012) [MT-REFRESH-FAILED]
Detail: Run <id 1> ended with this error; the table is as it was before.
!error MT-REFRESH-FAILED XX000

ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = '2026-01-13');
job id  | cluster info
--------+-----------------------------------------------------
<job 4> | {execution.target=sluice, workflow.instance=<job 4>}
(1 row)
!ok

SELECT * FROM t ORDER BY shop;
shop | ds         | part
-----+------------+-----
a    | 2026-01-13 |   10
b    | 2026-01-14 |   10
(2 rows)
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
org.apache.flink.table.api.ValidationException: partition column "ds" is given two values [MT-SPEC-VALUE]
Position: 57
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
<job 5> | {execution.target=sluice, workflow.instance=<job 5>}
(1 row)
!ok

SELECT * FROM t ORDER BY shop;
shop | ds         | part
-----+------------+-----
a    | 2026-01-13 |   10
b    | 2026-01-14 |   10
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
<job 6> | {execution.target=sluice, workflow.instance=<job 6>}
(1 row)
!ok

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
