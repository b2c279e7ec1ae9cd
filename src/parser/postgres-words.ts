// Words of PostgreSQL that completion offers. Only that: the parser passes these statements on
// without reading them.

/** How PostgreSQL's usual statements begin. */
export const postgresHeads: readonly string[] = [
  "ALTER FUNCTION",
  "ALTER INDEX",
  "ALTER ROLE",
  "ALTER SCHEMA",
  "ALTER SEQUENCE",
  "ALTER TABLE",
  "ALTER VIEW",
  "ANALYZE",
  "BEGIN",
  "CALL",
  "COMMENT ON",
  "COMMIT",
  "COPY",
  "CREATE EXTENSION",
  "CREATE FUNCTION",
  "CREATE INDEX",
  "CREATE OR REPLACE FUNCTION",
  "CREATE OR REPLACE VIEW",
  "CREATE SCHEMA",
  "CREATE SEQUENCE",
  "CREATE TABLE",
  "CREATE TEMPORARY TABLE",
  "CREATE TEMPORARY VIEW",
  "CREATE UNIQUE INDEX",
  "CREATE VIEW",
  "DELETE FROM",
  "DROP FUNCTION",
  "DROP INDEX",
  "DROP SCHEMA",
  "DROP SEQUENCE",
  "DROP TABLE",
  "DROP VIEW",
  "GRANT",
  "INSERT INTO",
  "MERGE INTO",
  "REFRESH MATERIALIZED VIEW",
  "REVOKE",
  "ROLLBACK",
  "SELECT",
  "TRUNCATE TABLE",
  "UPDATE",
  "VACUUM",
  "VALUES",
  "WITH",
];

/** Words inside of queries, offered once a letter of theirs is typed. */
export const queryWords: readonly string[] = (
  "ALL AND AS ASC BETWEEN BY CASE CAST CROSS DESC DISTINCT ELSE END EXCEPT EXISTS FALSE FILTER " +
  "FROM FULL GROUP HAVING ILIKE IN INNER INTERSECT INTERVAL INTO IS JOIN LATERAL LEFT LIKE LIMIT " +
  "NOT NULL OFFSET ON OR ORDER OUTER OVER PARTITION RETURNING RIGHT SELECT SET THEN TRUE UNION " +
  "USING VALUES WHEN WHERE WINDOW WITH"
).split(" ");

/** Behind these words only the name of a table makes sense. */
export const wordsBeforeTables: ReadonlySet<string> = new Set(["FROM", "JOIN", "INTO", "UPDATE"]);

/** Behind these words a name is likely, so names are offered before a letter is typed. */
export const wordsBeforeNames: ReadonlySet<string> = new Set([
  "TABLE",
  "SELECT",
  "WHERE",
  "ON",
  "BY",
  "AND",
  "OR",
  "HAVING",
  "SET",
  ",",
]);
