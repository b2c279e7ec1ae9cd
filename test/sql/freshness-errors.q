# FRESHNESS and START_MODE: what is refused always, and what only under flink-strict.

CREATE MATERIALIZED TABLE e FRESHNESS = INTERVAL '0' DAY AS SELECT 1 AS a;
org.apache.flink.table.api.ValidationException: The freshness interval currently only supports positive integer type values. But was: 0
Message: FRESHNESS must be positive, but is 0
!error MT-FRESH-NONPOS 22023

CREATE MATERIALIZED TABLE e FRESHNESS = INTERVAL -'30' SECOND AS SELECT 1 AS a;
org.apache.flink.table.api.ValidationException: The freshness interval currently only supports positive integer type values. But was: -30
Message: FRESHNESS must be positive, but is -30
!error MT-FRESH-NONPOS 22023

CREATE MATERIALIZED TABLE e FRESHNESS = INTERVAL '1' MONTH AS SELECT 1 AS a;
org.apache.flink.table.api.ValidationException: Materialized table freshness only supports SECOND, MINUTE, HOUR, DAY, WEEK as the time unit.
Message: unit of FRESHNESS is not one of those it can have
Detail: FRESHNESS is given in SECOND, MINUTE, HOUR, DAY or WEEK.
!error MT-FRESH-UNIT 22023

CREATE MATERIALIZED TABLE e FRESHNESS = INTERVAL '1 12' DAY TO HOUR AS SELECT 1 AS a;
org.apache.flink.table.api.ValidationException: Materialized table freshness only supports SECOND, MINUTE, HOUR, DAY, WEEK as the time unit.
Message: unit of FRESHNESS is not one of those it can have
Detail: FRESHNESS is given in SECOND, MINUTE, HOUR, DAY or WEEK.
!error MT-FRESH-UNIT 22023

CREATE MATERIALIZED TABLE e FRESHNESS = INTERVAL 'abc' MINUTE AS SELECT 1 AS a;
org.apache.calcite.sql.validate.SqlValidatorException: Illegal interval literal format 'abc' for INTERVAL MINUTE
Message: interval 'abc' MINUTE cannot be read as FRESHNESS
Detail: FRESHNESS is a whole number of one unit.
!error MT-FRESH-LITERAL 22007

CREATE MATERIALIZED TABLE e FRESHNESS = INTERVAL 1 DAY AS SELECT 1 AS a;
org.apache.flink.sql.parser.impl.ParseException: MATERIALIZED TABLE only supports define interval type FRESHNESS, please refer to the materialized table document.
Message: FRESHNESS must be an interval literal
Detail: Line 1, column 50:
  CREATE MATERIALIZED TABLE e FRESHNESS = INTERVAL 1 DAY AS SELECT 1 AS a
                                                   ^
Expected for example INTERVAL '5' MINUTE, with the number in quotes.
!error MT-PARSE-FRESHNESS 42601

CREATE MATERIALIZED TABLE e START_MODE = FROM_NOW('1 DAY') FRESHNESS = INTERVAL '1' DAY AS SELECT 1 AS a;
org.apache.flink.sql.parser.impl.ParseException: START_MODE literal must be an interval for FROM_NOW and RESUME_OR_FROM_NOW modes.
Message: FROM_NOW takes an interval literal
Detail: Line 1, column 51:
  CREATE MATERIALIZED TABLE e START_MODE = FROM_NOW('1 DAY') FRESHNESS = INTERVAL '1' DAY AS SELECT 1 AS a
                                                    ^
Expected for example FROM_NOW(INTERVAL '1' DAY), with the number in quotes.
!error MT-PARSE-START-MODE 42601

CREATE MATERIALIZED TABLE e START_MODE = FROM_TIMESTAMP(TIMESTAMP 'someday') FRESHNESS = INTERVAL '1' DAY AS SELECT 1 AS a;
org.apache.flink.table.api.ValidationException: timestamp 'someday' of START_MODE cannot be read [MT-START-MODE]
Detail: It must have the form yyyy-MM-dd HH:mm:ss.
!error MT-START-MODE 22023

# Any positive interval is a schedule of ours …
CREATE MATERIALIZED TABLE seven FRESHNESS = INTERVAL '7' MINUTE REFRESH_MODE = FULL AS SELECT 1 AS a;
OK
!ok

CREATE MATERIALIZED TABLE weekly FRESHNESS = INTERVAL '1' WEEK REFRESH_MODE = FULL AS SELECT 1 AS a;
OK
!ok

# … but not of Flink's.
CREATE MATERIALIZED TABLE e WITH ('flink-strict' = 'true') FRESHNESS = INTERVAL '7' MINUTE REFRESH_MODE = FULL AS SELECT 1 AS a;
org.apache.flink.table.api.ValidationException: In full refresh mode, only freshness that are factors of 60 are currently supported when the time unit is MINUTE.
Message: in FULL mode FRESHNESS in MINUTE must divide 60
Hint: Without flink-strict any positive freshness is possible.
!error MT-FRESH-CRON-FACTOR 22023

CREATE MATERIALIZED TABLE e WITH ('flink-strict' = 'true') FRESHNESS = INTERVAL '90' MINUTE REFRESH_MODE = FULL AS SELECT 1 AS a;
org.apache.flink.table.api.ValidationException: In full refresh mode, freshness must be less than 60 when the time unit is MINUTE.
Message: in FULL mode freshness must be less than 60 when the time unit is MINUTE
Hint: Without flink-strict any positive freshness is possible.
!error MT-FRESH-CRON-LIMIT 22023

CREATE MATERIALIZED TABLE e WITH ('flink-strict' = 'true') FRESHNESS = INTERVAL '2' DAY REFRESH_MODE = FULL AS SELECT 1 AS a;
org.apache.flink.table.api.ValidationException: In full refresh mode, freshness must be 1 when the time unit is DAY.
Message: FRESHNESS in days must be 1 in FULL mode
Hint: Without flink-strict any positive freshness is possible.
!error MT-FRESH-CRON-DAY 22023

CREATE MATERIALIZED TABLE e WITH ('flink-strict' = 'true') FRESHNESS = INTERVAL '1' WEEK REFRESH_MODE = FULL AS SELECT 1 AS a;
org.apache.flink.table.api.ValidationException: Unknown freshness time unit: WEEK.
Message: FRESHNESS in weeks is not possible in FULL mode
Hint: Without flink-strict any positive freshness is possible.
!error MT-FRESH-CRON-UNIT 22023

SHOW MATERIALIZED TABLES;
materialized table
------------------
seven
weekly
(2 rows)
!ok
