# ALTER MATERIALIZED TABLE … SET FRESHNESS, SET REFRESH_MODE, SET (…), RESET (…), COMMENT: at once, and shown.

CREATE MATERIALIZED TABLE t FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL AS SELECT 1 AS one;
OK
!ok

!clock
workflow       | trigger | from                | to                  | status     | detail | partitions | rows
---------------+---------+---------------------+---------------------+------------+--------+------------+---------
public.table:t | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +1 ~0 -0
(1 row)
!ok

ALTER MATERIALIZED TABLE t SET FRESHNESS = INTERVAL '10' MINUTE;
OK
!ok

# Slots of the new freshness count from now on.
!clock 2026-01-15 12:15
workflow       | trigger  | from                | to                  | status     | detail | partitions | rows
---------------+----------+---------------------+---------------------+------------+--------+------------+---------
public.table:t | SCHEDULE | 2026-01-15 12:00:00 | 2026-01-15 12:10:00 | SUCCESSFUL |        |            | +0 ~0 -0
(1 row)
!ok

ALTER MATERIALIZED TABLE t SET FRESHNESS = INTERVAL '0' MINUTE;
org.apache.flink.table.api.ValidationException: The freshness interval currently only supports positive integer type values. But was: 0
Message: FRESHNESS must be positive, but is 0
!error MT-FRESH-NONPOS 22023

ALTER MATERIALIZED TABLE t SET FRESHNESS = 5;
org.apache.flink.sql.parser.impl.ParseException: MATERIALIZED TABLE only supports define interval type FRESHNESS, please refer to the materialized table document.
Message: FRESHNESS must be an interval literal
Detail: Line 1, column 44:
  ALTER MATERIALIZED TABLE t SET FRESHNESS = 5
                                             ^
Expected for example INTERVAL '5' MINUTE, with the number in quotes.
!error MT-PARSE-FRESHNESS 42601

ALTER MATERIALIZED TABLE t SET REFRESH_MODE = FULL;
OK
!ok

ALTER MATERIALIZED TABLE t SET REFRESH_MODE = CONTINUOUS;
org.apache.flink.table.api.ValidationException: REFRESH_MODE = CONTINUOUS is not available yet [MT-CONTINUOUS-NOT-YET]
Hint: Leave REFRESH_MODE out: the table is then refreshed in full at the freshness you declare.
!error MT-CONTINUOUS-NOT-YET 0A000

ALTER MATERIALIZED TABLE t SET ('retries' = '1', 'tag.team' = 'sales', 'retries' = '2');
OK
!ok

ALTER MATERIALIZED TABLE t SET ('retries' = 'x');
org.apache.flink.table.api.ValidationException: value "x" of option 'retries' cannot be used [MT-OPTION-VALUE]
Detail: Expected a whole number, 0 or more.
!error MT-OPTION-VALUE 22023

ALTER MATERIALIZED TABLE t SET ('refresh.lookbak' = '1');
org.apache.flink.table.api.ValidationException: option 'refresh.lookbak' does not exist [MT-OPTION-UNKNOWN]
Hint: Did you mean 'refresh.lookback'?
!error MT-OPTION-UNKNOWN 22023

ALTER MATERIALIZED TABLE t SET ();
org.apache.flink.table.api.ValidationException: SET needs at least one option [MT-SET-EMPTY]
!error MT-SET-EMPTY 42601

ALTER MATERIALIZED TABLE t RESET ('tag.team', 'never.set');
OK
!ok

ALTER MATERIALIZED TABLE t RESET ();
org.apache.flink.table.api.ValidationException: RESET needs at least one key [MT-RESET-EMPTY]
!error MT-RESET-EMPTY 42601

ALTER MATERIALIZED TABLE t RESET ('connector');
org.apache.flink.table.api.ValidationException: option 'connector' cannot be reset [MT-RESET-CONNECTOR]
!error MT-RESET-CONNECTOR 42601

ALTER MATERIALIZED TABLE t COMMENT 'it''s fresh';
OK
!ok

SHOW CREATE MATERIALIZED TABLE t;
CREATE MATERIALIZED TABLE `test_catalog`.`public`.`t` (
  `one` INT NOT NULL
)
COMMENT 'it''s fresh'
WITH (
  'retries' = '2'
)
START_MODE = FROM_BEGINNING
FRESHNESS = INTERVAL '10' MINUTE
REFRESH_MODE = FULL
AS SELECT 1 AS one
!ok

ALTER MATERIALIZED TABLE t COMMENT '';
OK
!ok

ALTER MATERIALIZED TABLE nope SET FRESHNESS = INTERVAL '1' DAY;
org.apache.flink.table.api.ValidationException: Materialized table `test_catalog`.`public`.`nope` doesn't exist.
Message: materialized table "public.nope" does not exist
!error MT-NOTFOUND 42P01
