# A gateway that dies while a table waits for its parent: the wait is a row, both are taken up again, in order.

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

INSERT INTO gate VALUES (false);
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

CREATE PROCEDURE until_reader_waits() LANGUAGE plpgsql AS $$
BEGIN
  WHILE NOT EXISTS (SELECT FROM sluice.task_instances WHERE detail = 'WAITING_UPSTREAM')
     OR NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep') LOOP
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

CREATE MATERIALIZED TABLE u FRESHNESS = INTERVAL '1' HOUR REFRESH_MODE = FULL AS SELECT sum(a) AS s FROM t;
OK
!ok

CALL until_reader_waits();
OK
!ok

SELECT workflow, status, detail FROM sluice.workflow_instances ORDER BY workflow;
workflow | status  | detail
---------+---------+-----------------
table:t  | RUNNING | <NULL>
table:u  | PENDING | WAITING_UPSTREAM
(2 rows)
!ok

!crash
another gateway has started
!ok

UPDATE gate SET open = true;
rows affected
-------------
            1
(1 row)
!ok

!clock 2026-01-15 12:01
workflow       | trigger | from                | to                  | status     | detail       | partitions | rows
---------------+---------+---------------------+---------------------+------------+--------------+------------+---------
public.table:t | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL | SWAP_FOREIGN |            | +1 ~0 -0
public.table:u | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |              |            | +1 ~0 -0
(2 rows)
!ok

SELECT * FROM u;
s
-
1
(1 row)
!ok

SELECT name, trigger, status, attempt FROM sluice.refresh_runs ORDER BY name DESC;
name | trigger | status     | attempt
-----+---------+------------+--------
u    | INITIAL | SUCCESSFUL |       1
t    | INITIAL | SUCCESSFUL |       2
(2 rows)
!ok
