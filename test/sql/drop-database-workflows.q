# DROP DATABASE: its workflows count as what is in it; CASCADE drops them, enabled ones too.

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
!error

DROP DATABASE shop CASCADE;
OK
!ok

SHOW WORKFLOWS LIKE 'hourly';
!ok
