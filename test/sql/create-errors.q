# CREATE MATERIALIZED TABLE: what is refused, and how it is said. Nothing is left behind.

CREATE TABLE orders (order_id bigint, shop text, amount int, ds text, ts timestamptz);
OK
!ok

CREATE VIEW shops AS SELECT DISTINCT shop FROM orders;
OK
!ok

# Names
CREATE MATERIALIZED TABLE orders FRESHNESS = INTERVAL '1' DAY AS SELECT 1 AS a;
org.apache.flink.table.catalog.exceptions.TableAlreadyExistException: Table (or view) public.orders already exists in Catalog test_catalog.
Message: table "orders" exists already
!error MT-EXISTS 42P07

CREATE MATERIALIZED TABLE nowhere.e FRESHNESS = INTERVAL '1' DAY AS SELECT 1 AS a;
org.apache.flink.table.api.ValidationException: Could not execute CreateTable in path test_catalog.nowhere.e
Message: database "nowhere" does not exist
Hint: CREATE DATABASE nowhere makes it.
!error MT-DATABASE-NOTFOUND 3F000

CREATE MATERIALIZED TABLE nocatalog.public.e FRESHNESS = INTERVAL '1' DAY AS SELECT 1 AS a;
org.apache.flink.table.api.ValidationException: Catalog nocatalog does not exist
Message: catalog "nocatalog" does not exist
Hint: The only catalog is the connected database, "test_catalog".
!error GW-CATALOG-UNKNOWN 3D000

# The query
CREATE MATERIALIZED TABLE e FRESHNESS = INTERVAL '1' DAY AS SELECT nope FROM orders;
org.apache.flink.table.api.ValidationException: column "nope" does not exist at line 1, column 68 [GW-POSTGRES]
SQLSTATE: 42703
!error GW-POSTGRES 42703

CREATE MATERIALIZED TABLE e FRESHNESS = INTERVAL '1' DAY AS DELETE FROM orders RETURNING *;
org.apache.flink.sql.parser.impl.ParseException: Encountered "DELETE" at line 1, column 61.
Message: syntax error at or near "DELETE"
Detail: Line 1, column 61:
  CREATE MATERIALIZED TABLE e FRESHNESS = INTERVAL '1' DAY AS DELETE FROM orders RETURNING *
                                                              ^
Expected a query.
!error GW-SYNTAX 42601

CREATE MATERIALIZED TABLE e FRESHNESS = INTERVAL '1' DAY AS SELECT FROM orders;
org.apache.flink.table.api.ValidationException: the query yields no columns [MT-SCHEMA-NO-COLUMNS]
!error MT-SCHEMA-NO-COLUMNS 42601

CREATE MATERIALIZED TABLE e FRESHNESS = INTERVAL '1' DAY AS SELECT 1 AS a, 2 AS a;
org.apache.flink.table.api.ValidationException: the query has two columns of one name [MT-SCHEMA-DUPLICATE]
Detail: PostgreSQL says: column "a" specified more than once.
Hint: Give one of them another name with AS.
!error MT-SCHEMA-DUPLICATE 42701

# The column list
CREATE MATERIALIZED TABLE e (a, b, c) FRESHNESS = INTERVAL '1' DAY AS SELECT shop, ds FROM orders;
org.apache.flink.table.api.ValidationException: The number of columns in the column list must match the number of columns in the source schema.
Message: the list names 3 columns, but the query yields 2
!error MT-SCHEMA-COUNT 42601

CREATE MATERIALIZED TABLE e (a, b) FRESHNESS = INTERVAL '1' DAY AS SELECT shop, ds FROM orders;
org.apache.flink.table.api.ValidationException: Column 'a' not found in the source schema.
Message: the query yields no column "a"
Detail: Its columns are "shop", "ds".
Hint: The list puts columns in order; to rename one use AS in the query.
!error MT-SCHEMA-UNKNOWN-NAME 42703

CREATE MATERIALIZED TABLE e (shop STRING, extra INT) FRESHNESS = INTERVAL '1' DAY AS SELECT shop FROM orders;
org.apache.flink.table.api.ValidationException: Invalid as physical column 'extra' is defined in the DDL, but is not used in a query column.
Message: the query yields no column "extra"
!error MT-SCHEMA-UNUSED-COLUMN 42703

CREATE MATERIALIZED TABLE e (amount DATE) FRESHNESS = INTERVAL '1' DAY AS SELECT amount FROM orders;
org.apache.flink.table.api.ValidationException: Incompatible types for sink column 'amount' at position 0. The source column has type 'INT', while the target column has type 'DATE'.
Message: column "amount" is of type integer in the query, which cannot become date
Hint: Cast it in the query.
!error MT-SCHEMA-TYPE 42804

CREATE MATERIALIZED TABLE e (PRIMARY KEY (nope) NOT ENFORCED) FRESHNESS = INTERVAL '1' DAY AS SELECT shop FROM orders;
org.apache.flink.table.api.ValidationException: Primary key column 'nope' is not defined in the schema
Message: primary key column "nope" is no column of the table
!error MT-SCHEMA-PK-MISSING 42703

CREATE MATERIALIZED TABLE e (PRIMARY KEY (shop)) FRESHNESS = INTERVAL '1' DAY AS SELECT shop FROM orders;
org.apache.flink.sql.parser.error.SqlValidateException: Flink doesn't support ENFORCED mode for PRIMARY KEY constraint. ENFORCED/NOT ENFORCED controls if the constraint checks are performed on the incoming/outgoing data. Flink does not own the data therefore the only supported mode is the NOT ENFORCED mode
Message: the primary key must be NOT ENFORCED
Detail: Rows come from the query; a unique index guards the key all the same.
!error MT-SCHEMA-ENFORCED 0A000

CREATE MATERIALIZED TABLE e (UNIQUE (shop) NOT ENFORCED) FRESHNESS = INTERVAL '1' DAY AS SELECT shop FROM orders;
org.apache.flink.sql.parser.error.SqlValidateException: UNIQUE constraint is not supported yet
Message: UNIQUE constraints are not supported
!error MT-SCHEMA-UNIQUE 0A000

CREATE MATERIALIZED TABLE e (PRIMARY KEY (shop) NOT ENFORCED) WITH ('flink-strict' = 'true') FRESHNESS = INTERVAL '1' DAY AS SELECT shop FROM orders;
org.apache.flink.table.api.ValidationException: Invalid primary key 'PK_shop'. Column 'shop' is nullable.
Message: primary key column "shop" may be null
!error MT-SCHEMA-PK-NULLABLE 42601

CREATE MATERIALIZED TABLE e (shop NONSENSE) FRESHNESS = INTERVAL '1' DAY AS SELECT shop FROM orders;
org.apache.flink.table.api.ValidationException: type "nonsense" does not exist [MT-SCHEMA-UNKNOWN-TYPE]
!error MT-SCHEMA-UNKNOWN-TYPE 42704

SHOW TABLES;
table name
----------
orders
shops
(2 rows)
!ok
