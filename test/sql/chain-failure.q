# A parent that fails: its readers are skipped and stale; when it recovers they are repaired.

SET 'table.dml-sync' = 'true';
OK
!ok

CREATE TABLE orders (ts timestamptz, amount int, share int);
OK
!ok

INSERT INTO orders VALUES ('2026-01-14 10:00Z', 1, 1), ('2026-01-15 10:00Z', 2, 1);
rows affected
-------------
            2
(1 row)
!ok

CREATE MATERIALIZED TABLE days PARTITIONED BY (ds) WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd', 'refresh.lookback' = '0')
FRESHNESS = INTERVAL '1' DAY AS SELECT to_char(ts, 'YYYY-MM-DD') AS ds, sum(amount / share) AS total FROM orders GROUP BY 1;
OK
!ok

CREATE MATERIALIZED TABLE report PARTITIONED BY (ds) WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd', 'refresh.lookback' = '0')
FRESHNESS = INTERVAL '1' DAY AS SELECT ds, total FROM days;
OK
!ok

!clock
workflow            | trigger | from                | to                  | status     | detail | partitions | rows
--------------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:days   | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +2 ~0 -0
public.table:report | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +2 ~0 -0
(2 rows)
!ok

UPDATE orders SET share = 0 WHERE ts > '2026-01-15';
rows affected
-------------
            1
(1 row)
!ok

!clock 2026-01-16 00:00
workflow            | trigger  | from                | to                  | status  | detail            | partitions    | rows
--------------------+----------+---------------------+---------------------+---------+-------------------+---------------+---------
public.table:days   | SCHEDULE | 2026-01-15 00:00:00 | 2026-01-16 00:00:00 | FAILED  | MT-REFRESH-FAILED | ds=2026-01-15 | +0 ~0 -0
public.table:report | SCHEDULE | 2026-01-15 00:00:00 | 2026-01-16 00:00:00 | SKIPPED | UPSTREAM_FAILED   |               | +0 ~0 -0
(2 rows)
!ok

SHOW PARTITIONS days;
partition name | state  | data timestamp      | rows | last run | reason
---------------+--------+---------------------+------+----------+------------------
ds=2026-01-14  | FRESH  | 2026-01-15T12:00:00 |    1 | <run 1>  | <NULL>
ds=2026-01-15  | FAILED | 2026-01-15T12:00:00 |    1 | <run 2>  | MT-REFRESH-FAILED
(2 rows)
!ok

SHOW PARTITIONS report;
partition name | state | data timestamp      | rows | last run | reason
---------------+-------+---------------------+------+----------+----------------
ds=2026-01-14  | FRESH | 2026-01-15T12:00:00 |    1 | <run 3>  | <NULL>
ds=2026-01-15  | STALE | 2026-01-15T12:00:00 |    1 | <run 3>  | UPSTREAM_FAILED
(2 rows)
!ok

UPDATE orders SET share = 2;
rows affected
-------------
            2
(1 row)
!ok

ALTER MATERIALIZED TABLE days REFRESH PARTITION (ds = '2026-01-15');
job id  | cluster info
--------+-----------------------------------------------------
<job 1> | {execution.target=sluice, workflow.instance=<job 1>}
(1 row)
!ok

!clock
workflow            | trigger | from                | to                  | status     | detail | partitions    | rows
--------------------+---------+---------------------+---------------------+------------+--------+---------------+---------
public.table:days   | MANUAL  | 2026-01-16 00:00:00 | 2026-01-16 00:00:00 | SUCCESSFUL |        | ds=2026-01-15 | +1 ~0 -1
public.table:report | REPAIR  | 2026-01-16 00:00:00 | 2026-01-16 00:00:00 | SUCCESSFUL |        | ds=2026-01-15 | +1 ~0 -1
(2 rows)
!ok

SHOW PARTITIONS report;
partition name | state | data timestamp      | rows | last run | reason
---------------+-------+---------------------+------+----------+-------
ds=2026-01-14  | FRESH | 2026-01-15T12:00:00 |    1 | <run 3>  | <NULL>
ds=2026-01-15  | FRESH | 2026-01-16T00:00:00 |    1 | <run 4>  | <NULL>
(2 rows)
!ok

SELECT * FROM report ORDER BY ds;
ds         | total
-----------+------
2026-01-14 |     1
2026-01-15 |     1
(2 rows)
!ok
