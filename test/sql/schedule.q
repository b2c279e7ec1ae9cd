# The schedule: slots become runs, each about its interval; missed slots are one row; DST does not lose an hour.
# covers: G-05

CREATE TABLE o (shop text, ts timestamptz);
OK
!ok

INSERT INTO o VALUES ('a', '2026-01-14 10:00Z'), ('b', '2026-01-15 10:00Z');
rows affected
-------------
            2
(1 row)
!ok

CREATE MATERIALIZED TABLE daily PARTITIONED BY (ds) WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd')
FRESHNESS = INTERVAL '1' DAY AS SELECT to_char(ts, 'YYYY-MM-DD') AS ds, shop FROM o;
OK
!ok

!clock
workflow           | trigger | from                | to                  | status     | detail | partitions | rows
-------------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:daily | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +2 ~0 -0
(1 row)
!ok

SELECT * FROM daily ORDER BY ds;
ds         | shop
-----------+-----
2026-01-14 | a
2026-01-15 | b
(2 rows)
!ok

INSERT INTO o VALUES ('c', '2026-01-15 23:00Z');
rows affected
-------------
            1
(1 row)
!ok

# Nothing before its time.
!clock 2026-01-15 23:59:59
workflow | trigger | from | to | status | detail | partitions | rows
---------+---------+------+----+--------+--------+------------+-----
(0 rows)
!ok

!clock 2026-01-16 00:00
workflow           | trigger  | from                | to                  | status     | detail | partitions                  | rows
-------------------+----------+---------------------+---------------------+------------+--------+-----------------------------+---------
public.table:daily | SCHEDULE | 2026-01-15 00:00:00 | 2026-01-16 00:00:00 | SUCCESSFUL |        | ds=2026-01-14 ds=2026-01-15 | +1 ~0 -0
(1 row)
!ok

SELECT * FROM daily ORDER BY ds, shop;
ds         | shop
-----------+-----
2026-01-14 | a
2026-01-15 | b
2026-01-15 | c
(3 rows)
!ok

# Three days go by at once: `last` runs the newest slot, the missed ones are one row.
INSERT INTO o VALUES ('d', '2026-01-16 10:00Z'), ('e', '2026-01-18 10:00Z');
rows affected
-------------
            2
(1 row)
!ok

!clock 2026-01-19 00:00:30
workflow           | trigger  | from                | to                  | status     | detail | partitions                  | rows
-------------------+----------+---------------------+---------------------+------------+--------+-----------------------------+---------
public.table:daily | SCHEDULE | 2026-01-16 00:00:00 | 2026-01-18 00:00:00 | SKIPPED    | MISSED |                             |
public.table:daily | SCHEDULE | 2026-01-18 00:00:00 | 2026-01-19 00:00:00 | SUCCESSFUL |        | ds=2026-01-17 ds=2026-01-18 | +1 ~0 -0
public.table:daily | REPAIR   | 2026-01-19 00:00:30 | 2026-01-19 00:00:30 | SUCCESSFUL |        | ds=2026-01-16               | +1 ~0 -0
(3 rows)
!ok

SELECT trigger, interval_start, interval_end, status, detail FROM sluice.workflow_instances
WHERE workflow = 'table:daily' ORDER BY interval_end, trigger;
trigger  | interval_start             | interval_end               | status     | detail
---------+----------------------------+----------------------------+------------+-------
INITIAL  | 2026-01-15 12:00:00.000000 | 2026-01-15 12:00:00.000000 | SUCCESSFUL | <NULL>
SCHEDULE | 2026-01-15 00:00:00.000000 | 2026-01-16 00:00:00.000000 | SUCCESSFUL | <NULL>
SCHEDULE | 2026-01-16 00:00:00.000000 | 2026-01-18 00:00:00.000000 | SKIPPED    | MISSED
SCHEDULE | 2026-01-18 00:00:00.000000 | 2026-01-19 00:00:00.000000 | SUCCESSFUL | <NULL>
REPAIR   | 2026-01-19 00:00:30.000000 | 2026-01-19 00:00:30.000000 | SUCCESSFUL | <NULL>
(5 rows)
!ok

SELECT * FROM daily ORDER BY ds, shop;
ds         | shop
-----------+-----
2026-01-14 | a
2026-01-15 | b
2026-01-15 | c
2026-01-16 | d
2026-01-18 | e
(5 rows)
!ok

SHOW PARTITIONS daily;
partition name | state | data timestamp      | rows | last run | reason
---------------+-------+---------------------+------+----------+-------
ds=2026-01-14  | FRESH | 2026-01-16T00:00:00 |    1 | <run 1>  | <NULL>
ds=2026-01-15  | FRESH | 2026-01-16T00:00:00 |    2 | <run 1>  | <NULL>
ds=2026-01-16  | FRESH | 2026-01-19T00:00:30 |    1 | <run 2>  | <NULL>
ds=2026-01-17  | FRESH | 2026-01-19T00:00:30 |    0 | <run 3>  | <NULL>
ds=2026-01-18  | FRESH | 2026-01-19T00:00:30 |    1 | <run 3>  | <NULL>
(5 rows)
!ok
