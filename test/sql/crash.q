# A gateway that dies in the middle of a refresh: the run is taken up again, nothing is half done, nothing is lost.

CREATE TABLE o (a int);
OK
!ok

INSERT INTO o VALUES (1);
rows affected
-------------
            1
(1 row)
!ok

CREATE TABLE gate (open boolean);
OK
!ok

INSERT INTO gate VALUES (true);
rows affected
-------------
            1
(1 row)
!ok

CREATE FUNCTION wait_for_gate() RETURNS int LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF NOT (SELECT open FROM public.gate) THEN PERFORM pg_sleep(600); END IF;
  RETURN 1;
END
$$;
OK
!ok

CREATE PROCEDURE until_somebody_sleeps() LANGUAGE plpgsql AS $$
BEGIN
  WHILE NOT EXISTS (SELECT FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event = 'PgSleep') LOOP
    PERFORM pg_stat_clear_snapshot();
  END LOOP;
END
$$;
OK
!ok

CREATE MATERIALIZED TABLE t FRESHNESS = INTERVAL '1' HOUR REFRESH_MODE = FULL
AS SELECT a, public.wait_for_gate() AS w FROM o;
OK
WARNING: public.wait_for_gate() depends on the moment or on chance
!ok

!clock
workflow       | trigger | from                | to                  | status     | detail | partitions | rows
---------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:t | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +1 ~0 -0
(1 row)
!ok

UPDATE gate SET open = false;
rows affected
-------------
            1
(1 row)
!ok

INSERT INTO o VALUES (2);
rows affected
-------------
            1
(1 row)
!ok

ALTER MATERIALIZED TABLE t REFRESH;
job id  | cluster info
--------+-----------------------------------------------------
<job 1> | {execution.target=sluice, workflow.instance=<job 1>}
(1 row)
!ok

CALL until_somebody_sleeps();
OK
!ok

!crash
another gateway has started
!ok

SELECT a FROM t ORDER BY a;
a
-
1
(1 row)
!ok

UPDATE gate SET open = true;
rows affected
-------------
            1
(1 row)
!ok

# The lease of the dead gateway ends; its run is taken over and done once.
!clock 2026-01-15 12:01
workflow       | trigger | from                | to                  | status     | detail | partitions | rows
---------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:t | MANUAL  | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +1 ~0 -0
(1 row)
!ok

SELECT a FROM t ORDER BY a;
a
-
1
2
(2 rows)
!ok

SELECT trigger, status, attempt FROM sluice.refresh_runs WHERE name = 't' ORDER BY finished_at;
trigger | status     | attempt
--------+------------+--------
INITIAL | SUCCESSFUL |       1
MANUAL  | SUCCESSFUL |       2
(2 rows)
!ok

# The session goes on where it was.
SHOW CURRENT DATABASE;
current database name
---------------------
public
(1 row)
!ok
