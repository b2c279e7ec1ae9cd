-- Statements with one meaning in Flink and in PostgreSQL.
SET 'sql-client.execution.result-mode' = 'tableau';
SET 'execution.runtime-mode' = 'batch';
SHOW CURRENT DATABASE;
SELECT 1 AS x;
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t (id, note);
SELECT CAST(NULL AS INT) AS n, DATE '2026-01-31' AS d, CAST(12.5 AS DECIMAL(10, 2)) AS amount;
CREATE DATABASE cli_check;
USE cli_check;
SHOW TABLES;
CREATE VIEW v AS SELECT CAST(1 AS BIGINT) AS id;
DESCRIBE v;
SHOW TABLES;
SELECT id FROM v;
DROP VIEW v;
USE public;
DROP DATABASE cli_check;
RESET 'execution.runtime-mode';
