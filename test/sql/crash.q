# A gateway that dies in the middle of a refresh: the run is taken up again, nothing is half done, nothing is lost.

CREATE TABLE o (a int);

INSERT INTO o VALUES (1);

CREATE TABLE gate (open boolean);

INSERT INTO gate VALUES (true);

CREATE FUNCTION wait_for_gate() RETURNS int LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF NOT (SELECT open FROM public.gate) THEN PERFORM pg_sleep(600); END IF;
  RETURN 1;
END
$$;

CREATE MATERIALIZED TABLE t FRESHNESS = INTERVAL '1' HOUR REFRESH_MODE = FULL
AS SELECT a, public.wait_for_gate() AS w FROM o;

!clock

UPDATE gate SET open = false;

INSERT INTO o VALUES (2);

ALTER MATERIALIZED TABLE t REFRESH;

!crash

SELECT a FROM t ORDER BY a;

UPDATE gate SET open = true;

# The lease of the dead gateway ends; its run is taken over and done once.
!clock 2026-01-15 12:01

SELECT a FROM t ORDER BY a;

SELECT trigger, status, attempt FROM sluice.refresh_runs WHERE name = 't' ORDER BY finished_at;

# The session goes on where it was.
SHOW CURRENT DATABASE;
