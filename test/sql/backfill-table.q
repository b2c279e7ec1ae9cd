# ALTER MATERIALIZED TABLE … BACKFILL: partitions of a period computed again, only those that need it if asked for.
# covers: A-11

CREATE TABLE o (ds text, v int);
OK
!ok

INSERT INTO o SELECT '2026-01-0' || d, d FROM generate_series(1, 5) d;
rows affected
-------------
            5
(1 row)
!ok

CREATE MATERIALIZED TABLE p PARTITIONED BY (ds) WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd') FRESHNESS = INTERVAL '1' DAY AS SELECT ds, sum(v) AS v FROM o GROUP BY ds;
OK
!ok

!clock
workflow       | trigger | from                | to                  | status     | detail | partitions | rows
---------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:p | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +5 ~0 -0
(1 row)
!ok

UPDATE o SET v = v + 100;
rows affected
-------------
            5
(1 row)
!ok

ALTER MATERIALIZED TABLE p BACKFILL FROM '2026-01-02' TO '2026-01-04' WITH ('dry-run' = 'true');
ordinal | interval_start      | interval_end        | partition     | reason | estimated_rows | estimated_ms
--------+---------------------+---------------------+---------------+--------+----------------+-------------
      0 | 2026-01-02T00:00:00 | 2026-01-03T00:00:00 | ds=2026-01-02 | <NULL> |              1 |            0
      1 | 2026-01-03T00:00:00 | 2026-01-04T00:00:00 | ds=2026-01-03 | <NULL> |              1 |            0
(2 rows)
!ok

EXPLAIN ALTER MATERIALIZED TABLE p BACKFILL FROM '2026-01-02' TO '2026-01-04' WITH ('reprocess' = 'missing');
Backfill of 2 intervals, 2 of them skipped
  0: ds=2026-01-02 (already fresh)
  1: ds=2026-01-03 (already fresh)
!ok

ALTER MATERIALIZED TABLE p BACKFILL FROM '2026-01-02' TO '2026-01-04';
backfill id
------------
<backfill 1>
(1 row)
!ok

!clock
workflow       | trigger  | from                | to                  | status     | detail | partitions    | rows
---------------+----------+---------------------+---------------------+------------+--------+---------------+---------
public.table:p | BACKFILL | 2026-01-02 00:00:00 | 2026-01-03 00:00:00 | SUCCESSFUL |        | ds=2026-01-02 | +1 ~0 -1
public.table:p | BACKFILL | 2026-01-03 00:00:00 | 2026-01-04 00:00:00 | SUCCESSFUL |        | ds=2026-01-03 | +1 ~0 -1
(2 rows)
!ok

SELECT * FROM p ORDER BY ds;
ds         |   v
-----------+----
2026-01-01 |   1
2026-01-02 | 102
2026-01-03 | 103
2026-01-04 |   4
2026-01-05 |   5
(5 rows)
!ok

SHOW BACKFILLS FROM p;
backfill_id  | workflow | database | table_name | range_start | range_end  | status     | total | pending | running | successful | failed | skipped | started_at          | finished_at         | eta    | options
-------------+----------+----------+------------+-------------+------------+------------+-------+---------+---------+------------+--------+---------+---------------------+---------------------+--------+--------
<backfill 1> | table:p  | public   | p          | 2026-01-02  | 2026-01-04 | SUCCESSFUL |     2 |       0 |       0 |          2 |      0 |       0 | 2026-01-15T12:00:00 | 2026-01-15T12:00:00 | <NULL> | {}
(1 row)
!ok

DESCRIBE BACKFILL '<backfill 1>';
backfill_id  | ordinal | interval_start      | interval_end        | partition     | instance_id | status     | reason
-------------+---------+---------------------+---------------------+---------------+-------------+------------+-------
<backfill 1> |       0 | 2026-01-02T00:00:00 | 2026-01-03T00:00:00 | ds=2026-01-02 | <job 1>     | SUCCESSFUL | <NULL>
<backfill 1> |       1 | 2026-01-03T00:00:00 | 2026-01-04T00:00:00 | ds=2026-01-03 | <job 2>     | SUCCESSFUL | <NULL>
(2 rows)
!ok

!clock 2026-01-15 12:05
workflow | trigger | from | to | status | detail | partitions | rows
---------+---------+------+----+--------+--------+------------+-----
(0 rows)
!ok

# Nothing is missing: all intervals are skipped, and the backfill has succeeded.
ALTER MATERIALIZED TABLE p BACKFILL FROM DATE '2026-01-02' TO DATE '2026-01-04' WITH ('reprocess' = 'missing');
backfill id
------------
<backfill 2>
(1 row)
!ok

!clock
workflow | trigger | from | to | status | detail | partitions | rows
---------+---------+------+----+--------+--------+------------+-----
(0 rows)
!ok

DESCRIBE BACKFILL '<backfill 2>';
backfill_id  | ordinal | interval_start      | interval_end        | partition     | instance_id | status  | reason
-------------+---------+---------------------+---------------------+---------------+-------------+---------+--------------
<backfill 2> |       0 | 2026-01-02T00:00:00 | 2026-01-03T00:00:00 | ds=2026-01-02 | <NULL>      | SKIPPED | already fresh
<backfill 2> |       1 | 2026-01-03T00:00:00 | 2026-01-04T00:00:00 | ds=2026-01-03 | <NULL>      | SKIPPED | already fresh
(2 rows)
!ok

SELECT status, total, successful, skipped FROM sluice.backfills ORDER BY created_at;
status     | total | successful | skipped
-----------+-------+------------+--------
SUCCESSFUL |     2 |          2 |       0
SUCCESSFUL |     2 |          0 |       2
(2 rows)
!ok

# The statement waits if the session says so.
SET 'table.dml-sync' = 'true';
OK
!ok

ALTER MATERIALIZED TABLE p BACKFILL FROM '2026-01-01' TO '2026-01-06' WITH ('parallelism' = '3');
backfill id
------------
<backfill 3>
(1 row)
!ok

SELECT * FROM p ORDER BY ds;
ds         |   v
-----------+----
2026-01-01 | 101
2026-01-02 | 102
2026-01-03 | 103
2026-01-04 | 104
2026-01-05 | 105
(5 rows)
!ok
