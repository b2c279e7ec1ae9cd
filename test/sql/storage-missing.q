# A stored table that was dropped behind our back: said at once, readers get PostgreSQL's error, CREATE OR ALTER rebuilds.

SET 'table.dml-sync' = 'true';
OK
!ok

CREATE TABLE o (v int);
OK
!ok

INSERT INTO o VALUES (1), (2);
rows affected
-------------
            2
(1 row)
!ok

CREATE MATERIALIZED TABLE t FRESHNESS = INTERVAL '1' DAY AS SELECT v FROM o;
OK
!ok

# The gateway refuses DROP TABLE; a DO block gets past it.
DO $$ BEGIN EXECUTE 'DROP TABLE public.t'; END $$;
OK
!ok

ALTER MATERIALIZED TABLE t REFRESH;
org.apache.flink.table.api.ValidationException: the stored table of "t" was dropped from outside [MT-STORAGE-MISSING]
Hint: CREATE OR ALTER MATERIALIZED TABLE makes it anew.
!error MT-STORAGE-MISSING 42P01

SELECT * FROM t;
org.apache.flink.table.api.ValidationException: relation "t" does not exist at line 1, column 15 [GW-POSTGRES]
SQLSTATE: 42P01
!error GW-POSTGRES 42P01

CREATE OR ALTER MATERIALIZED TABLE t FRESHNESS = INTERVAL '1' DAY AS SELECT v FROM o;
OK
!ok

SELECT * FROM t ORDER BY v;
v
-
1
2
(2 rows)
!ok
