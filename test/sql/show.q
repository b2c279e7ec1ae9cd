# SHOW: lists of names with LIKE and ILIKE, SHOW CREATE of every kind.

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

SHOW TABLES NOT LIKE '%\_%';
table name
----------
Odd
big
orders
(3 rows)
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

SHOW CREATE TABLE orders;
CREATE TABLE `test_catalog`.`public`.`orders` (
  `id` bigint NOT NULL,
  `shop` text DEFAULT 'x'::text,
  `n` numeric(10,2),
  CONSTRAINT `orders_pkey` PRIMARY KEY (id),
  CONSTRAINT `orders_n_check` CHECK (n > 0::numeric)
)
!ok

SHOW CREATE VIEW big;
CREATE VIEW `test_catalog`.`public`.`big` (
  `id`
)
AS SELECT id
   FROM orders
  WHERE n > 10::numeric;
!ok

SHOW CREATE MATERIALIZED TABLE a_one;
CREATE MATERIALIZED TABLE `test_catalog`.`public`.`a_one` (
  `shop` STRING
)
START_MODE = FROM_BEGINNING
FRESHNESS = INTERVAL '1' DAY
REFRESH_MODE = FULL
AS SELECT shop FROM orders
!ok

SHOW CREATE TABLE a_one;
org.apache.flink.table.api.TableException: SHOW CREATE TABLE is only supported for tables, but `test_catalog`.`public`.`a_one` is a materialized table. Please use SHOW CREATE MATERIALIZED TABLE instead.
Message: "test_catalog.public.a_one" is a materialized table
Hint: Use SHOW CREATE MATERIALIZED TABLE.
!error GW-OBJECT-KIND 42809

SHOW CREATE MATERIALIZED TABLE orders;
org.apache.flink.table.api.TableException: SHOW CREATE MATERIALIZED TABLE is only supported for materialized tables, but `test_catalog`.`public`.`orders` is a table. Please use SHOW CREATE TABLE instead.
Message: "test_catalog.public.orders" is a table
Hint: Use SHOW CREATE TABLE.
!error GW-OBJECT-KIND 42809

SHOW CREATE VIEW orders;
org.apache.flink.table.api.TableException: SHOW CREATE VIEW is only supported for views, but `test_catalog`.`public`.`orders` is a table. Please use SHOW CREATE TABLE instead.
Message: "test_catalog.public.orders" is a table
Hint: Use SHOW CREATE TABLE.
!error GW-OBJECT-KIND 42809

SHOW CREATE TABLE nope;
org.apache.flink.table.api.ValidationException: Could not execute SHOW CREATE TABLE. Table with identifier `test_catalog`.`public`.`nope` does not exist.
Message: table "test_catalog.public.nope" does not exist
!error GW-OBJECT-UNKNOWN 42P01

SHOW CREATE MATERIALIZED TABLE nope;
org.apache.flink.table.api.ValidationException: Could not execute SHOW CREATE MATERIALIZED TABLE test_catalog.public.nope. Materialized table with identifier `test_catalog`.`public`.`nope` does not exist.
Message: materialized table "public.nope" does not exist
!error MT-NOTFOUND 42P01

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
