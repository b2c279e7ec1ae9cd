# Errors of our grammar: where, what was found, what was expected, what was meant.

CREATE MATERIALIZED TABLE;
org.apache.flink.sql.parser.impl.ParseException: Encountered "<EOF>" at line 1, column 25.
Message: syntax error at end of input
Detail: Line 1, column 26:
  CREATE MATERIALIZED TABLE
                           ^
Expected IF or a name.
!error GW-SYNTAX-EOF 42601

CREATE MATERIALIZED TABLE t FRESHNESS = INTERVAL '1' DAY;
org.apache.flink.sql.parser.impl.ParseException: Encountered "<EOF>" at line 1, column 56.
Message: syntax error at end of input
Detail: Line 1, column 57:
  CREATE MATERIALIZED TABLE t FRESHNESS = INTERVAL '1' DAY
                                                          ^
Expected TO, REFRESH_MODE or AS.
!error GW-SYNTAX-EOF 42601

CREATE MATERIALIZED TABLE t FRESHNES = INTERVAL '1' DAY AS SELECT 1;
org.apache.flink.sql.parser.impl.ParseException: Encountered "FRESHNES" at line 1, column 29.
Message: syntax error at or near "FRESHNES"
Detail: Line 1, column 29:
  CREATE MATERIALIZED TABLE t FRESHNES = INTERVAL '1' DAY AS SELECT 1
                              ^
Expected '.', '(', COMMENT, DISTRIBUTED, PARTITIONED, WITH, START_MODE, FRESHNESS, REFRESH_MODE or AS.
Hint: Perhaps you meant FRESHNESS.
!error GW-SYNTAX 42601

CREATE MATERIALIZED TABLE t FRESHNESS = INTERVAL '1' DAY WITH ('k' = 'v') AS SELECT 1;
org.apache.flink.sql.parser.impl.ParseException: Encountered "WITH" at line 1, column 58.
Message: syntax error at or near "WITH"
Detail: Line 1, column 58:
  CREATE MATERIALIZED TABLE t FRESHNESS = INTERVAL '1' DAY WITH ('k' = 'v') AS SELECT 1
                                                           ^
Expected TO, REFRESH_MODE or AS.
Hint: The clauses come in this order: COMMENT, DISTRIBUTED, PARTITIONED, WITH, START_MODE, FRESHNESS, REFRESH_MODE, AS.
!error GW-SYNTAX 42601

CREATE MATERIALIZED TABLE t FRESHNESS = 123 AS SELECT 1;
org.apache.flink.sql.parser.impl.ParseException: MATERIALIZED TABLE only supports define interval type FRESHNESS, please refer to the materialized table document.
Message: FRESHNESS must be an interval literal
Detail: Line 1, column 41:
  CREATE MATERIALIZED TABLE t FRESHNESS = 123 AS SELECT 1
                                          ^
Expected for example INTERVAL '5' MINUTE, with the number in quotes.
!error MT-PARSE-FRESHNESS 42601

CREATE MATERIALIZED TABLE t REFRESH_MODE = INCREMENTAL AS SELECT 1;
org.apache.flink.sql.parser.impl.ParseException: Encountered "INCREMENTAL" at line 1, column 44.
Message: syntax error at or near "INCREMENTAL"
Detail: Line 1, column 44:
  CREATE MATERIALIZED TABLE t REFRESH_MODE = INCREMENTAL AS SELECT 1
                                             ^
Expected FULL or CONTINUOUS.
!error GW-SYNTAX 42601

CREATE TEMPORARY MATERIALIZED TABLE t AS SELECT 1;
org.apache.flink.sql.parser.impl.ParseException: CREATE TEMPORARY MATERIALIZED TABLE is not supported.
Message: a materialized table cannot be temporary
Detail: Line 1, column 18:
  CREATE TEMPORARY MATERIALIZED TABLE t AS SELECT 1
                   ^
Hint: Leave the word TEMPORARY out.
!error MT-PARSE-TEMPORARY 0A000

CREATE OR REPLACE MATERIALIZED TABLE t AS SELECT 1;
org.apache.flink.sql.parser.impl.ParseException: REPLACE MATERIALIZED TABLE is not supported.
Message: a materialized table cannot be replaced
Detail: Line 1, column 19:
  CREATE OR REPLACE MATERIALIZED TABLE t AS SELECT 1
                    ^
Hint: Use CREATE OR ALTER MATERIALIZED TABLE.
!error MT-PARSE-REPLACE 0A000

DROP TEMPORARY MATERIALIZED TABLE t;
org.apache.flink.sql.parser.impl.ParseException: DROP TEMPORARY MATERIALIZED TABLE is not supported.
Message: a materialized table cannot be temporary
Detail: Line 1, column 16:
  DROP TEMPORARY MATERIALIZED TABLE t
                 ^
Hint: Leave the word TEMPORARY out.
!error MT-PARSE-TEMPORARY 0A000

DROP MATERIALIZED TABLE t IF EXISTS;
org.apache.flink.sql.parser.impl.ParseException: Encountered "IF" at line 1, column 27.
Message: syntax error at or near "IF"
Detail: Line 1, column 27:
  DROP MATERIALIZED TABLE t IF EXISTS
                            ^
Expected the end of the statement, '.', RESTRICT or CASCADE.
!error GW-SYNTAX 42601

ALTER MATERIALIZED TABLE t;
org.apache.flink.sql.parser.impl.ParseException: Encountered "<EOF>" at line 1, column 26.
Message: syntax error at end of input
Detail: Line 1, column 27:
  ALTER MATERIALIZED TABLE t
                            ^
Expected '.', SUSPEND, RESUME, REFRESH, BACKFILL, SET, RESET, START_MODE, WITH, AS, RENAME, COMMENT, ADD, MODIFY or DROP.
!error GW-SYNTAX-EOF 42601

ALTER MATERIALIZED TABLE t SUSPEND NOW;
org.apache.flink.sql.parser.impl.ParseException: Encountered "NOW" at line 1, column 36.
Message: syntax error at or near "NOW"
Detail: Line 1, column 36:
  ALTER MATERIALIZED TABLE t SUSPEND NOW
                                     ^
Expected the end of the statement or WITH.
!error GW-SYNTAX 42601

ALTER MATERIALIZED TABLE t SUSPND;
org.apache.flink.sql.parser.impl.ParseException: Encountered "SUSPND" at line 1, column 28.
Message: syntax error at or near "SUSPND"
Detail: Line 1, column 28:
  ALTER MATERIALIZED TABLE t SUSPND
                             ^
Expected '.', SUSPEND, RESUME, REFRESH, BACKFILL, SET, RESET, START_MODE, WITH, AS, RENAME, COMMENT, ADD, MODIFY or DROP.
Hint: Perhaps you meant SUSPEND.
!error GW-SYNTAX 42601

ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds);
org.apache.flink.sql.parser.impl.ParseException: Encountered ")" at line 1, column 49.
Message: syntax error at or near ")"
Detail: Line 1, column 49:
  ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds)
                                                  ^
Expected '='.
!error GW-SYNTAX 42601

SHOW MATERIALIZED;
org.apache.flink.sql.parser.impl.ParseException: Encountered "<EOF>" at line 1, column 17.
Message: syntax error at end of input
Detail: Line 1, column 18:
  SHOW MATERIALIZED
                   ^
Expected TABLES.
!error GW-SYNTAX-EOF 42601

DESCRIBE a.b.c.d;
org.apache.flink.table.api.SqlParserException: a name has at most three parts at line 1, column 16 [GW-SYNTAX]
!error GW-SYNTAX 42601
