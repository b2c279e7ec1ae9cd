# ALTER MATERIALIZED TABLE … of types, comments and the primary key: the rows stay, and must fit.

SET 'table.dml-sync' = 'true';
OK
!ok

CREATE TABLE o (shop text, d date, n int, note varchar(10));
OK
!ok

INSERT INTO o VALUES ('a', '2026-01-14', 1, 'one'), ('b', '2026-01-14', 2, 'two');
rows affected
-------------
            2
(1 row)
!ok

CREATE MATERIALIZED TABLE t PARTITIONED BY (d) FRESHNESS = INTERVAL '1' DAY AS SELECT shop, d, n, note FROM o;
OK
!ok

ALTER MATERIALIZED TABLE t MODIFY (n BIGINT COMMENT 'how many', note VARCHAR(20));
OK
!ok

ALTER MATERIALIZED TABLE t MODIFY n STRING;
org.apache.flink.table.api.ValidationException: Failed to execute ALTER MATERIALIZED TABLE statement.
Column 'n' with type BIGINT can not be changed to STRING.
Message: column "n" of type bigint cannot become text
Detail: A new type must take every value of the old one, and what the query yields.
!error MT-SCHEMA-TYPE 42804

ALTER MATERIALIZED TABLE t MODIFY note VARCHAR(5);
org.apache.flink.table.api.ValidationException: Failed to execute ALTER MATERIALIZED TABLE statement.
Column 'note' with type VARCHAR(20) can not be changed to VARCHAR(5).
Message: column "note" of type character varying(20) cannot become character varying(5)
Detail: A new type must take every value of the old one, and what the query yields.
!error MT-SCHEMA-TYPE 42804

ALTER MATERIALIZED TABLE t MODIFY d TIMESTAMP(6);
java.lang.UnsupportedOperationException: the type of partition column "d" cannot be changed [GW-NOT-SUPPORTED]
Hint: CREATE OR ALTER MATERIALIZED TABLE … WITH ('rebuild' = 'true') makes the table anew.
!error GW-NOT-SUPPORTED 0A000

ALTER MATERIALIZED TABLE t MODIFY n BIGINT FIRST;
java.lang.UnsupportedOperationException: another place of a column is not supported [GW-NOT-SUPPORTED]
Detail: The order of the columns is the query's.
Hint: CREATE OR ALTER MATERIALIZED TABLE … WITH ('rebuild' = 'true') makes the table anew.
!error GW-NOT-SUPPORTED 0A000

ALTER MATERIALIZED TABLE t ADD PRIMARY KEY (d) NOT ENFORCED;
org.apache.flink.table.api.ValidationException: rows of "t" have the same primary key (d) [MT-PK-DUPLICATE]
Detail: Key (d)=(2026-01-14) is duplicated.
!error MT-PK-DUPLICATE 23505

ALTER MATERIALIZED TABLE t ADD PRIMARY KEY (nope) NOT ENFORCED;
org.apache.flink.table.api.ValidationException: Failed to execute ALTER MATERIALIZED TABLE statement.
Invalid primary key 'PK_nope'. Column 'nope' does not exist.
Message: primary key column "nope" is no column of the table
!error MT-SCHEMA-PK-MISSING 42703

ALTER MATERIALIZED TABLE t ADD CONSTRAINT own PRIMARY KEY (d, shop) NOT ENFORCED;
OK
!ok

SHOW CREATE MATERIALIZED TABLE t;
CREATE MATERIALIZED TABLE `test_catalog`.`public`.`t` (
  `shop` STRING NOT NULL,
  `d` DATE NOT NULL,
  `n` BIGINT COMMENT 'how many',
  `note` VARCHAR(20),
  CONSTRAINT `own` PRIMARY KEY (`d`, `shop`) NOT ENFORCED
)
PARTITIONED BY (`d`)
START_MODE = FROM_BEGINNING
FRESHNESS = INTERVAL '1' DAY
REFRESH_MODE = FULL
AS SELECT shop, d, n, note FROM o
!ok

SELECT indexdef FROM pg_indexes WHERE tablename = 't' ORDER BY 1;
indexdef
------------------------------------------------------------------
CREATE INDEX t_d_idx ON public.t USING btree (d)
CREATE UNIQUE INDEX t_d_shop_idx ON public.t USING btree (d, shop)
(2 rows)
!ok

# A refresh goes by the new key: duplicates are refused now.
INSERT INTO o VALUES ('a', '2026-01-14', 3, 'again');
rows affected
-------------
            1
(1 row)
!ok

ALTER MATERIALIZED TABLE t REFRESH;
org.apache.flink.table.api.ValidationException: the query yields two rows of one primary key of public.t [MT-PK-DUPLICATE]
Detail: Key {"d": "2026-01-14", "shop": "a"}. Run <id 1> ended with this error; the table is as it was before.
!error MT-PK-DUPLICATE 23505

ALTER MATERIALIZED TABLE t DROP CONSTRAINT other;
org.apache.flink.table.api.ValidationException: Failed to execute ALTER MATERIALIZED TABLE statement.
The current materialized table does not define a primary key constraint named 'other'. Available constraint name: ['own'].
Message: the table has no constraint "other"
!error MT-SCHEMA-PK-MISSING 42703

ALTER MATERIALIZED TABLE t DROP CONSTRAINT own;
OK
!ok

INSERT INTO o VALUES ('c', NULL, 4, 'no day');
rows affected
-------------
            1
(1 row)
!ok

ALTER MATERIALIZED TABLE t DROP CONSTRAINT own;
org.apache.flink.table.api.ValidationException: Failed to execute ALTER MATERIALIZED TABLE statement.
The current materialized table does not define any primary key.
Message: the table has no primary key
!error MT-SCHEMA-PK-MISSING 42703

ALTER MATERIALIZED TABLE t REFRESH;
job id  | cluster info
--------+-----------------------------------------------------
<job 1> | {execution.target=sluice, workflow.instance=<job 1>}
(1 row)
!ok

SELECT * FROM t ORDER BY n;
shop | d          | n | note
-----+------------+---+-------
a    | 2026-01-14 | 1 | one
b    | 2026-01-14 | 2 | two
a    | 2026-01-14 | 3 | again
c    | <NULL>     | 4 | no day
(4 rows)
!ok

SELECT indexdef FROM pg_indexes WHERE tablename = 't' ORDER BY 1;
indexdef
------------------------------------------------
CREATE INDEX t_d_idx ON public.t USING btree (d)
(1 row)
!ok
