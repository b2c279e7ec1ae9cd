# Frozen partitions are not computed again, unless a user insists.

SET 'table.dml-sync' = 'true';
OK
!ok

CREATE TABLE o (ds date, v int);
OK
!ok

INSERT INTO o VALUES ('2026-01-01', 1), ('2026-01-14', 2);
rows affected
-------------
            2
(1 row)
!ok

CREATE MATERIALIZED TABLE t PARTITIONED BY (ds) WITH ('freeze.after' = '7 d') FRESHNESS = INTERVAL '1' DAY AS SELECT ds, v FROM o;
OK
!ok

SHOW PARTITIONS t;
partition name | state  | data timestamp      | rows | last run | reason
---------------+--------+---------------------+------+----------+-------
ds=2026-01-01  | FROZEN | 2026-01-15T12:00:00 |    1 | <run 1>  | <NULL>
ds=2026-01-14  | FRESH  | 2026-01-15T12:00:00 |    1 | <run 1>  | <NULL>
(2 rows)
!ok

UPDATE o SET v = v + 10;
rows affected
-------------
            2
(1 row)
!ok

ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = '2026-01-01');
org.apache.flink.table.api.ValidationException: materialized table "t" has frozen partitions in what would be refreshed [MT-SPEC-FROZEN]
Detail: Partitions older than 7 d are not computed again.
Hint: REFRESH … WITH ('force' = 'true') computes them all the same.
!error MT-SPEC-FROZEN 55000

ALTER MATERIALIZED TABLE t REFRESH;
org.apache.flink.table.api.ValidationException: materialized table "t" has frozen partitions in what would be refreshed [MT-SPEC-FROZEN]
Detail: Partitions older than 7 d are not computed again.
Hint: REFRESH … WITH ('force' = 'true') computes them all the same.
!error MT-SPEC-FROZEN 55000

ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = DATE '2026-01-14');
job id  | cluster info
--------+-----------------------------------------------------
<job 1> | {execution.target=sluice, workflow.instance=<job 1>}
(1 row)
!ok

SELECT * FROM t ORDER BY ds;
ds         |  v
-----------+---
2026-01-01 |  1
2026-01-14 | 12
(2 rows)
!ok

ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = '2026-01-01') WITH ('force' = 'true');
job id  | cluster info
--------+-----------------------------------------------------
<job 2> | {execution.target=sluice, workflow.instance=<job 2>}
(1 row)
!ok

SELECT * FROM t ORDER BY ds;
ds         |  v
-----------+---
2026-01-01 | 11
2026-01-14 | 12
(2 rows)
!ok
