// Text of SHOW and DESCRIBE.

import type { Statement } from "../ast/statement.ts";
import type { QualifiedName } from "../ast/name.ts";
import { like, partition, qualified, text, words } from "./parts.ts";

export type ShowStatement = Extract<Statement, { kind: `show-${string}` }>;
export type DescribeStatement = Extract<Statement, { kind: `describe-${string}` }>;

export function renderShow(statement: ShowStatement): string {
  return words("SHOW", shown(statement));
}

function shown(statement: ShowStatement): string {
  switch (statement.kind) {
    case "show-catalogs":
      return words("CATALOGS", like(statement.filter));
    case "show-databases":
      return words("DATABASES", from(statement.catalog), like(statement.filter));
    case "show-tables":
      return words("TABLES", from(statement.database), like(statement.filter));
    case "show-views":
      return words("VIEWS", from(statement.database), like(statement.filter));
    case "show-materialized-tables":
      return words("MATERIALIZED TABLES", from(statement.database), like(statement.filter));
    case "show-procedures":
      return words("PROCEDURES", from(statement.database), like(statement.filter));
    case "show-workflows":
      return words("WORKFLOWS", from(statement.database), like(statement.filter));
    case "show-functions": {
      const head = statement.user ? "USER FUNCTIONS" : "FUNCTIONS";
      return words(head, from(statement.database), like(statement.filter));
    }
    case "show-columns":
      return words("COLUMNS", from(statement.table), like(statement.filter));
    case "show-create": {
      const orAlter = statement.orAlter ? "OR ALTER" : null;
      const expanded = statement.expanded ? "EXPANDED" : null;
      return words("CREATE", orAlter, statement.object, qualified(statement.name), expanded);
    }
    case "show-create-workflow": {
      const version = statement.version === null ? null : `VERSION ${statement.version}`;
      return words("CREATE WORKFLOW", qualified(statement.name), version);
    }
    case "show-partitions":
      return words("PARTITIONS", qualified(statement.table), partition(statement.partition));
    case "show-modules":
      return statement.full ? "FULL MODULES" : "MODULES";
    default:
      return shownRuns(statement);
  }
}

type ShowRuns = Extract<
  ShowStatement,
  {
    kind:
      | "show-jobs"
      | "show-jars"
      | "show-queues"
      | "show-current-catalog"
      | "show-current-database"
      | "show-refreshes"
      | "show-workflow-instances"
      | "show-task-instances"
      | "show-backfills";
  }
>;

function shownRuns(statement: ShowRuns): string {
  switch (statement.kind) {
    case "show-jobs":
      return "JOBS";
    case "show-jars":
      return "JARS";
    case "show-queues":
      return "QUEUES";
    case "show-current-catalog":
      return "CURRENT CATALOG";
    case "show-current-database":
      return "CURRENT DATABASE";
    case "show-refreshes":
      return words("REFRESHES", from(statement.table), filters(statement));
    case "show-workflow-instances":
      return words("WORKFLOW INSTANCES", from(statement.workflow), filters(statement));
    case "show-task-instances":
      return `TASK INSTANCES FROM INSTANCE ${text(statement.instance)}`;
    case "show-backfills":
      return words("BACKFILLS", from(statement.table));
  }
}

export function renderDescribe(statement: DescribeStatement): string {
  switch (statement.kind) {
    case "describe-job":
      return `DESCRIBE JOB ${text(statement.job)}`;
    case "describe-backfill":
      return `DESCRIBE BACKFILL ${text(statement.backfill)}`;
    case "describe-catalog":
      return described("CATALOG", statement);
    case "describe-database":
      return described("DATABASE", statement);
    case "describe-function":
      return described("FUNCTION", statement);
    case "describe-workflow":
      return described("WORKFLOW", statement);
    case "describe-table":
      return described("", statement);
  }
}

function described(
  object: string,
  statement: { readonly extended: boolean; readonly name: QualifiedName },
): string {
  const extended = statement.extended ? "EXTENDED" : null;
  return words("DESCRIBE", object, extended, qualified(statement.name));
}

function from(name: QualifiedName | null): string | null {
  return name === null ? null : `FROM ${qualified(name)}`;
}

function filters(statement: {
  readonly status: string | null;
  readonly limit: number | null;
}): string {
  return words(
    statement.status === null ? null : `WITH STATUS ${text(statement.status)}`,
    statement.limit === null ? null : `LIMIT ${statement.limit}`,
  );
}
