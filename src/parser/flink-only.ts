// Statements that only Flink knows. They are recognised by their first words and answered with one
// clean sentence (SQLSTATE 0A000) instead of a syntax error of PostgreSQL.

export interface FlinkOnlyRow {
  /** First words, in the notation of statement-owner.ts; the error names them. */
  readonly words: string;
  readonly sentence: string;
  readonly hint: string | null;
}

const noClasses = "Sluice runs inside of PostgreSQL, where there are no Java classes to load.";
const noPlans = "Sluice has no compiled plans: PostgreSQL plans each statement when it runs.";
const noSets = "Sluice runs each INSERT as a statement of its own.";
const noModules = "Functions come from PostgreSQL's schemas and extensions, not from modules.";
const noModels = "PostgreSQL has no models to call from SQL.";
const noConnections = "Connections of Flink have no meaning on PostgreSQL.";
const transaction = "Wrap the statements in BEGIN and COMMIT.";
const useExtension = "Use CREATE EXTENSION or CREATE FUNCTION.";

export const flinkOnlyStatements: readonly FlinkOnlyRow[] = [
  { words: "BEGIN STATEMENT SET", sentence: noSets, hint: transaction },
  { words: "EXECUTE STATEMENT SET", sentence: noSets, hint: transaction },
  { words: "EXPLAIN STATEMENT SET", sentence: noSets, hint: "Explain each INSERT by itself." },
  {
    words: "END end",
    sentence: "END only ends a statement set of Flink, and Sluice has none.",
    hint: "Use COMMIT to end a transaction.",
  },
  { words: "ADD JAR", sentence: noClasses, hint: useExtension },
  { words: "REMOVE JAR", sentence: noClasses, hint: null },
  { words: "LOAD MODULE", sentence: noModules, hint: useExtension },
  { words: "UNLOAD MODULE", sentence: noModules, hint: null },
  {
    words: "USE MODULES",
    sentence: noModules,
    hint: "SET search_path decides which function a name finds.",
  },
  { words: "COMPILE PLAN", sentence: noPlans, hint: null },
  { words: "COMPILE AND EXECUTE PLAN", sentence: noPlans, hint: "Run the statement itself." },
  { words: "EXECUTE PLAN string", sentence: noPlans, hint: "Run the statement itself." },
  {
    words: "EXECUTE INSERT INTO|OVERWRITE",
    sentence: "EXECUTE before a statement is only known to Flink.",
    hint: "Leave the word EXECUTE out.",
  },
  {
    words: "EXECUTE SELECT|WITH|VALUES",
    sentence: "EXECUTE before a statement is only known to Flink.",
    hint: "Leave the word EXECUTE out.",
  },
  {
    words: "INSERT OVERWRITE",
    sentence: "PostgreSQL tables are not overwritten by INSERT.",
    hint: "DELETE the rows first, or use a materialized table and REFRESH it.",
  },
  {
    words: "ANALYZE TABLE",
    sentence: "Statistics are PostgreSQL's own, and so is their syntax.",
    hint: "Use ANALYZE followed by the name of the table.",
  },
  {
    words: "CREATE [TEMPORARY] SYSTEM FUNCTION",
    sentence: "PostgreSQL has no system functions that users make.",
    hint: "Use CREATE FUNCTION.",
  },
  {
    words: "CREATE TEMPORARY FUNCTION",
    sentence: "PostgreSQL has no temporary functions.",
    hint: "Create it in the schema pg_temp: CREATE FUNCTION pg_temp.name ….",
  },
  { words: "CREATE [OR ALTER|REPLACE] [TEMPORARY] MODEL", sentence: noModels, hint: null },
  { words: "ALTER MODEL", sentence: noModels, hint: null },
  { words: "DROP [TEMPORARY] MODEL", sentence: noModels, hint: null },
  { words: "SHOW MODELS", sentence: noModels, hint: null },
  { words: "SHOW CREATE MODEL", sentence: noModels, hint: null },
  { words: "DESCRIBE|DESC MODEL name", sentence: noModels, hint: null },
  { words: "CREATE [TEMPORARY] [SYSTEM] CONNECTION", sentence: noConnections, hint: null },
  { words: "ALTER CONNECTION", sentence: noConnections, hint: null },
  { words: "DROP [TEMPORARY] [SYSTEM] CONNECTION", sentence: noConnections, hint: null },
  { words: "SHOW CONNECTIONS", sentence: noConnections, hint: null },
  { words: "SHOW CREATE CONNECTION", sentence: noConnections, hint: null },
];
