# ALTER MATERIALIZED TABLE … ADD, MODIFY, DROP, RENAME: columns are the query's; the sentences are Flink's where it refuses too.

CREATE MATERIALIZED TABLE t (PRIMARY KEY (shop) NOT ENFORCED) FRESHNESS = INTERVAL '1' DAY AS SELECT 'a' AS shop, 1 AS cnt;
OK
!ok

CREATE MATERIALIZED TABLE plain FRESHNESS = INTERVAL '1' DAY AS SELECT 'a' AS shop;
OK
!ok

ALTER MATERIALIZED TABLE t ADD extra INT;
org.apache.flink.table.api.ValidationException: Failed to execute ALTER MATERIALIZED TABLE statement.
Invalid schema change. All persisted (physical and metadata) columns in the schema part need to be present in the query part.
However, physical column `extra` could not be found in the query.
Message: column "extra" is not produced by the query
!error MT-SCHEMA-UNUSED-COLUMN 42703

ALTER MATERIALIZED TABLE t ADD cnt INT;
org.apache.flink.table.api.ValidationException: Failed to execute ALTER MATERIALIZED TABLE statement.
Column `cnt` already exists in the materialized table.
Message: column "cnt" already exists
!error MT-SCHEMA-DUPLICATE 42701

ALTER MATERIALIZED TABLE t ADD (twice AS cnt * 2);
java.lang.UnsupportedOperationException: a computed column is not supported [GW-NOT-SUPPORTED]
Detail: A materialized table stores what its query yields.
Hint: Put the expression into the query.
!error GW-NOT-SUPPORTED 0A000

ALTER MATERIALIZED TABLE t ADD PRIMARY KEY (cnt) NOT ENFORCED;
org.apache.flink.table.api.ValidationException: Failed to execute ALTER MATERIALIZED TABLE statement.
The current materialized table has already defined the primary key constraint [`shop`]. You might want to drop it before adding a new one.
Message: the table has a primary key already
!error MT-SCHEMA-DUPLICATE 42701

ALTER MATERIALIZED TABLE plain ADD PRIMARY KEY (shop) NOT ENFORCED;
OK
!ok

ALTER MATERIALIZED TABLE t MODIFY cnt BIGINT;
OK
!ok

ALTER MATERIALIZED TABLE t MODIFY nope BIGINT;
org.apache.flink.table.api.ValidationException: Failed to execute ALTER MATERIALIZED TABLE statement.
Invalid schema change. All persisted (physical and metadata) columns in the schema part need to be present in the query part.
However, physical column `nope` could not be found in the query.
Message: column "nope" is not produced by the query
!error MT-SCHEMA-UNUSED-COLUMN 42703

ALTER MATERIALIZED TABLE t DROP cnt;
org.apache.flink.table.api.ValidationException: Failed to execute ALTER MATERIALIZED TABLE statement.
Dropping of persisted column `cnt` is not supported.
Message: column "cnt" is produced by the query
!error MT-EVOLVE-DROP 0A000

ALTER MATERIALIZED TABLE t DROP nope;
org.apache.flink.table.api.ValidationException: Failed to execute ALTER MATERIALIZED TABLE statement.
The column `nope` does not exist in the base table.
Message: column "nope" does not exist
!error MT-SCHEMA-UNKNOWN-NAME 42703

ALTER MATERIALIZED TABLE t DROP (cnt, cnt);
org.apache.flink.table.api.ValidationException: Failed to execute ALTER MATERIALIZED TABLE statement.
Duplicate column `cnt`.
Message: column "cnt" is named twice
!error MT-SCHEMA-DUPLICATE 42701

ALTER MATERIALIZED TABLE t DROP PRIMARY KEY;
OK
!ok

ALTER MATERIALIZED TABLE plain DROP PRIMARY KEY;
OK
!ok

ALTER MATERIALIZED TABLE t DROP CONSTRAINT other;
org.apache.flink.table.api.ValidationException: Failed to execute ALTER MATERIALIZED TABLE statement.
The current materialized table does not define any primary key.
Message: the table has no primary key
!error MT-SCHEMA-PK-MISSING 42703

ALTER MATERIALIZED TABLE t DROP WATERMARK;
org.apache.flink.table.api.ValidationException: Failed to execute ALTER MATERIALIZED TABLE statement.
The current materialized table does not define any watermark strategy.
Message: the table has no watermark
!error MT-WATERMARK-NONE 42704

ALTER MATERIALIZED TABLE t ADD DISTRIBUTION BY HASH (shop) INTO 4 BUCKETS;
java.lang.UnsupportedOperationException: ADD DISTRIBUTION is not supported [GW-NOT-SUPPORTED]
Detail: A table of PostgreSQL has no buckets.
!error GW-NOT-SUPPORTED 0A000

ALTER MATERIALIZED TABLE t DROP DISTRIBUTION;
org.apache.flink.table.api.ValidationException: Materialized table `test_catalog`.`public`.`t` does not have a distribution to drop.
Message: the table has no distribution
Detail: A table of PostgreSQL has no buckets.
!error MT-DIST-NONE 42704

ALTER MATERIALIZED TABLE t RENAME TO plain;
org.apache.flink.table.api.ValidationException: materialized table "plain" exists already [MT-EXISTS]
!error MT-EXISTS 42P07

ALTER MATERIALIZED TABLE t RENAME TO pg_catalog.u;
org.apache.flink.table.gateway.api.utils.SqlGatewayException: RENAME cannot move a table to another database at line 1, column 38 [GW-NAME]
Detail: The table is in "public", the new name in "pg_catalog".
!error GW-NAME 42602

ALTER MATERIALIZED TABLE t RENAME TO renamed;
OK
!ok

SHOW MATERIALIZED TABLES;
materialized table
------------------
plain
renamed
(2 rows)
!ok
