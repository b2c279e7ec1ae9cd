// SHOW and DESCRIBE.

import { present } from "../../common/assert.ts";
import type { Statement } from "../ast/statement.ts";
import { placedError } from "../syntax-error.ts";
import {
  buildCount,
  buildLike,
  buildName,
  buildPartition,
  maybeName,
  maybeString,
  nameOf,
} from "./parts.ts";
import type { Tree } from "./tree.ts";

export function buildShow(tree: Tree): Statement {
  const rule = tree.onlyRule;
  const body = tree.sub(rule);
  const filter = buildLike(body);
  const database = maybeName(body.maybe("inDatabase"));
  switch (rule) {
    case "showCatalogs":
      return { kind: "show-catalogs", filter };
    case "showDatabases":
      return { kind: "show-databases", catalog: database, filter };
    case "showTables":
      return { kind: "show-tables", database, filter };
    case "showViews":
      return { kind: "show-views", database, filter };
    case "showMaterializedTables":
      return { kind: "show-materialized-tables", database, filter };
    case "showProcedures":
      return { kind: "show-procedures", database, filter };
    case "showWorkflows":
      return { kind: "show-workflows", database, filter };
    case "showFunctions":
      return { kind: "show-functions", user: body.has("USER"), database, filter };
    case "showColumns":
      return { kind: "show-columns", table: present(database, "SHOW COLUMNS has a table"), filter };
    case "showCreate":
      return buildShowCreate(body);
    case "showCreateWorkflow": {
      const version = body.has("VERSION") ? buildCount(body) : null;
      return { kind: "show-create-workflow", name: nameOf(body), version };
    }
    case "showCurrent":
      return body.has("CATALOG")
        ? { kind: "show-current-catalog" }
        : { kind: "show-current-database" };
    case "showPartitions":
      return { kind: "show-partitions", table: nameOf(body), partition: buildPartition(body) };
    case "showModules":
      return { kind: "show-modules", full: body.has("FULL") };
    default:
      return buildShowRuns(rule, body);
  }
}

function buildShowRuns(rule: string, body: Tree): Statement {
  const from = maybeName(body.maybe("fromName"));
  const limitClause = body.maybe("limitClause");
  const limit = limitClause === null ? null : buildCount(limitClause);
  const status = maybeString(body.maybe("withStatus"));
  switch (rule) {
    case "showJobs":
      return { kind: "show-jobs" };
    case "showJars":
      return { kind: "show-jars" };
    case "showQueues":
      return { kind: "show-queues" };
    case "showRefreshes":
      return { kind: "show-refreshes", table: from, status, limit };
    case "showWorkflowInstances":
      return { kind: "show-workflow-instances", workflow: from, status, limit };
    case "showTaskInstances":
      return { kind: "show-task-instances", instance: body.string() };
    default:
      return { kind: "show-backfills", table: from };
  }
}

function buildShowCreate(body: Tree): Statement {
  const object = body.has("MATERIALIZED")
    ? "MATERIALIZED TABLE"
    : present(body.which("TABLE", "VIEW", "CATALOG", "DATABASE"), "SHOW CREATE of a kind");
  return {
    kind: "show-create",
    object,
    name: nameOf(body),
    orAlter: body.has("ALTER"),
    expanded: body.has("EXPANDED"),
  };
}

export function buildDescribe(tree: Tree): Statement {
  const rule = tree.onlyRule;
  const body = tree.sub(rule);
  if (rule === "describeJob") return { kind: "describe-job", job: body.string() };
  if (rule === "describeBackfill") return { kind: "describe-backfill", backfill: body.string() };
  const described = body.sub("describedName");
  const extended = described.has("EXTENDED");
  const name = nameOf(described);
  switch (rule) {
    case "describeCatalog":
      return { kind: "describe-catalog", extended, name };
    case "describeDatabase":
      return { kind: "describe-database", extended, name };
    case "describeFunction":
      return { kind: "describe-function", extended, name };
    case "describeWorkflow":
      return { kind: "describe-workflow", extended, name };
    default:
      return { kind: "describe-table", extended, name };
  }
}

/** USE CATALOG takes one part, USE at most two. */
export function buildUse(tree: Tree): Statement {
  const name = buildName(tree.sub("anyName"));
  const isCatalog = tree.has("CATALOG");
  const extra = tree.sub("anyName").tokens("Word")[isCatalog ? 1 : 2];
  if (extra !== undefined) {
    throw placedError(tree.source, {
      code: "GW-SYNTAX",
      message: isCatalog ? "a catalog has a name of one part" : "a database has at most two parts",
      offset: extra.startOffset,
    });
  }
  return { kind: isCatalog ? "use-catalog" : "use-database", name };
}
