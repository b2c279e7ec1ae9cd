# SUSPEND and RESUME: the schedule stops and goes on; what a user starts still works; what was missed is not replayed.
# covers: G-05, G-17

CREATE TABLE o (shop text);
OK
!ok

INSERT INTO o VALUES ('a');
rows affected
-------------
            1
(1 row)
!ok

CREATE MATERIALIZED TABLE t FRESHNESS = INTERVAL '1' HOUR REFRESH_MODE = FULL AS SELECT shop FROM o;
OK
!ok

!clock
workflow       | trigger | from                | to                  | status     | detail | partitions | rows
---------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:t | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +1 ~0 -0
(1 row)
!ok

ALTER MATERIALIZED TABLE t SUSPEND;
OK
!ok

ALTER MATERIALIZED TABLE t SUSPEND;
org.apache.flink.table.gateway.service.utils.SqlExecutionException: Materialized table `test_catalog`.`public`.`t` refresh workflow has been suspended.
Message: materialized table "t" is suspended already
!error MT-STATE-SUSPENDED 55000

INSERT INTO o VALUES ('b');
rows affected
-------------
            1
(1 row)
!ok

# Three slots go by: nothing runs.
!clock 2026-01-15 15:10
workflow | trigger | from | to | status | detail | partitions | rows
---------+---------+------+----+--------+--------+------------+-----
(0 rows)
!ok

ALTER MATERIALIZED TABLE t REFRESH;
job id  | cluster info
--------+-----------------------------------------------------
<job 1> | {execution.target=sluice, workflow.instance=<job 1>}
(1 row)
!ok

!clock
workflow       | trigger | from                | to                  | status     | detail | partitions | rows
---------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:t | MANUAL  | 2026-01-15 15:10:00 | 2026-01-15 15:10:00 | SUCCESSFUL |        |            | +1 ~0 -0
(1 row)
!ok

SELECT * FROM t ORDER BY shop;
shop
----
a
b
(2 rows)
!ok

ALTER MATERIALIZED TABLE t RESUME WITH ('retries' = '7');
OK
!ok

ALTER MATERIALIZED TABLE t RESUME;
org.apache.flink.table.gateway.service.utils.SqlExecutionException: Materialized table `test_catalog`.`public`.`t` refresh workflow has been resumed.
Message: materialized table "t" is active already
!error MT-STATE-ACTIVE 55000

ALTER MATERIALIZED TABLE t RESUME WITH ('retries' = '8');
org.apache.flink.table.gateway.service.utils.SqlExecutionException: Materialized table `test_catalog`.`public`.`t` refresh workflow has been resumed.
Message: materialized table "t" is active already
!error MT-STATE-ACTIVE 55000

# The options of RESUME are stored and shown.
SHOW CREATE MATERIALIZED TABLE t;
CREATE MATERIALIZED TABLE `test_catalog`.`public`.`t` (
  `shop` STRING
)
WITH (
  'retries' = '7'
)
START_MODE = FROM_BEGINNING
FRESHNESS = INTERVAL '1' HOUR
REFRESH_MODE = FULL
AS SELECT shop FROM o
!ok

INSERT INTO o VALUES ('c');
rows affected
-------------
            1
(1 row)
!ok

!clock 2026-01-15 16:05
workflow       | trigger  | from                | to                  | status     | detail | partitions | rows
---------------+----------+---------------------+---------------------+------------+--------+------------+---------
public.table:t | SCHEDULE | 2026-01-15 15:00:00 | 2026-01-15 16:00:00 | SUCCESSFUL |        |            | +1 ~0 -0
(1 row)
!ok

SELECT * FROM t ORDER BY shop;
shop
----
a
b
c
(3 rows)
!ok

ALTER MATERIALIZED TABLE o SUSPEND;
org.apache.flink.table.api.ValidationException: Table `test_catalog`.`public`.`o` is not a materialized table, does not support materialized table related operation.
Message: table "o" is not a materialized table
!error MT-NOT-MT 42809

ALTER MATERIALIZED TABLE nope RESUME;
org.apache.flink.table.api.ValidationException: Cannot find table '`test_catalog`.`public`.`nope`' in any of the catalogs [test_catalog], nor as a temporary table.
Message: materialized table "public.nope" does not exist
!error MT-NOTFOUND 42P01

ALTER MATERIALIZED TABLE t SUSPEND WITH ('cancle' = 'true');
org.apache.flink.table.api.ValidationException: option 'cancle' does not exist [MT-OPTION-UNKNOWN]
Hint: Did you mean 'cancel'?
!error MT-OPTION-UNKNOWN 22023
