# EXPLAIN: the plan that would run, and nothing is written; of a query, PostgreSQL's plan.

CREATE TABLE o (shop text, amount int, ts timestamptz);
OK
!ok

CREATE INDEX o_by_time ON o (ts);
OK
!ok

CREATE TABLE s (shop text, city text);
OK
!ok

EXPLAIN CREATE MATERIALIZED TABLE t PARTITIONED BY (ds) WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd')
FRESHNESS = INTERVAL '1' DAY AS SELECT to_char(o.ts, 'YYYY-MM-DD') AS ds, s.city, o.amount FROM o JOIN s ON s.shop = o.shop;
Table public.t
  columns: ds text, city text, amount integer
  primary key: none
  partitioned by: ds (day, yyyy-MM-dd)
  freshness: INTERVAL '1' DAY, time zone UTC
  refresh mode: FULL: the freshness is not below the threshold of CONTINUOUS
  start: FROM_BEGINNING
First load: Refresh of public.t: the whole table
1. lock public.o, public.s, the target before the snapshot
2. stage the whole table of the query
     | SELECT "q"."ds", "q"."city", "q"."amount" FROM (SELECT to_char(o.ts, 'YYYY-MM-DD'::text) AS ds,
     |     s.city,
     |     o.amount
     |    FROM (public.o
     |      JOIN public.s ON ((s.shop = o.shop)))) AS q
3. verify nothing
4. publish by swap
!ok

SHOW MATERIALIZED TABLES;
materialized table
------------------
(0 rows)
!ok

SET 'table.dml-sync' = 'true';
OK
!ok

CREATE MATERIALIZED TABLE t PARTITIONED BY (ds) WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd')
FRESHNESS = INTERVAL '1' DAY AS SELECT to_char(o.ts, 'YYYY-MM-DD') AS ds, s.city, o.amount FROM o JOIN s ON s.shop = o.shop;
OK
!ok

EXPLAIN ALTER MATERIALIZED TABLE t REFRESH PARTITION (ds = '2026-01-14');
Refresh of public.t: 1 partition: ds=2026-01-14
1. lock public.o, public.s, the target before the snapshot
2. stage 1 partition: ds=2026-01-14 of the query
     public.o: ts >= '2026-01-14 00:00:00' AND ts < '2026-01-15 00:00:00'
     public.o: ts >= '-infinity' AND ts < '0001-01-01 00:00:00'
     | SELECT "q"."ds", "q"."city", "q"."amount" FROM (SELECT to_char(o.ts, 'YYYY-MM-DD'::text) AS ds,
     |     s.city,
     |     o.amount
     |    FROM (public.o
     |      JOIN public.s ON ((s.shop = o.shop))) WHERE (("o"."ts" >= least(
     |     timezone('UTC', '2026-01-14 00:00:00'::timestamp - interval '1 day') + interval '24 hours',
     |     timezone('UTC', '2026-01-14 00:00:00'::timestamp),
     |     timezone('UTC', '2026-01-14 00:00:00'::timestamp + interval '1 day') - interval '24 hours') AND "o"."ts" < greatest(
     |     timezone('UTC', '2026-01-15 00:00:00'::timestamp - interval '1 day') + interval '24 hours',
     |     timezone('UTC', '2026-01-15 00:00:00'::timestamp),
     |     timezone('UTC', '2026-01-15 00:00:00'::timestamp + interval '1 day') - interval '24 hours')) OR ("o"."ts" >= '-infinity'::timestamp with time zone AND "o"."ts" < greatest(
     |     timezone('UTC', '0001-01-01 00:00:00'::timestamp - interval '1 day') + interval '24 hours',
     |     timezone('UTC', '0001-01-01 00:00:00'::timestamp),
     |     timezone('UTC', '0001-01-01 00:00:00'::timestamp + interval '1 day') - interval '24 hours')))) AS q WHERE "q"."ds"::text = ANY (ARRAY['2026-01-14']::text[])
3. verify nothing
4. publish by diff-apply; delete-insert if more than 30 % of rows changed
Note: ds: public.o.ts is read by range, by an index
!ok

EXPLAIN ALTER MATERIALIZED TABLE t REFRESH;
Refresh of public.t: the whole table
1. lock public.o, public.s, the target before the snapshot
2. stage the whole table of the query
     | SELECT "q"."ds", "q"."city", "q"."amount" FROM (SELECT to_char(o.ts, 'YYYY-MM-DD'::text) AS ds,
     |     s.city,
     |     o.amount
     |    FROM (public.o
     |      JOIN public.s ON ((s.shop = o.shop)))) AS q
3. verify nothing
4. publish by diff-apply; delete-insert if more than 30 % of rows changed
!ok

EXPLAIN MATERIALIZED TABLE t;
Refresh of public.t: the whole table
1. lock public.o, public.s, the target before the snapshot
2. stage the whole table of the query
     | SELECT "q"."ds", "q"."city", "q"."amount" FROM (SELECT to_char(o.ts, 'YYYY-MM-DD'::text) AS ds,
     |     s.city,
     |     o.amount
     |    FROM (public.o
     |      JOIN public.s ON ((s.shop = o.shop)))) AS q
3. verify nothing
4. publish by diff-apply; delete-insert if more than 30 % of rows changed
!ok

EXPLAIN ALTER MATERIALIZED TABLE t AS SELECT to_char(o.ts, 'YYYY-MM-DD') AS ds, s.city, o.amount, 1 AS one
FROM o JOIN s ON s.shop = o.shop;
Table public.t
  columns: ds text, city text, amount integer, one integer
  primary key: none
  partitioned by: ds (day, yyyy-MM-dd)
  freshness: INTERVAL '1' DAY, time zone UTC
  refresh mode: FULL: the freshness is not below the threshold of CONTINUOUS
  start: FROM_BEGINNING
A refresh of the whole table: Refresh of public.t: the whole table
1. lock public.o, public.s, the target before the snapshot
2. stage the whole table of the query
     | SELECT "q"."ds", "q"."city", "q"."amount", "q"."one" FROM (SELECT to_char(o.ts, 'YYYY-MM-DD'::text) AS ds,
     |     s.city,
     |     o.amount,
     |     1 AS one
     |    FROM (public.o
     |      JOIN public.s ON ((s.shop = o.shop)))) AS q
3. verify nothing
4. publish by diff-apply; delete-insert if more than 30 % of rows changed
!ok

EXPLAIN ALTER MATERIALIZED TABLE t SUSPEND;
org.apache.flink.sql.parser.impl.ParseException: Unsupported ALTER MATERIALIZED TABLE statement for EXPLAIN. The statement must define a query using the AS clause.
Message: this statement has no plan to explain
Detail: Line 1, column 9:
  EXPLAIN ALTER MATERIALIZED TABLE t SUSPEND
          ^
Hint: EXPLAIN works for ALTER MATERIALIZED TABLE … AS, REFRESH and BACKFILL.
!error MT-PARSE-EXPLAIN 0A000

EXPLAIN (COSTS OFF) SELECT shop FROM o WHERE amount = 1;
Seq Scan on o
  Filter: (amount = 1)
!ok

EXPLAIN SELECT nope FROM o;
org.apache.flink.table.api.ValidationException: column "nope" does not exist at line 1, column 16 [GW-POSTGRES]
SQLSTATE: 42703
!error GW-POSTGRES 42703
