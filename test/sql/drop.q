# DROP MATERIALIZED TABLE: storage, workflow and queued runs go; readers keep it unless CASCADE.

SET 'table.dml-sync' = 'true';
OK
!ok

CREATE MATERIALIZED TABLE base FRESHNESS = INTERVAL '1' DAY AS SELECT 1 AS one;
OK
!ok

CREATE MATERIALIZED TABLE child FRESHNESS = INTERVAL '1' DAY AS SELECT one FROM base;
OK
!ok

CREATE VIEW look AS SELECT one FROM base;
OK
!ok

DROP MATERIALIZED TABLE base;
org.apache.flink.table.api.ValidationException: materialized table "base" cannot be dropped, for others read it [MT-DEPENDENTS]
Detail: It is read by materialized table "public.child", view "public.look".
Hint: DROP MATERIALIZED TABLE … CASCADE drops those too.
!error MT-DEPENDENTS 2BP01

DROP MATERIALIZED TABLE base CASCADE;
OK
!ok

SHOW TABLES;
table name
----------
(0 rows)
!ok

DROP MATERIALIZED TABLE base;
org.apache.flink.table.api.ValidationException: Materialized table with identifier `test_catalog`.`public`.`base` does not exist.
Message: materialized table "public.base" does not exist
!error MT-NOTFOUND 42P01

DROP MATERIALIZED TABLE IF EXISTS base;
OK
!ok

CREATE TABLE plain (a int);
OK
!ok

DROP MATERIALIZED TABLE plain;
org.apache.flink.table.api.ValidationException: Table `test_catalog`.`public`.`plain` is not a materialized table, does not support materialized table related operation.
Message: table "plain" is not a materialized table
!error MT-NOT-MT 42809

DROP MATERIALIZED TABLE IF EXISTS plain;
org.apache.flink.table.api.ValidationException: Table `test_catalog`.`public`.`plain` is not a materialized table, does not support materialized table related operation.
Message: table "plain" is not a materialized table
!error MT-NOT-MT 42809

# Nothing is left of its schedule.
SELECT count(*) AS workflows FROM sluice.workflows;
workflows
---------
        0
(1 row)
!ok

# The same name can be used again.
CREATE MATERIALIZED TABLE base FRESHNESS = INTERVAL '1' DAY AS SELECT 2 AS two;
OK
!ok

SELECT * FROM base;
two
---
  2
(1 row)
!ok

# Plain DDL does not reach it.
DROP TABLE base;
org.apache.flink.table.api.ValidationException: Table with identifier 'test_catalog.public.base' does not exist.
Message: "test_catalog.public.base" is a materialized table
Detail: DROP TABLE is for plain tables.
Hint: Use DROP MATERIALIZED TABLE.
!error MT-PLAIN-DDL 42809

DROP TABLE IF EXISTS base;
OK
WARNING: materialized table `test_catalog`.`public`.`base` was not dropped
!ok

ALTER TABLE base ADD COLUMN x int;
org.apache.flink.table.api.ValidationException: ALTER TABLE for a materialized table is not allowed
Message: "test_catalog.public.base" is a materialized table
Detail: ALTER TABLE is for plain tables.
Hint: Use ALTER MATERIALIZED TABLE.
!error MT-PLAIN-DDL 42809

TRUNCATE base;
org.apache.flink.table.api.ValidationException: TRUNCATE TABLE for a materialized table is not allowed
Message: "test_catalog.public.base" is a materialized table
Detail: TRUNCATE TABLE is for plain tables.
Hint: Use ALTER MATERIALIZED TABLE.
!error MT-PLAIN-DDL 42809

SELECT * FROM base;
two
---
  2
(1 row)
!ok
