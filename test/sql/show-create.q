# SHOW CREATE TABLE, VIEW, CATALOG and DATABASE: DDL that goes back as it is; the wrong kind says what to use.

CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, shop text DEFAULT 'x', n numeric(10, 2) NOT NULL CHECK (n > 0));
OK
!ok

CREATE TABLE shops (shop text UNIQUE, city text);
OK
!ok

CREATE TABLE parts (ds date, n int) PARTITION BY RANGE (ds);
OK
!ok

CREATE VIEW big AS SELECT o.id, s.city FROM orders o JOIN shops s ON s.shop = o.shop;
OK
!ok

CREATE MATERIALIZED TABLE a_one FRESHNESS = INTERVAL '1' DAY AS SELECT shop FROM orders;
OK
!ok

SHOW CREATE TABLE orders;
CREATE TABLE `test_catalog`.`public`.`orders` (
  `id` bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  `shop` text DEFAULT 'x'::text,
  `n` numeric(10,2) NOT NULL,
  CONSTRAINT `orders_pkey` PRIMARY KEY (id),
  CONSTRAINT `orders_n_check` CHECK (n > 0::numeric)
)
!ok

SHOW CREATE TABLE parts;
CREATE TABLE `test_catalog`.`public`.`parts` (
  `ds` date,
  `n` integer
)
PARTITION BY RANGE (ds)
!ok

SHOW CREATE VIEW big;
CREATE VIEW `test_catalog`.`public`.`big` (
  `id`,
  `city`
)
AS SELECT o.id,
    s.city
   FROM public.orders o
     JOIN public.shops s ON s.shop = o.shop;
!ok

SHOW CREATE CATALOG test_catalog;
CREATE CATALOG `test_catalog`
WITH (
  'type' = 'postgres'
)
!ok

SHOW CREATE DATABASE public;
CREATE DATABASE `test_catalog`.`public`
COMMENT 'standard public schema'
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
