# Catalogs: the connected database is the only one; it can be looked at and nothing else.
# covers: G-49

SHOW CATALOGS LIKE 'test%';
catalog name
------------
test_catalog
(1 row)
!ok

SHOW CATALOGS NOT LIKE 'test%';
catalog name
------------
(0 rows)
!ok

DESCRIBE CATALOG test_catalog;
info name | info value
----------+-------------
name      | test_catalog
type      | postgres
comment   |
(3 rows)
!ok

SHOW DATABASES FROM test_catalog LIKE 'public';
database name
-------------
public
(1 row)
!ok

SHOW DATABASES FROM nope;
org.apache.flink.table.api.ValidationException: Catalog nope does not exist
Message: catalog "nope" does not exist
Hint: The only catalog is the connected database, "test_catalog".
!error GW-CATALOG-UNKNOWN 3D000

ALTER CATALOG test_catalog SET ('k' = 'v');
java.lang.UnsupportedOperationException: ALTER CATALOG is not supported [GW-NOT-SUPPORTED]
Detail: The only catalog is the connected database, "test_catalog"; it has no options.
!error GW-NOT-SUPPORTED 0A000

CREATE CATALOG c WITH ('type' = 'x');
java.lang.UnsupportedOperationException: CREATE CATALOG is not supported [GW-NOT-SUPPORTED]
Detail: The only catalog is the connected database, "test_catalog".
Hint: CREATE DATABASE makes a schema in it.
!error GW-NOT-SUPPORTED 0A000

DROP CATALOG test_catalog;
org.apache.flink.table.catalog.exceptions.CatalogException: Cannot drop a catalog which is currently in use.
Message: catalog "test_catalog" cannot be dropped
Detail: The catalog is the connected database, which every session uses.
!error GW-NOT-SUPPORTED 0A000

DROP CATALOG nope;
org.apache.flink.table.api.ValidationException: Catalog nope does not exist
Message: catalog "nope" does not exist
Hint: The only catalog is the connected database, "test_catalog".
!error GW-CATALOG-UNKNOWN 3D000

DROP CATALOG IF EXISTS nope;
OK
!ok
