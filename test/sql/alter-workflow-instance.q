# ALTER WORKFLOW INSTANCE: what failed is marked or made again, alone or with what comes after it.
# covers: S1-73

CREATE TABLE switch (v int);
OK
!ok

INSERT INTO switch VALUES (0);
rows affected
-------------
            1
(1 row)
!ok

CREATE TABLE done (task text);
OK
!ok

CREATE WORKFLOW w TASKS (
  a EXECUTE 'INSERT INTO done VALUES (''a'')',
  b EXECUTE 'INSERT INTO done SELECT ''b'' || 1 / v FROM switch' AFTER (a),
  c EXECUTE 'INSERT INTO done VALUES (''c'')' AFTER (b));
OK
!ok

EXECUTE WORKFLOW w;
instance id
-----------
<job 1>
(1 row)
!ok

!clock
workflow | trigger | from                | to                  | status | detail | partitions | rows
---------+---------+---------------------+---------------------+--------+--------+------------+-----
public.w | MANUAL  | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | FAILED |        |            |
(1 row)
!ok

SELECT task, status, detail, attempt, attempts, error_code FROM sluice.task_instances ORDER BY task;
task | status     | detail          | attempt | attempts | error_code
-----+------------+-----------------+---------+----------+-------------------
a    | SUCCESSFUL | 1 row           |       1 |        1 | <NULL>
b    | FAILED     | <NULL>          |       1 |        1 | WF-SQL-FAILED
c    | FAILED     | UPSTREAM_FAILED |       0 |        0 | WF-UPSTREAM-FAILED
(3 rows)
!ok

# SUCCESSFUL by decree: what waited for it runs.
ALTER WORKFLOW INSTANCE '<job 1>' MARK TASK b SUCCESSFUL;
OK
!ok

!clock
workflow | trigger | from | to | status | detail | partitions | rows
---------+---------+------+----+--------+--------+------------+-----
(0 rows)
!ok

SELECT task, status, detail, attempt, attempts, error_code FROM sluice.task_instances ORDER BY task;
task | status     | detail | attempt | attempts | error_code
-----+------------+--------+---------+----------+-----------
a    | SUCCESSFUL | 1 row  |       1 |        1 | <NULL>
b    | SUCCESSFUL | MARKED |       1 |        1 | <NULL>
c    | SUCCESSFUL | 1 row  |       1 |        1 | <NULL>
(3 rows)
!ok

# The cause is gone: what failed runs again, under the same id.
EXECUTE WORKFLOW w;
instance id
-----------
<job 2>
(1 row)
!ok

!clock
workflow | trigger | from                | to                  | status | detail | partitions | rows
---------+---------+---------------------+---------------------+--------+--------+------------+-----
public.w | MANUAL  | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | FAILED |        |            |
(1 row)
!ok

UPDATE switch SET v = 1;
rows affected
-------------
            1
(1 row)
!ok

ALTER WORKFLOW INSTANCE '<job 2>' RERUN FAILED;
OK
!ok

!clock
workflow | trigger | from | to | status | detail | partitions | rows
---------+---------+------+----+--------+--------+------------+-----
(0 rows)
!ok

SELECT task, status, attempt, attempts FROM sluice.task_instances WHERE instance_id = '<job 2>' ORDER BY task;
task | status     | attempt | attempts
-----+------------+---------+---------
a    | SUCCESSFUL |       1 |        1
b    | SUCCESSFUL |       1 |        2
c    | SUCCESSFUL |       1 |        1
(3 rows)
!ok

ALTER WORKFLOW INSTANCE '<job 2>' RERUN TASK b WITH DOWNSTREAM;
OK
!ok

!clock
workflow | trigger | from | to | status | detail | partitions | rows
---------+---------+------+----+--------+--------+------------+-----
(0 rows)
!ok

ALTER WORKFLOW INSTANCE '<job 2>' RERUN;
OK
!ok

!clock
workflow | trigger | from | to | status | detail | partitions | rows
---------+---------+------+----+--------+--------+------------+-----
(0 rows)
!ok

SELECT task, status, attempts FROM sluice.task_instances WHERE instance_id = '<job 2>' ORDER BY task;
task | status     | attempts
-----+------------+---------
a    | SUCCESSFUL |        2
b    | SUCCESSFUL |        4
c    | SUCCESSFUL |        3
(3 rows)
!ok

SELECT task, count(*) FROM done GROUP BY task ORDER BY task;
task | count
-----+------
a    |     3
b1   |     3
c    |     4
(3 rows)
!ok
