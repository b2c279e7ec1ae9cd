# What a slot computes, when and whether: strategies, delay, condition; a first load that is waited for.

CREATE TABLE orders (d date, amount int);
OK
!ok

CREATE TABLE ready (ok boolean);
OK
!ok

INSERT INTO orders VALUES ('2026-01-13', 1), ('2026-01-14', 2), ('2026-01-15', 3);
rows affected
-------------
            3
(1 row)
!ok

CREATE MATERIALIZED TABLE newest PARTITIONED BY (d) WITH ('initial' = 'block', 'refresh.partition.strategy' = 'latest') FRESHNESS = INTERVAL '1' DAY AS SELECT d, amount FROM orders;
OK
!ok

SELECT count(*) AS n FROM newest;
n
-
3
(1 row)
!ok

CREATE MATERIALIZED TABLE broken WITH ('initial' = 'block') FRESHNESS = INTERVAL '1' DAY AS SELECT 1 / (amount - 2) AS n FROM orders;
org.apache.flink.table.api.ValidationException: division by zero (SQLSTATE 22012) [MT-REFRESH-FAILED]
Detail: Run <id 1> ended with this error; the table is as it was before.
!error MT-REFRESH-FAILED XX000

SHOW MATERIALIZED TABLES;
materialized table
------------------
newest
(1 row)
!ok

CREATE MATERIALIZED TABLE waits WITH ('initial' = 'block', 'refresh.delay' = '2 h', 'refresh.condition' = 'SELECT ok FROM ready') FRESHNESS = INTERVAL '1' DAY AS SELECT count(*) AS n FROM orders;
OK
!ok

CREATE MATERIALIZED TABLE wrong WITH ('refresh.condition' = 'SELECT nothing FROM ready') FRESHNESS = INTERVAL '1' DAY AS SELECT count(*) AS n FROM orders;
org.apache.flink.table.api.ValidationException: 'refresh.condition' cannot be used: column "nothing" does not exist [MT-OPTION-VALUE]
Detail: Expected one query; names are looked up in the database of the table.
!error MT-OPTION-VALUE 22023

ALTER MATERIALIZED TABLE newest SET ('refresh.partition.strategy' = 'oldest');
org.apache.flink.table.api.ValidationException: value "oldest" of option 'refresh.partition.strategy' cannot be used [MT-OPTION-VALUE]
Detail: Expected one of stale, incremental, interval, latest, all.
!error MT-OPTION-VALUE 22023

ALTER MATERIALIZED TABLE newest SET ('notify.on' = 'never');
org.apache.flink.table.api.ValidationException: value "never" of option 'notify.on' cannot be used [MT-OPTION-VALUE]
Detail: Expected one of startup, success, failure, freshness, both, all, or several with commas.
!error MT-OPTION-VALUE 22023

!clock 2026-01-16 00:00
workflow            | trigger  | from                | to                  | status     | detail            | partitions   | rows
--------------------+----------+---------------------+---------------------+------------+-------------------+--------------+---------
public.table:broken | INITIAL  | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | FAILED     | MT-REFRESH-FAILED |              | +0 ~0 -0
public.table:newest | INITIAL  | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |                   |              | +3 ~0 -0
public.table:newest | SCHEDULE | 2026-01-15 00:00:00 | 2026-01-16 00:00:00 | SUCCESSFUL |                   | d=2026-01-15 | +0 ~0 -0
public.table:waits  | INITIAL  | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |                   |              | +1 ~0 -0
(4 rows)
!ok

!clock 2026-01-16 02:00
workflow           | trigger  | from                | to                  | status  | detail    | partitions | rows
-------------------+----------+---------------------+---------------------+---------+-----------+------------+---------
public.table:waits | SCHEDULE | 2026-01-15 00:00:00 | 2026-01-16 00:00:00 | SKIPPED | CONDITION |            | +0 ~0 -0
(1 row)
!ok

INSERT INTO ready VALUES (true);
rows affected
-------------
            1
(1 row)
!ok

ALTER MATERIALIZED TABLE waits REFRESH;
job id  | cluster info
--------+-----------------------------------------------------
<job 1> | {execution.target=sluice, workflow.instance=<job 1>}
(1 row)
!ok

!clock
workflow           | trigger | from                | to                  | status     | detail | partitions | rows
-------------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:waits | MANUAL  | 2026-01-16 02:00:00 | 2026-01-16 02:00:00 | SUCCESSFUL |        |            | +0 ~0 -0
(1 row)
!ok

ALTER MATERIALIZED TABLE newest SET ('refresh.partition.strategy' = 'all');
OK
!ok

!clock 2026-01-17 00:00
workflow            | trigger  | from                | to                  | status     | detail | partitions | rows
--------------------+----------+---------------------+---------------------+------------+--------+------------+---------
public.table:newest | SCHEDULE | 2026-01-16 00:00:00 | 2026-01-17 00:00:00 | SUCCESSFUL |        |            | +0 ~0 -0
(1 row)
!ok

SHOW CREATE MATERIALIZED TABLE waits;
CREATE MATERIALIZED TABLE `test_catalog`.`public`.`waits` (
  `n` BIGINT NOT NULL
)
WITH (
  'refresh.condition' = 'SELECT ok FROM ready',
  'refresh.delay' = '2 h'
)
START_MODE = FROM_BEGINNING
FRESHNESS = INTERVAL '1' DAY
REFRESH_MODE = FULL
AS SELECT count(*) AS n FROM orders
!ok
