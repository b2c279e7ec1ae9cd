-- A materialized table through the SQL Client; table.dml-sync makes statements wait for what they start.
SET 'sql-client.execution.result-mode' = 'tableau';
SET 'execution.runtime-mode' = 'batch';
SET 'table.dml-sync' = 'true';
CREATE TABLE cli_orders (id bigint PRIMARY KEY, ordered_on date NOT NULL, amount numeric(10, 2) NOT NULL);
INSERT INTO cli_orders VALUES (1, '2026-01-30', 10), (2, '2026-01-30', 20), (3, '2026-01-31', 5);
CREATE MATERIALIZED TABLE cli_daily
  PARTITIONED BY (ds)
  FRESHNESS = INTERVAL '1' DAY
  REFRESH_MODE = FULL
AS SELECT ordered_on AS ds, count(*) AS orders, sum(amount) AS revenue FROM cli_orders GROUP BY ordered_on;
SELECT * FROM cli_daily ORDER BY ds;
INSERT INTO cli_orders VALUES (4, '2026-01-31', 7);
ALTER MATERIALIZED TABLE cli_daily REFRESH PARTITION (ds = DATE '2026-01-31');
SELECT * FROM cli_daily ORDER BY ds;
DESCRIBE cli_daily;
SHOW CREATE MATERIALIZED TABLE cli_daily;
ALTER MATERIALIZED TABLE cli_daily SUSPEND;
ALTER MATERIALIZED TABLE cli_daily RESUME;
DROP MATERIALIZED TABLE cli_daily;
DROP TABLE cli_orders;
