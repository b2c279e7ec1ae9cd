# Only what reads a changed partition becomes stale, and the next slot repairs it.

SET 'table.dml-sync' = 'true';
OK
!ok

CREATE TABLE orders (d date, shop text, amount int);
OK
!ok

INSERT INTO orders VALUES ('2026-01-12', 'a', 1), ('2026-01-13', 'a', 2), ('2026-01-14', 'b', 3);
rows affected
-------------
            3
(1 row)
!ok

CREATE MATERIALIZED TABLE days PARTITIONED BY (d) FRESHNESS = INTERVAL '1' DAY AS SELECT d, shop, amount FROM orders;
OK
!ok

CREATE MATERIALIZED TABLE same PARTITIONED BY (d) FRESHNESS = INTERVAL '1' DAY AS SELECT d, sum(amount) AS total FROM days GROUP BY d;
OK
!ok

CREATE MATERIALIZED TABLE shops PARTITIONED BY (shop) FRESHNESS = INTERVAL '1' DAY AS SELECT shop, sum(amount) AS total FROM days GROUP BY shop;
OK
!ok

# Nothing changed: nothing is stale.
ALTER MATERIALIZED TABLE days REFRESH;
job id  | cluster info
--------+-----------------------------------------------------
<job 1> | {execution.target=sluice, workflow.instance=<job 1>}
(1 row)
!ok

SHOW PARTITIONS same;
partition name | state | data timestamp      | rows | last run | reason
---------------+-------+---------------------+------+----------+-------
d=2026-01-12   | FRESH | 2026-01-15T12:00:00 |    1 | <run 1>  | <NULL>
d=2026-01-13   | FRESH | 2026-01-15T12:00:00 |    1 | <run 1>  | <NULL>
d=2026-01-14   | FRESH | 2026-01-15T12:00:00 |    1 | <run 1>  | <NULL>
(3 rows)
!ok

UPDATE orders SET amount = amount + 10 WHERE d = '2026-01-12';
rows affected
-------------
            1
(1 row)
!ok

ALTER MATERIALIZED TABLE days REFRESH PARTITION (d = '2026-01-12');
job id  | cluster info
--------+-----------------------------------------------------
<job 2> | {execution.target=sluice, workflow.instance=<job 2>}
(1 row)
!ok

SHOW PARTITIONS same;
partition name | state | data timestamp      | rows | last run | reason
---------------+-------+---------------------+------+----------+-----------------
d=2026-01-12   | STALE | 2026-01-15T12:00:00 |    1 | <run 1>  | UPSTREAM_CHANGED
d=2026-01-13   | FRESH | 2026-01-15T12:00:00 |    1 | <run 1>  | <NULL>
d=2026-01-14   | FRESH | 2026-01-15T12:00:00 |    1 | <run 1>  | <NULL>
(3 rows)
!ok

SHOW PARTITIONS shops;
partition name | state | data timestamp      | rows | last run | reason
---------------+-------+---------------------+------+----------+-----------------
shop=a         | STALE | 2026-01-15T12:00:00 |    1 | <run 2>  | UPSTREAM_CHANGED
shop=b         | STALE | 2026-01-15T12:00:00 |    1 | <run 2>  | UPSTREAM_CHANGED
(2 rows)
!ok

!clock 2026-01-16 00:00
workflow           | trigger  | from                | to                  | status     | detail | partitions                | rows
-------------------+----------+---------------------+---------------------+------------+--------+---------------------------+---------
public.table:days  | INITIAL  | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |                           | +3 ~0 -0
public.table:days  | MANUAL   | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        | d=2026-01-12              | +1 ~0 -1
public.table:days  | MANUAL   | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |                           | +0 ~0 -0
public.table:days  | SCHEDULE | 2026-01-15 00:00:00 | 2026-01-16 00:00:00 | SUCCESSFUL |        | d=2026-01-14 d=2026-01-15 | +0 ~0 -0
public.table:same  | INITIAL  | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |                           | +3 ~0 -0
public.table:same  | REPAIR   | 2026-01-16 00:00:00 | 2026-01-16 00:00:00 | SUCCESSFUL |        | d=2026-01-12              | +1 ~0 -1
public.table:same  | SCHEDULE | 2026-01-15 00:00:00 | 2026-01-16 00:00:00 | SUCCESSFUL |        | d=2026-01-14 d=2026-01-15 | +0 ~0 -0
public.table:shops | INITIAL  | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |                           | +2 ~0 -0
public.table:shops | SCHEDULE | 2026-01-15 00:00:00 | 2026-01-16 00:00:00 | SUCCESSFUL |        |                           | +1 ~0 -1
(9 rows)
!ok

SELECT * FROM same ORDER BY d;
d          | total
-----------+------
2026-01-12 |    11
2026-01-13 |     2
2026-01-14 |     3
(3 rows)
!ok

SHOW PARTITIONS shops;
partition name | state | data timestamp      | rows | last run | reason
---------------+-------+---------------------+------+----------+-------
shop=a         | FRESH | 2026-01-16T00:00:00 |    1 | <run 3>  | <NULL>
shop=b         | FRESH | 2026-01-16T00:00:00 |    1 | <run 3>  | <NULL>
(2 rows)
!ok
