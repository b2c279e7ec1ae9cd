// Statement → text that parses to the same statement (positions apart).

import type { CatalogChange } from "./ast/catalog-change.ts";
import type { Explain, ExplainTarget } from "./ast/explain.ts";
import type { ParsedStatement, Statement } from "./ast/statement.ts";
import {
  type AlterMaterializedTable,
  renderAlter,
  renderCreate,
  renderDrop,
} from "./render/materialized-table.ts";
import {
  comment,
  keyList,
  name,
  optionList,
  qualified,
  text,
  withOptions,
  words,
} from "./render/parts.ts";
import {
  type DescribeStatement,
  renderDescribe,
  renderShow,
  type ShowStatement,
} from "./render/show.ts";
import {
  renderWorkflowStatement,
  workflowKinds,
  type WorkflowStatement,
} from "./render/workflow.ts";

/**
 * Canonical text of a statement, on one line unless the query has more or it creates a workflow. Of
 * statements that are only recognised (`unsupported`) the recognised words.
 */
export function render(statement: ParsedStatement): string {
  if (isShow(statement)) return renderShow(statement);
  if (isDescribe(statement)) return renderDescribe(statement);
  if (isAlterTable(statement)) return renderAlter(statement);
  if (isWorkflow(statement)) return renderWorkflowStatement(statement);
  switch (statement.kind) {
    case "passthrough":
      return statement.text;
    case "create-materialized-table":
      return renderCreate(statement);
    case "drop-materialized-table":
      return renderDrop(statement);
    case "explain":
      return renderExplain(statement);
    case "unsupported":
      return statement.words;
    default:
      return renderSession(statement);
  }
}

type SessionStatement = Exclude<
  Statement,
  | ShowStatement
  | DescribeStatement
  | AlterMaterializedTable
  | WorkflowStatement
  | { kind: "create-materialized-table" | "drop-materialized-table" }
  | { kind: "explain" | "unsupported" }
>;

function renderSession(statement: SessionStatement): string {
  switch (statement.kind) {
    case "set":
      return `SET ${text(statement.key)} = ${text(statement.value)}`;
    case "list-settings":
      return "SET";
    case "reset":
      return words("RESET", statement.key === null ? null : text(statement.key));
    case "use-catalog":
      return `USE CATALOG ${qualified(statement.name)}`;
    case "use-database":
      return `USE ${qualified(statement.name)}`;
    case "stop-job": {
      const savepoint = statement.savepoint ? "WITH SAVEPOINT" : null;
      return words(
        "STOP JOB",
        text(statement.job),
        savepoint,
        statement.drain ? "WITH DRAIN" : null,
      );
    }
    case "alter-database":
      return words("ALTER DATABASE", qualified(statement.name), change(statement.change));
    case "alter-catalog":
      return words("ALTER CATALOG", qualified(statement.name), change(statement.change));
    case "drop-database":
    case "drop-catalog": {
      const object = statement.kind === "drop-catalog" ? "CATALOG" : "DATABASE";
      const behaviour = statement.kind === "drop-catalog" ? null : statement.behaviour;
      const ifExists = statement.ifExists ? "IF EXISTS" : null;
      return words("DROP", object, ifExists, qualified(statement.name), behaviour);
    }
    case "create-database":
    case "create-catalog":
      return words(
        statement.kind === "create-catalog" ? "CREATE CATALOG" : "CREATE DATABASE",
        statement.ifNotExists ? "IF NOT EXISTS" : null,
        qualified(statement.name),
        comment(statement.comment),
        withOptions(statement.options),
      );
  }
}

function change(value: CatalogChange): string {
  switch (value.kind) {
    case "set":
      return `SET ${optionList(value.options)}`;
    case "reset":
      return `RESET ${keyList(value.keys)}`;
    case "comment":
      return `COMMENT ${text(value.comment)}`;
    case "rename":
      return `RENAME TO ${name(value.newName)}`;
  }
}

function renderExplain(statement: Explain): string {
  const details = statement.details.join(", ");
  return words("EXPLAIN", details, statement.postgresOptions, renderTarget(statement.target));
}

function renderTarget(target: ExplainTarget): string {
  if (target.kind === "materialized-table") return `MATERIALIZED TABLE ${qualified(target.name)}`;
  return render(target);
}

function isShow(statement: ParsedStatement): statement is ShowStatement {
  return statement.kind.startsWith("show-");
}

function isDescribe(statement: ParsedStatement): statement is DescribeStatement {
  return statement.kind.startsWith("describe-");
}

function isAlterTable(statement: ParsedStatement): statement is AlterMaterializedTable {
  return statement.kind.startsWith("alter-materialized-table-");
}

function isWorkflow(statement: ParsedStatement): statement is WorkflowStatement {
  return workflowKinds.some((kind) => kind === statement.kind);
}
