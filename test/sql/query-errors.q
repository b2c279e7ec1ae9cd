# Queries that no materialized table can have: temporary objects, itself, several statements, other modes.
# covers: A-03, A-05

CREATE TEMPORARY TABLE mine (a int);
OK
!ok

CREATE MATERIALIZED TABLE e FRESHNESS = INTERVAL '1' DAY AS SELECT a FROM mine;
org.apache.flink.table.api.ValidationException: relation "mine" does not exist at line 1, column 75 [GW-POSTGRES]
SQLSTATE: 42P01
!error GW-POSTGRES 42P01

CREATE MATERIALIZED TABLE e FRESHNESS = INTERVAL '1' DAY AS SELECT 1 AS a; SELECT 2 AS b;
java.lang.IllegalArgumentException: only single statement supported
Message: only one statement can be sent at a time
Detail: Line 1, column 76:
  CREATE MATERIALIZED TABLE e FRESHNESS = INTERVAL '1' DAY AS SELECT 1 AS a; SELECT 2 AS b
                                                                             ^
Hint: Send each statement by itself.
!error GW-MULTIPLE-STATEMENTS 42601

CREATE MATERIALIZED TABLE e FRESHNESS = INTERVAL '1' DAY AS WITH d AS (DELETE FROM mine RETURNING a) SELECT a FROM d;
org.apache.flink.table.api.ValidationException: the query of a materialized table cannot have a statement that changes data [MT-QUERY]
Hint: The query of a materialized table only reads.
!error MT-QUERY 42601

CREATE MATERIALIZED TABLE e FRESHNESS = INTERVAL '1' DAY AS SELECT a FROM e;
org.apache.flink.table.api.ValidationException: relation "e" does not exist at line 1, column 75 [GW-POSTGRES]
SQLSTATE: 42P01
!error GW-POSTGRES 42P01

# A child under strict needs a freshness that its parent's divides.
CREATE MATERIALIZED TABLE parent FRESHNESS = INTERVAL '2' HOUR AS SELECT 1 AS a;
OK
!ok

CREATE MATERIALIZED TABLE e WITH ('flink-strict' = 'true') FRESHNESS = INTERVAL '3' HOUR AS SELECT a FROM parent;
org.apache.flink.table.api.ValidationException: FRESHNESS is no multiple of that of "parent" [MT-FRESH-PARENT]
Detail: That of the table it reads is INTERVAL '2' HOUR.
!error MT-FRESH-PARENT 22023

CREATE MATERIALIZED TABLE child FRESHNESS = INTERVAL '3' HOUR AS SELECT a FROM parent;
OK
WARNING: FRESHNESS is no multiple of that of "parent", which is INTERVAL '2' HOUR
!ok

ALTER MATERIALIZED TABLE parent AS SELECT a FROM child;
org.apache.flink.table.api.ValidationException: the query reads the table itself [MT-SELF-REFERENCE]
Detail: It does so through the materialized table "child".
!error MT-SELF-REFERENCE 42P19

SHOW MATERIALIZED TABLES;
materialized table
------------------
child
parent
(2 rows)
!ok
