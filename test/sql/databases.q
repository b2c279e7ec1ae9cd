# Databases are schemas: CREATE, ALTER, DROP and SHOW DATABASE.

CREATE DATABASE sales COMMENT 'all of sales';
OK
!ok

CREATE DATABASE sales;
org.apache.flink.table.catalog.exceptions.DatabaseAlreadyExistException: Database sales already exists in Catalog test_catalog.
Message: database "sales" already exists
!error GW-DATABASE-EXISTS 42P06

CREATE DATABASE IF NOT EXISTS sales;
OK
!ok

CREATE DATABASE pg_mine;
org.apache.flink.table.gateway.api.utils.SqlGatewayException: the name "pg_mine" is reserved [GW-DATABASE-PROTECTED]
!error GW-DATABASE-PROTECTED 42501

CREATE DATABASE other WITH ('k' = 'v');
java.lang.UnsupportedOperationException: CREATE DATABASE … WITH is not supported [GW-NOT-SUPPORTED]
Detail: A PostgreSQL schema has no options.
!error GW-NOT-SUPPORTED 0A000

DESCRIBE DATABASE EXTENDED sales;
info name | info value
----------+-------------
name      | sales
comment   | all of sales
owner     | tester
(3 rows)
!ok

SHOW CREATE DATABASE sales;
CREATE DATABASE `test_catalog`.`sales`
COMMENT 'all of sales'
!ok

SHOW DATABASES;
database name
-------------
public
sales
sluice
(3 rows)
!ok

SHOW DATABASES LIKE 's%';
database name
-------------
sales
sluice
(2 rows)
!ok

SHOW DATABASES LIKE 'pg_%';
database name
-------------
pg_catalog
(1 row)
!ok

ALTER DATABASE sales SET ('k' = 'v');
java.lang.UnsupportedOperationException: ALTER DATABASE … SET is not supported [GW-NOT-SUPPORTED]
Detail: A PostgreSQL schema has no options.
!error GW-NOT-SUPPORTED 0A000

ALTER DATABASE nope COMMENT 'x';
org.apache.flink.table.catalog.exceptions.DatabaseNotExistException: Database nope does not exist in Catalog test_catalog.
Message: database "nope" does not exist
!error GW-DATABASE-UNKNOWN 3F000

# RESTRICT is the default.
CREATE TABLE sales.t (a int);
OK
!ok

DROP DATABASE sales;
org.apache.flink.table.catalog.exceptions.DatabaseNotEmptyException: Database sales in catalog test_catalog is not empty.
Message: database "sales" is not empty
Detail: cannot drop schema sales because other objects depend on it
Hint: DROP DATABASE … CASCADE drops its objects too.
!error GW-DATABASE-NOT-EMPTY 2BP01

USE sales;
OK
!ok

DROP DATABASE sales CASCADE;
org.apache.flink.table.api.ValidationException: Cannot drop a database which is currently in use.
Message: cannot drop the current database "sales"
Hint: USE another database first.
!error GW-DATABASE-IN-USE 55006

USE public;
OK
!ok

CREATE MATERIALIZED TABLE sales.m FRESHNESS = INTERVAL '1' DAY AS SELECT a FROM sales.t;
OK
!ok

!clock
workflow      | trigger | from                | to                  | status     | detail | partitions | rows
--------------+---------+---------------------+---------------------+------------+--------+------------+---------
sales.table:m | INITIAL | 2026-01-15 12:00:00 | 2026-01-15 12:00:00 | SUCCESSFUL |        |            | +0 ~0 -0
(1 row)
!ok

DROP DATABASE sales RESTRICT;
org.apache.flink.table.catalog.exceptions.DatabaseNotEmptyException: Database sales in catalog test_catalog is not empty.
Message: database "sales" is not empty
Hint: DROP DATABASE … CASCADE drops its objects too.
!error GW-DATABASE-NOT-EMPTY 2BP01

DROP DATABASE sales CASCADE;
OK
!ok

SELECT count(*) AS workflows FROM sluice.workflows;
workflows
---------
        0
(1 row)
!ok

DROP DATABASE sales;
org.apache.flink.table.catalog.exceptions.DatabaseNotExistException: Database sales does not exist in Catalog test_catalog.
Message: database "sales" does not exist
!error GW-DATABASE-UNKNOWN 3F000

DROP DATABASE IF EXISTS sales;
OK
!ok

DROP DATABASE sluice CASCADE;
org.apache.flink.table.gateway.api.utils.SqlGatewayException: database "sluice" cannot be changed [GW-DATABASE-PROTECTED]
Detail: It belongs to PostgreSQL or to Sluice.
!error GW-DATABASE-PROTECTED 42501
