# Chains: a table that reads another waits for it at each slot; the lag counts from the base tables.
# covers: A-05

SET 'table.dml-sync' = 'true';
OK
!ok

CREATE TABLE orders (shop text, ts timestamptz, amount int);
OK
!ok

INSERT INTO orders VALUES ('a', '2026-01-14 10:00Z', 1), ('b', '2026-01-15 10:00Z', 2);
rows affected
-------------
            2
(1 row)
!ok

CREATE MATERIALIZED TABLE days PARTITIONED BY (ds) WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd')
FRESHNESS = INTERVAL '1' DAY AS SELECT to_char(ts, 'YYYY-MM-DD') AS ds, sum(amount) AS total FROM orders GROUP BY 1;
OK
!ok

CREATE MATERIALIZED TABLE report PARTITIONED BY (ds) WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd')
FRESHNESS = INTERVAL '1' DAY AS SELECT ds, total * 10 AS total FROM days;
OK
!ok

CREATE MATERIALIZED TABLE grand FRESHNESS = INTERVAL '1' DAY AS SELECT sum(total) AS total FROM report;
OK
!ok

!clock
workflow            | trigger | from                | to                  | status     | detail | partitions | rows
--------------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:days   | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +2 ~0 -0
public.table:grand  | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +1 ~0 -0
public.table:report | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +2 ~0 -0
(3 rows)
!ok

SELECT * FROM grand;
total
-----
   30
(1 row)
!ok

INSERT INTO orders VALUES ('c', '2026-01-15 23:00Z', 5);
rows affected
-------------
            1
(1 row)
!ok

# One midnight, three tables, each after what it reads.
!clock 2026-01-16 00:00
workflow            | trigger  | from                | to                  | status     | detail | partitions                  | rows
--------------------+----------+---------------------+---------------------+------------+--------+-----------------------------+---------
public.table:days   | SCHEDULE | 2026-01-15 00:00:00 | 2026-01-16 00:00:00 | SUCCESSFUL |        | ds=2026-01-14 ds=2026-01-15 | +1 ~0 -1
public.table:grand  | SCHEDULE | 2026-01-15 00:00:00 | 2026-01-16 00:00:00 | SUCCESSFUL |        |                             | +1 ~0 -1
public.table:report | SCHEDULE | 2026-01-15 00:00:00 | 2026-01-16 00:00:00 | SUCCESSFUL |        | ds=2026-01-14 ds=2026-01-15 | +1 ~0 -1
(3 rows)
!ok

SELECT * FROM grand;
total
-----
   80
(1 row)
!ok

!clock 2026-01-16 06:00
workflow | trigger | from | to | status | detail | partitions | rows
---------+---------+------+----+--------+--------+------------+-----
(0 rows)
!ok

SELECT name, lag::text, root_timestamp = data_timestamp AS at_root, healthy FROM sluice.materialized_tables ORDER BY name;
name   | lag      | at_root | healthy
-------+----------+---------+--------
days   | 06:00:00 | TRUE    | TRUE
grand  | 06:00:00 | TRUE    | TRUE
report | 06:00:00 | TRUE    | TRUE
(3 rows)
!ok

# A parent whose freshness is no divisor: accepted, with a warning.
CREATE MATERIALIZED TABLE odd WITH ('upstream.wait' = 'false') FRESHNESS = INTERVAL '36' HOUR AS SELECT count(*) AS n FROM days;
OK
WARNING: FRESHNESS is no multiple of that of "days", which is INTERVAL '1' DAY
!ok

SHOW CREATE MATERIALIZED TABLE odd;
CREATE MATERIALIZED TABLE `test_catalog`.`public`.`odd` (
  `n` BIGINT NOT NULL
)
WITH (
  'upstream.wait' = 'false'
)
START_MODE = FROM_BEGINNING
FRESHNESS = INTERVAL '36' HOUR
REFRESH_MODE = FULL
AS SELECT count(*) AS n FROM days
!ok

ALTER MATERIALIZED TABLE odd SET ('upstream.wait.timeout' = 'soon');
org.apache.flink.table.api.ValidationException: value "soon" of option 'upstream.wait.timeout' cannot be used [MT-OPTION-VALUE]
Detail: Expected a duration such as '30 s', '10 min' or '1 h'.
!error MT-OPTION-VALUE 22023

ALTER MATERIALIZED TABLE odd SET ('upstream.wait' = 'maybe');
org.apache.flink.table.api.ValidationException: value "maybe" of option 'upstream.wait' cannot be used [MT-OPTION-VALUE]
Detail: Expected true or false.
!error MT-OPTION-VALUE 22023
