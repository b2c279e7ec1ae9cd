# DROP DATABASE: its workflows count as what is in it; CASCADE drops them, enabled ones too.
# covers: S1-06

CREATE DATABASE shop;
OK
!ok

CREATE WORKFLOW shop.hourly SCHEDULE = EVERY INTERVAL '1' HOUR TASKS (a EXECUTE 'SELECT 1');
OK
!ok

ALTER WORKFLOW shop.hourly ENABLE;
OK
!ok

DROP DATABASE shop;
org.apache.flink.table.catalog.exceptions.DatabaseNotEmptyException: Database shop in catalog test_catalog is not empty.
Message: database "shop" is not empty
Hint: DROP DATABASE … CASCADE drops its objects too.
!error GW-DATABASE-NOT-EMPTY 2BP01

DROP DATABASE shop CASCADE;
OK
!ok

SHOW WORKFLOWS LIKE 'hourly';
workflow | kind | database | table_name | enabled | version | schedule | time_zone | starts_at | ends_at | next_execution | last_execution | pending | running | successful | failed | tags | created_at
---------+------+----------+------------+---------+---------+----------+-----------+-----------+---------+----------------+----------------+---------+---------+------------+--------+------+-----------
(0 rows)
!ok
