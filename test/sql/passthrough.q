# Whatever is not ours is PostgreSQL's: types, DML, transactions, dollar quotes.

SELECT 1 AS one, 'x' AS x, NULL AS nothing, 1.50::numeric(5, 2) AS n, true AS ok, DATE '2026-01-31' AS d;

SELECT 9007199254740993 AS big, '{"a": 1}'::jsonb AS doc, ARRAY[1, 2] AS list, '\x00ff'::bytea AS bytes;

CREATE TABLE `Quoted` (`A b` int);

INSERT INTO `Quoted` VALUES (1), (2);

UPDATE `Quoted` SET `A b` = `A b` + 1;

DELETE FROM `Quoted` WHERE `A b` = 3 RETURNING `A b`;

SELECT '`not a name`' AS text, "A b" FROM "Quoted";

VALUES (1, 'a'), (2, 'b');

WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n;

CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN 'semicolons; inside';
END
$$;

SELECT f();

# A transaction belongs to its session.
BEGIN;

INSERT INTO "Quoted" VALUES (10);

SELECT count(*) AS n FROM "Quoted";

!session other

SELECT count(*) AS n FROM "Quoted";

!session default

ROLLBACK;

SELECT count(*) AS n FROM "Quoted";

CREATE TEMPORARY TABLE mine (a int);

SELECT count(*) AS n FROM mine;

!session other

SELECT count(*) AS n FROM mine;

/* a comment */ SELECT 1 AS after_comment -- and another
;
