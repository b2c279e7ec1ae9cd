// Errors of materialized tables: MT-*.

import type { ErrorKind } from "../error-codes.ts";

export const tableErrors = {
  "MT-NOTFOUND": {
    sqlstate: "42P01",
    httpStatus: 404,
    meaning: "There is no materialized table of that name.",
  },
  "MT-NOT-MT": {
    sqlstate: "42809",
    httpStatus: 400,
    meaning: "The name is that of something else than a materialized table.",
  },
  "MT-EXISTS": {
    sqlstate: "42P07",
    httpStatus: 409,
    meaning: "A table, view or materialized table of that name exists already.",
  },
  "MT-DATABASE-NOTFOUND": {
    sqlstate: "3F000",
    httpStatus: 404,
    meaning: "There is no database (schema) of that name.",
  },
  "MT-CATALOG": {
    sqlstate: "3D000",
    httpStatus: 400,
    meaning: "The name belongs to another catalog than the connected database.",
  },
  "MT-FRESH-NONPOS": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "FRESHNESS is not a positive whole number.",
  },
  "MT-FRESH-UNIT": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning:
      "FRESHNESS has a unit other than SECOND, MINUTE, HOUR, DAY or WEEK, or a compound one.",
  },
  "MT-FRESH-LITERAL": {
    sqlstate: "22007",
    httpStatus: 400,
    meaning: "The text of the interval cannot be read.",
  },
  "MT-FRESH-CRON-LIMIT": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "Strict only: FRESHNESS of FULL mode is as long as the next larger unit, or longer.",
  },
  "MT-FRESH-CRON-FACTOR": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "Strict only: FRESHNESS of FULL mode does not divide the next larger unit.",
  },
  "MT-FRESH-CRON-DAY": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "Strict only: FRESHNESS of FULL mode is more than one day.",
  },
  "MT-FRESH-CRON-UNIT": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "Strict only: FRESHNESS of FULL mode is given in weeks.",
  },
  "MT-FRESH-PARENT": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning:
      "Strict only: FRESHNESS is no multiple of that of a materialized table the query reads.",
  },
  "MT-START-MODE": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "The argument of START_MODE cannot be used.",
  },
  "MT-CONTINUOUS-NOT-YET": {
    sqlstate: "0A000",
    httpStatus: 400,
    meaning:
      "REFRESH_MODE = CONTINUOUS was asked for; this version of Sluice does not have it yet.",
  },
  "MT-SCHEMA-COUNT": {
    sqlstate: "42601",
    httpStatus: 400,
    meaning: "The list of column names is longer or shorter than the columns of the query.",
  },
  "MT-SCHEMA-UNKNOWN-NAME": {
    sqlstate: "42703",
    httpStatus: 400,
    meaning: "The list names a column that the query does not yield.",
  },
  "MT-SCHEMA-UNUSED-COLUMN": {
    sqlstate: "42703",
    httpStatus: 400,
    meaning: "A declared column is not produced by the query.",
  },
  "MT-SCHEMA-TYPE": {
    sqlstate: "42804",
    httpStatus: 400,
    meaning: "The declared type of a column is not one the query's type can be assigned to.",
  },
  "MT-SCHEMA-UNKNOWN-TYPE": {
    sqlstate: "42704",
    httpStatus: 400,
    meaning: "The declared type of a column does not exist.",
  },
  "MT-SCHEMA-DUPLICATE": {
    sqlstate: "42701",
    httpStatus: 400,
    meaning: "The query or the list has two columns of one name.",
  },
  "MT-SCHEMA-NO-COLUMNS": {
    sqlstate: "42601",
    httpStatus: 400,
    meaning: "The query yields no columns.",
  },
  "MT-SCHEMA-PK-MISSING": {
    sqlstate: "42703",
    httpStatus: 400,
    meaning: "The primary key names a column that the table does not have.",
  },
  "MT-SCHEMA-PK-NULLABLE": {
    sqlstate: "42601",
    httpStatus: 400,
    meaning: "Strict only: a column of the primary key may be null.",
  },
  "MT-SCHEMA-UNIQUE": {
    sqlstate: "0A000",
    httpStatus: 400,
    meaning: "The column list has a UNIQUE constraint.",
  },
  "MT-SCHEMA-ENFORCED": {
    sqlstate: "0A000",
    httpStatus: 400,
    meaning: "The primary key is not declared NOT ENFORCED.",
  },
  "MT-DIST-NONE": {
    sqlstate: "42704",
    httpStatus: 400,
    meaning: "MODIFY or DROP of a distribution that the table does not have.",
  },
  "MT-WATERMARK-NONE": {
    sqlstate: "42704",
    httpStatus: 400,
    meaning: "DROP of a watermark that the table does not have.",
  },
  "MT-PART-NOTINQUERY": {
    sqlstate: "42703",
    httpStatus: 400,
    meaning: "PARTITIONED BY names a column that the query does not yield.",
  },
  "MT-PART-DUPLICATE": {
    sqlstate: "42701",
    httpStatus: 400,
    meaning: "PARTITIONED BY names a column twice.",
  },
  "MT-PART-FMT-NOTPART": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "A partition.fields option names a column that is no partition column.",
  },
  "MT-PART-FMT-NOTSTRING": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "A date formatter is given for a column that is not text.",
  },
  "MT-PART-FMT-PATTERN": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "The pattern of a date formatter cannot be used.",
  },
  "MT-PART-GRAIN": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "The grain of a partition column is unknown or finer than the column can tell.",
  },
  "MT-PART-CHANGE": {
    sqlstate: "0A000",
    httpStatus: 400,
    meaning: "The partitioning of an existing table would change; that needs 'rebuild' = 'true'.",
  },
  "MT-QUERY": {
    sqlstate: "42601",
    httpStatus: 400,
    meaning: "The text after AS is not one query that a materialized table can have.",
  },
  "MT-SELF-REFERENCE": {
    sqlstate: "42P19",
    httpStatus: 400,
    meaning: "The query reads the table itself, directly or through other materialized tables.",
  },
  "MT-TEMPORARY": {
    sqlstate: "42P16",
    httpStatus: 400,
    meaning: "The query reads a temporary object, which no later refresh could see.",
  },
  "MT-OPTION-UNKNOWN": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "The option does not exist.",
  },
  "MT-OPTION-VALUE": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "The value of the option cannot be used.",
  },
  "MT-SET-EMPTY": {
    sqlstate: "42601",
    httpStatus: 400,
    meaning: "SET () without options.",
  },
  "MT-RESET-EMPTY": {
    sqlstate: "42601",
    httpStatus: 400,
    meaning: "RESET () without keys.",
  },
  "MT-RESET-CONNECTOR": {
    sqlstate: "42601",
    httpStatus: 400,
    meaning: "RESET of 'connector'.",
  },
  "MT-EVOLVE-DROP": {
    sqlstate: "0A000",
    httpStatus: 400,
    meaning: "The new query lacks a column of the table.",
  },
  "MT-EVOLVE-MISMATCH": {
    sqlstate: "0A000",
    httpStatus: 400,
    meaning: "The new query has a column of another name, type or place than the table.",
  },
  "MT-EVOLVE-MODE": {
    sqlstate: "0A000",
    httpStatus: 400,
    meaning: "CREATE OR ALTER asks for another refresh mode.",
  },
  "MT-EVOLVE-KEY": {
    sqlstate: "0A000",
    httpStatus: 400,
    meaning: "CREATE OR ALTER asks for another primary key; that needs 'rebuild' = 'true'.",
  },
  "MT-ALTER-ON-TABLE": {
    sqlstate: "42809",
    httpStatus: 400,
    meaning: "ALTER MATERIALIZED TABLE of a plain table or view.",
  },
  "MT-CONVERT-DISABLED": {
    sqlstate: "42809",
    httpStatus: 400,
    meaning: "CREATE OR ALTER MATERIALIZED TABLE of the name of a plain table or view.",
  },
  "MT-STATE-SUSPENDED": {
    sqlstate: "55000",
    httpStatus: 409,
    meaning: "SUSPEND of a table that is suspended.",
  },
  "MT-STATE-ACTIVE": {
    sqlstate: "55000",
    httpStatus: 409,
    meaning: "RESUME of a table that is active.",
  },
  "MT-DEPENDENTS": {
    sqlstate: "2BP01",
    httpStatus: 409,
    meaning: "Others read the table; DROP … CASCADE takes them along.",
  },
  "MT-BUSY": {
    sqlstate: "55P03",
    httpStatus: 409,
    meaning: "The lock on the table could not be had in time.",
  },
  "MT-SPEC-UNKNOWN": {
    sqlstate: "42703",
    httpStatus: 400,
    meaning: "A partition spec names a column that is no partition column.",
  },
  "MT-SPEC-NONSTRING": {
    sqlstate: "42804",
    httpStatus: 400,
    meaning: "Strict only: a partition spec names a column that is not text.",
  },
  "MT-SPEC-VALUE": {
    sqlstate: "22P02",
    httpStatus: 400,
    meaning: "The value of a partition spec is not one of the column's type.",
  },
  "MT-SPEC-FROZEN": {
    sqlstate: "55000",
    httpStatus: 409,
    meaning: "The partition is frozen; REFRESH … WITH ('force' = 'true') computes it all the same.",
  },
  "MT-PARTITION-NOT-LOCAL": {
    sqlstate: "0A000",
    httpStatus: 400,
    meaning:
      "The rows of one partition depend on others, so that the table can only be refreshed whole.",
  },
  "MT-TIME-NULL": {
    sqlstate: "22004",
    httpStatus: 400,
    meaning: "A periodic refresh was asked for without a scheduler time.",
  },
  "MT-TIME-PARSE": {
    sqlstate: "22007",
    httpStatus: 400,
    meaning: "The scheduler time of a periodic refresh cannot be read.",
  },
  "MT-PK-DUPLICATE": {
    sqlstate: "23505",
    httpStatus: 500,
    meaning: "The query yields two rows of one primary key; the table was left as it was.",
  },
  "MT-PK-NULL": {
    sqlstate: "23502",
    httpStatus: 500,
    meaning: "The query yields a null in the primary key; the table was left as it was.",
  },
  "MT-MAX-ROWS": {
    sqlstate: "54000",
    httpStatus: 500,
    meaning: "The query yields more rows than 'refresh.max-rows'; the table was left as it was.",
  },
  "MT-STORAGE-MISSING": {
    sqlstate: "42P01",
    httpStatus: 409,
    meaning: "The stored table was dropped or changed from outside; CREATE OR ALTER rebuilds it.",
  },
  "MT-REFRESH-CANCELED": {
    sqlstate: "57014",
    httpStatus: 409,
    meaning: "The refresh that the statement waited for was cancelled; the table is as before.",
  },
  "MT-PLAIN-DDL": {
    sqlstate: "42809",
    httpStatus: 400,
    meaning: "DROP TABLE, ALTER TABLE or TRUNCATE of a materialized table.",
  },
  "MT-NOT-PARTITIONED": {
    sqlstate: "42809",
    httpStatus: 400,
    meaning: "The table has no partitions that could be listed.",
  },
  "MT-SOURCE-MISSING": {
    sqlstate: "42P01",
    httpStatus: 409,
    meaning: "A relation that the query reads was dropped or renamed; readers keep the last rows.",
  },
  "MT-ROW-SECURITY": {
    sqlstate: "42501",
    httpStatus: 403,
    meaning: "A policy would hide rows of a relation the query reads from the gateway's role.",
  },
  "MT-READONLY": {
    sqlstate: "42501",
    httpStatus: 403,
    meaning:
      "INSERT, UPDATE, DELETE or TRUNCATE of a materialized table by somebody else than a refresh.",
  },
  "MT-REFRESH-FAILED": {
    sqlstate: "XX000",
    httpStatus: 500,
    meaning: "A refresh failed; the error of PostgreSQL is passed on.",
  },
} as const satisfies Record<string, ErrorKind>;
