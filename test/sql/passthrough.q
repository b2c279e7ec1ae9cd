# Whatever is not ours is PostgreSQL's: types, DML, transactions, dollar quotes.

SELECT 1 AS one, 'x' AS x, NULL AS nothing, 1.50::numeric(5, 2) AS n, true AS ok, DATE '2026-01-31' AS d;
one | x | nothing |    n | ok   | d
----+---+---------+------+------+-----------
  1 | x | <NULL>  | 1.50 | TRUE | 2026-01-31
(1 row)
!ok

SELECT 9007199254740993 AS big, '{"a": 1}'::jsonb AS doc, ARRAY[1, 2] AS list, '\x00ff'::bytea AS bytes;
             big | doc      | list   | bytes
-----------------+----------+--------+--------
9007199254740993 | {"a": 1} | [1, 2] | x'00ff'
(1 row)
!ok

CREATE TABLE `Quoted` (`A b` int);
OK
!ok

INSERT INTO `Quoted` VALUES (1), (2);
rows affected
-------------
            2
(1 row)
!ok

UPDATE `Quoted` SET `A b` = `A b` + 1;
rows affected
-------------
            2
(1 row)
!ok

DELETE FROM `Quoted` WHERE `A b` = 3 RETURNING `A b`;
A b
---
  3
(1 row)
!ok

SELECT '`not a name`' AS text, "A b" FROM "Quoted";
text         | A b
-------------+----
`not a name` |   2
(1 row)
!ok

VALUES (1, 'a'), (2, 'b');
column1 | column2
--------+--------
      1 | a
      2 | b
(2 rows)
!ok

WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n;
i
-
1
2
3
(3 rows)
!ok

CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN 'semicolons; inside';
END
$$;
OK
!ok

SELECT f();
f
------------------
semicolons; inside
(1 row)
!ok

# A transaction belongs to its session.
BEGIN;
OK
!ok

INSERT INTO "Quoted" VALUES (10);
rows affected
-------------
            1
(1 row)
!ok

SELECT count(*) AS n FROM "Quoted";
n
-
2
(1 row)
!ok

!session other

SELECT count(*) AS n FROM "Quoted";
n
-
1
(1 row)
!ok

!session default

ROLLBACK;
OK
!ok

SELECT count(*) AS n FROM "Quoted";
n
-
1
(1 row)
!ok

CREATE TEMPORARY TABLE mine (a int);
OK
!ok

SELECT count(*) AS n FROM mine;
n
-
0
(1 row)
!ok

!session other

SELECT count(*) AS n FROM mine;
org.apache.flink.table.api.ValidationException: relation "mine" does not exist at line 1, column 27 [GW-POSTGRES]
SQLSTATE: 42P01
!error GW-POSTGRES 42P01

/* a comment */ SELECT 1 AS after_comment -- and another
;
after_comment
-------------
            1
(1 row)
!ok
