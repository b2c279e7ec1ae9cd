# SHOW: lists of names, with LIKE and ILIKE, and the columns of a table.

CREATE TABLE orders (id bigint PRIMARY KEY, shop text DEFAULT 'x', n numeric(10, 2) CHECK (n > 0));
OK
!ok

CREATE TABLE "Odd" (a int);
OK
!ok

CREATE VIEW big AS SELECT id FROM orders WHERE n > 10;
OK
!ok

CREATE MATERIALIZED TABLE a_one FRESHNESS = INTERVAL '1' DAY AS SELECT shop FROM orders;
OK
!ok

CREATE MATERIALIZED TABLE b_two FRESHNESS = INTERVAL '1' DAY AS SELECT shop FROM orders;
OK
!ok

SHOW TABLES;
table name
----------
Odd
a_one
b_two
big
orders
(5 rows)
!ok

SHOW TABLES LIKE 'o%';
table name
----------
orders
(1 row)
!ok

SHOW TABLES ILIKE 'o%';
table name
----------
Odd
orders
(2 rows)
!ok

SHOW VIEWS;
view name
---------
big
(1 row)
!ok

SHOW MATERIALIZED TABLES;
materialized table
------------------
a_one
b_two
(2 rows)
!ok

SHOW MATERIALIZED TABLES NOT LIKE 'a%';
materialized table
------------------
b_two
(1 row)
!ok

SHOW MATERIALIZED TABLES IN nodb;
org.apache.flink.table.api.ValidationException: Database 'test_catalog'.'nodb' doesn't exist.
Message: database "nodb" does not exist
!error GW-DATABASE-UNKNOWN 3F000

SHOW MATERIALIZED TABLES FROM nocat.nodb;
org.apache.flink.table.api.ValidationException: Catalog nocat does not exist
Message: catalog "nocat" does not exist
Hint: The only catalog is the connected database, "test_catalog".
!error GW-CATALOG-UNKNOWN 3D000

SHOW COLUMNS FROM orders;
name | type           | null  | key     | extras | watermark
-----+----------------+-------+---------+--------+----------
id   | BIGINT         | FALSE | PRI(id) | <NULL> | <NULL>
shop | STRING         | TRUE  | <NULL>  | <NULL> | <NULL>
n    | DECIMAL(10, 2) | TRUE  | <NULL>  | <NULL> | <NULL>
(3 rows)
!ok

SHOW COLUMNS FROM orders LIKE '%d';
name | type   | null  | key     | extras | watermark
-----+--------+-------+---------+--------+----------
id   | BIGINT | FALSE | PRI(id) | <NULL> | <NULL>
(1 row)
!ok

SHOW MODULES;
module name
-----------
core
(1 row)
!ok

SHOW FULL MODULES;
module name | used
------------+-----
core        | TRUE
(1 row)
!ok

SHOW JARS;
jars
----
(0 rows)
!ok

CREATE FUNCTION twice(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x * 2';
OK
!ok

CREATE PROCEDURE nothing() LANGUAGE sql AS 'SELECT 1';
OK
!ok

SHOW USER FUNCTIONS;
function name
-------------
twice
(1 row)
!ok

SHOW FUNCTIONS LIKE 'lower%';
function name
-------------
lower
lower_inc
lower_inf
(3 rows)
!ok

SHOW PROCEDURES;
procedure name
--------------
nothing
(1 row)
!ok
