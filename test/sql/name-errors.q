# Names that cannot be: too many parts, too long, two watermarks, other catalogs.

DESCRIBE a.b.c.d;
org.apache.flink.table.api.SqlParserException: a name has at most three parts at line 1, column 16 [GW-SYNTAX]
!error GW-SYNTAX 42601

SHOW TABLES FROM a.b.c;
org.apache.flink.table.gateway.api.utils.SqlGatewayException: "a.b.c" is not a database name at line 1, column 18 [GW-NAME]
Detail: A database is named by [catalog.]database.
!error GW-NAME 42602

CREATE MATERIALIZED TABLE a_name_that_has_more_than_the_sixty_three_bytes_that_postgresql_keeps AS SELECT 1 AS a;
org.apache.flink.table.api.ValidationException: name "a_name_that_has_more_than_the_sixty_three_bytes_that_postgresql_keeps" is too long at line 1, column 27 [MT-PARSE-NAME-LENGTH]
Detail: Line 1, column 27:
  CREATE MATERIALIZED TABLE a_name_that_has_more_than_the_sixty_three_bytes_that_postgresql_keeps AS SELECT 1 AS a
                            ^
A name has at most 63 bytes in PostgreSQL.
!error MT-PARSE-NAME-LENGTH 42622

CREATE MATERIALIZED TABLE t (a INT, WATERMARK FOR a AS a, WATERMARK FOR a AS a) AS SELECT 1 AS a;
org.apache.flink.sql.parser.impl.ParseException: Multiple WATERMARK statements is not supported yet.
Message: a table has at most one watermark
Detail: Line 1, column 59:
  CREATE MATERIALIZED TABLE t (a INT, WATERMARK FOR a AS a, WATERMARK FOR a AS a) AS SELECT 1 AS a
                                                            ^
!error MT-PARSE-WATERMARK 0A000

DESCRIBE nope.public.t;
org.apache.flink.table.api.ValidationException: Catalog nope does not exist
Message: catalog "nope" does not exist
Hint: The only catalog is the connected database, "test_catalog".
!error GW-CATALOG-UNKNOWN 3D000

ALTER MATERIALIZED TABLE nope.public.t SUSPEND;
org.apache.flink.table.api.ValidationException: Catalog nope does not exist
Message: catalog "nope" does not exist
Hint: The only catalog is the connected database, "test_catalog".
!error GW-CATALOG-UNKNOWN 3D000
