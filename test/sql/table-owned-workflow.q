# The workflow of a materialized table is seen like any other, and managed only through its table.

CREATE TABLE o (v int);
OK
!ok

CREATE MATERIALIZED TABLE t FRESHNESS = INTERVAL '1' DAY AS SELECT v FROM o;
OK
!ok

!clock
workflow       | trigger | from                | to                  | status     | detail | partitions | rows
---------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:t | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +0 ~0 -0
(1 row)
!ok

SHOW WORKFLOWS;
workflow | kind  | database | table_name | enabled | version | schedule               | time_zone | starts_at | ends_at | next_execution      | last_execution      | pending | running | successful | failed | tags | created_at
---------+-------+----------+------------+---------+---------+------------------------+-----------+-----------+---------+---------------------+---------------------+---------+---------+------------+--------+------+--------------------
table:t  | table | public   | t          | TRUE    |       1 | EVERY INTERVAL '1' DAY | UTC       | <NULL>    | <NULL>  | 2026-01-16T00:00:00 | 2026-01-15T12:00:00 |       0 |       0 |          1 |      0 | {}   | 2026-01-15T12:00:00
(1 row)
!ok

DESCRIBE WORKFLOW "table:t";
task    | action    | upstream | options
--------+-----------+----------+-------------------------------------------------------------------------------------------
refresh | REFRESH t |          | {"queue": "tables", "retry": {"delay": 5000, "backoff": 2, "retries": 3}, "timeout": null}
(1 row)
!ok

# A table's own workflow is managed through its table.
ALTER WORKFLOW "table:t" DISABLE;
org.apache.flink.table.api.ValidationException: workflow "table:t" belongs to a materialized table [WF-TABLE-OWNED]
Hint: ALTER MATERIALIZED TABLE changes it.
!error WF-TABLE-OWNED 55000

ALTER WORKFLOW "table:t" ENABLE;
org.apache.flink.table.api.ValidationException: workflow "table:t" belongs to a materialized table [WF-TABLE-OWNED]
Hint: ALTER MATERIALIZED TABLE changes it.
!error WF-TABLE-OWNED 55000

ALTER WORKFLOW "table:t" SET ('retries' = '1');
org.apache.flink.table.api.ValidationException: workflow "table:t" belongs to a materialized table [WF-TABLE-OWNED]
Hint: ALTER MATERIALIZED TABLE changes it.
!error WF-TABLE-OWNED 55000

DROP WORKFLOW "table:t";
org.apache.flink.table.api.ValidationException: workflow "table:t" belongs to a materialized table [WF-TABLE-OWNED]
Hint: ALTER MATERIALIZED TABLE changes it.
!error WF-TABLE-OWNED 55000

EXECUTE WORKFLOW "table:t";
org.apache.flink.table.api.ValidationException: workflow "table:t" belongs to a materialized table [WF-TABLE-OWNED]
Hint: ALTER MATERIALIZED TABLE … REFRESH runs it.
!error WF-TABLE-OWNED 55000

SHOW CREATE WORKFLOW "table:t";
CREATE WORKFLOW public."table:t"
  SCHEDULE = EVERY INTERVAL '1' DAY
  TIME ZONE 'UTC'
  TASKS (
    "refresh" REFRESH public.t
  )
!ok

CREATE OR ALTER WORKFLOW "table:t" TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: names that begin with "table:" are kept for materialized tables at line 1, column 26 [WF-TABLE-OWNED]
!error WF-TABLE-OWNED 55000
