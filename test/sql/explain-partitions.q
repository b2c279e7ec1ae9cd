# The query of a plan as it would be sent: values quoted, plain columns reached by the condition, long lists cut.

CREATE TABLE o (shop text, d date, ts timestamptz);
OK
!ok

CREATE INDEX o_by_d ON o (d);
OK
!ok

CREATE TABLE s (shop text, city text);
OK
!ok

SET 'table.dml-sync' = 'true';
OK
!ok

CREATE MATERIALIZED TABLE plain PARTITIONED BY (d, shop) FRESHNESS = INTERVAL '1' DAY
AS SELECT o.d, o.shop, count(*) AS n FROM o JOIN s ON s.shop = o.shop GROUP BY o.d, o.shop;
OK
!ok

EXPLAIN ALTER MATERIALIZED TABLE plain REFRESH PARTITION (d = '2026-01-14');
Refresh of public.plain: 1 partition: d=2026-01-14
1. lock public.o, public.s, the target before the snapshot
2. stage 1 partition: d=2026-01-14 of the query
     | SELECT "q"."d", "q"."shop", "q"."n" FROM (SELECT o.d,
     |     o.shop,
     |     count(*) AS n
     |    FROM (public.o
     |      JOIN public.s ON ((s.shop = o.shop)))
     |   GROUP BY o.d, o.shop) AS q WHERE "q"."d"::date = ANY (ARRAY['2026-01-14']::date[])
3. verify nothing
4. publish by diff-apply; delete-insert if more than 30 % of rows changed
Note: d: the condition reaches public.o.d by an index
!ok

EXPLAIN ALTER MATERIALIZED TABLE plain REFRESH PARTITION (d = '2026-01-14', shop = 'Joe''s \ bar');
Refresh of public.plain: 1 partition: d=2026-01-14/shop=Joe's %5C bar
1. lock public.o, public.s, the target before the snapshot
2. stage 1 partition: d=2026-01-14/shop=Joe's %5C bar of the query
     | SELECT "q"."d", "q"."shop", "q"."n" FROM (SELECT o.d,
     |     o.shop,
     |     count(*) AS n
     |    FROM (public.o
     |      JOIN public.s ON ((s.shop = o.shop)))
     |   GROUP BY o.d, o.shop) AS q WHERE (("q"."d"::date = '2026-01-14'::date AND "q"."shop"::text =  E'Joe''s \\ bar'::text))
3. verify nothing
4. publish by diff-apply; delete-insert if more than 30 % of rows changed
Note: d: the condition reaches public.o.d by an index
Note: shop: no range of a base column is known, the condition around the query applies
!ok

EXPLAIN CREATE MATERIALIZED TABLE t PARTITIONED BY (d) START_MODE = FROM_NOW(INTERVAL '10' DAY)
FRESHNESS = INTERVAL '1' DAY AS SELECT o.d, s.city FROM o JOIN s ON s.shop = o.shop;
Table public.t
  columns: d date, city text
  primary key: none
  partitioned by: d (day)
  freshness: INTERVAL '1' DAY, time zone UTC
  refresh mode: FULL: the freshness is not below the threshold of CONTINUOUS
  start: FROM_NOW(INTERVAL '10' DAY)
First load: Refresh of public.t: 11 partitions: d=2026-01-05, d=2026-01-06, d=2026-01-07, d=2026-01-08, d=2026-01-09, d=2026-01-10, d=2026-01-11, d=2026-01-12, d=2026-01-13, d=2026-01-14 and 1 more
1. lock public.o, public.s, the target before the snapshot
2. stage 11 partitions: d=2026-01-05, d=2026-01-06, d=2026-01-07, d=2026-01-08, d=2026-01-09, d=2026-01-10, d=2026-01-11, d=2026-01-12, d=2026-01-13, d=2026-01-14 and 1 more of the query
     | SELECT "q"."d", "q"."city" FROM (SELECT o.d,
     |     s.city
     |    FROM (public.o
     |      JOIN public.s ON ((s.shop = o.shop)))) AS q WHERE "q"."d"::date = ANY (ARRAY['2026-01-05', '2026-01-06', '2026-01-07', '2026-01-08', '2026-01-09', '2026-01-10', '2026-01-11', '2026-01-12']::date[])
     | -- and 3 partitions more in the condition
3. verify nothing
4. publish by delete-insert
Note: d: the condition reaches public.o.d by an index
!ok
