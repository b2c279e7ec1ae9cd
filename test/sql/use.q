# USE and USE CATALOG: the current database, as written first, then folded.

SHOW CATALOGS;
catalog name
------------
test_catalog
(1 row)
!ok

SHOW CURRENT CATALOG;
current catalog name
--------------------
test_catalog
(1 row)
!ok

SHOW CURRENT DATABASE;
current database name
---------------------
public
(1 row)
!ok

CREATE DATABASE shop;
OK
!ok

CREATE DATABASE `Shop`;
OK
!ok

USE shop;
OK
!ok

SHOW CURRENT DATABASE;
current database name
---------------------
shop
(1 row)
!ok

USE Shop;
OK
!ok

SHOW CURRENT DATABASE;
current database name
---------------------
Shop
(1 row)
!ok

USE SHOP;
OK
!ok

SHOW CURRENT DATABASE;
current database name
---------------------
shop
(1 row)
!ok

CREATE TABLE here (a int);
OK
!ok

SHOW TABLES;
table name
----------
here
(1 row)
!ok

SHOW TABLES FROM public;
table name
----------
(0 rows)
!ok

USE CATALOG test_catalog;
OK
!ok

USE test_catalog.public;
OK
!ok

SHOW CURRENT DATABASE;
current database name
---------------------
public
(1 row)
!ok

USE nope;
org.apache.flink.table.catalog.exceptions.CatalogException: A database with name [nope] does not exist in the catalog: [test_catalog].
Message: database "nope" does not exist
!error GW-DATABASE-UNKNOWN 3F000

USE CATALOG nope;
org.apache.flink.table.catalog.exceptions.CatalogException: A catalog with name [nope] does not exist.
Message: catalog "nope" does not exist
Hint: The only catalog is the connected database, "test_catalog".
!error GW-CATALOG-UNKNOWN 3D000

USE nope.public;
org.apache.flink.table.api.ValidationException: Catalog nope does not exist
Message: catalog "nope" does not exist
Hint: The only catalog is the connected database, "test_catalog".
!error GW-CATALOG-UNKNOWN 3D000

SELECT * FROM shop.here;
a
-
(0 rows)
!ok
