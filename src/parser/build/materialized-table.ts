// Statements about materialized tables.

import { present } from "../../common/assert.ts";
import type { CreateMaterializedTable } from "../ast/create-materialized-table.ts";
import type { DropMaterializedTable } from "../ast/drop-materialized-table.ts";
import type { QualifiedName } from "../ast/name.ts";
import type { Statement } from "../ast/statement.ts";
import { placedError } from "../syntax-error.ts";
import {
  buildComment,
  buildInterval,
  buildKeys,
  buildLiteral,
  buildOptions,
  buildPartition,
  buildPath,
  buildStartMode,
  nameOf,
} from "./parts.ts";
import { buildQuery } from "./query.ts";
import { buildAlterItems, buildColumnNames, buildDistribution, buildSchema } from "./schema.ts";
import type { Tree } from "./tree.ts";

export function buildCreateMaterializedTable(tree: Tree): CreateMaterializedTable {
  refuseTemporary(tree, "CREATE TEMPORARY MATERIALIZED TABLE is not supported.");
  refuseReplace(tree);
  const ifNotExists = tree.has("ifNotExists");
  if (ifNotExists && tree.has("ALTER")) {
    throw placedError(tree.source, {
      code: "GW-SYNTAX",
      message: "OR ALTER and IF NOT EXISTS exclude each other",
      offset: tree.sub("ifNotExists").span.start,
    });
  }
  const distribution = tree.maybe("distributedClause")?.sub("distribution") ?? null;
  const freshness = tree.maybe("freshness");
  return {
    kind: "create-materialized-table",
    name: nameOf(tree),
    orAlter: tree.has("ALTER"),
    ifNotExists,
    schema: buildSchema(tree),
    comment: buildComment(tree),
    distribution: distribution === null ? null : buildDistribution(distribution),
    partitionKeys: buildColumnNames(tree.maybe("partitionedBy")),
    options: buildOptions(tree.maybe("withOptions")),
    startMode: buildStartMode(tree),
    freshness: freshness === null ? null : buildInterval(freshness.sub("interval")),
    refreshMode: tree.maybe("refreshMode")?.which("FULL", "CONTINUOUS") ?? null,
    query: buildQuery(tree),
  };
}

export function buildDropMaterializedTable(tree: Tree): DropMaterializedTable {
  refuseTemporary(tree, "DROP TEMPORARY MATERIALIZED TABLE is not supported.");
  return {
    kind: "drop-materialized-table",
    name: nameOf(tree),
    ifExists: tree.has("ifExists"),
    behaviour: tree.which("RESTRICT", "CASCADE"),
  };
}

export function buildAlterMaterializedTable(tree: Tree): Statement {
  const name = nameOf(tree);
  const holder = tree.sub("alterAction");
  const rule = holder.onlyRule;
  const action = holder.sub(rule);
  switch (rule) {
    case "suspendAction":
    case "resumeAction": {
      const verb = rule === "suspendAction" ? "suspend" : "resume";
      const options = buildOptions(action.maybe("withOptions"));
      return { kind: `alter-materialized-table-${verb}`, name, options };
    }
    case "refreshAction":
      return {
        kind: "alter-materialized-table-refresh",
        name,
        partition: buildPartition(action),
        cascade: action.has("CASCADE"),
        options: buildOptions(action.maybe("withOptions")),
      };
    case "backfillAction":
      return buildBackfill(name, action);
    case "setAction":
      return buildSet(name, action);
    case "resetAction":
      return { kind: "alter-materialized-table-reset-options", name, keys: buildKeys(action) };
    case "asAction":
      return {
        kind: "alter-materialized-table-as",
        name,
        startMode: buildStartMode(action),
        options: buildOptions(action.maybe("withOptions")),
        query: buildQuery(action),
      };
    case "renameAction":
      return { kind: "alter-materialized-table-rename", name, newName: nameOf(action) };
    case "commentClause":
      return { kind: "alter-materialized-table-comment", name, comment: action.string() };
    case "itemsAction":
      return buildItems(name, action, action.has("ADD") ? "add" : "modify");
    default:
      return buildDrop(name, action);
  }
}

function buildBackfill(name: QualifiedName, action: Tree): Statement {
  const [from, to] = action.subs("literal").map(buildLiteral);
  return {
    kind: "alter-materialized-table-backfill",
    name,
    from: present(from, "BACKFILL has FROM"),
    to: present(to, "BACKFILL has TO"),
    options: buildOptions(action.maybe("withOptions")),
  };
}

function buildSet(name: QualifiedName, action: Tree): Statement {
  const freshness = action.maybe("freshness");
  if (freshness !== null) {
    const interval = buildInterval(freshness.sub("interval"));
    return { kind: "alter-materialized-table-set-freshness", name, freshness: interval };
  }
  const mode = action.maybe("refreshMode");
  if (mode !== null) {
    const refreshMode = present(mode.which("FULL", "CONTINUOUS"), "a mode is one of the list");
    return { kind: "alter-materialized-table-set-refresh-mode", name, refreshMode };
  }
  return { kind: "alter-materialized-table-set-options", name, options: buildOptions(action) };
}

function buildItems(name: QualifiedName, action: Tree, verb: "add" | "modify"): Statement {
  if (action.has("distribution")) {
    return {
      kind: "alter-materialized-table-distribution",
      name,
      verb: verb === "add" ? "ADD" : "MODIFY",
      distribution: buildDistribution(action.sub("distribution")),
    };
  }
  return { kind: `alter-materialized-table-${verb}`, name, items: buildAlterItems(action) };
}

function buildDrop(name: QualifiedName, action: Tree): Statement {
  if (action.has("DISTRIBUTION")) {
    const kind = "alter-materialized-table-distribution";
    return { kind, name, verb: "DROP", distribution: null };
  }
  const kind = "alter-materialized-table-drop";
  if (action.has("PRIMARY")) return { kind, name, target: { kind: "primary-key" } };
  if (action.has("WATERMARK")) return { kind, name, target: { kind: "watermark" } };
  const constraint = action.maybe("constraintName");
  if (constraint !== null) {
    return { kind, name, target: { kind: "constraint", name: constraint.identifier().name } };
  }
  const paths = [...action.subs("path"), ...(action.maybe("pathList")?.subs("path") ?? [])];
  return { kind, name, target: { kind: "columns", paths: paths.map(buildPath) } };
}

function refuseTemporary(tree: Tree, sentence: string): void {
  if (!tree.has("TEMPORARY")) return;
  throw placedError(tree.source, {
    code: "MT-PARSE-TEMPORARY",
    message: "a materialized table cannot be temporary",
    offset: tree.token("MATERIALIZED").startOffset,
    hint: "Leave the word TEMPORARY out.",
    flink: sentence,
  });
}

function refuseReplace(tree: Tree): void {
  if (!tree.has("REPLACE")) return;
  throw placedError(tree.source, {
    code: "MT-PARSE-REPLACE",
    message: "a materialized table cannot be replaced",
    offset: tree.token("MATERIALIZED").startOffset,
    hint: "Use CREATE OR ALTER MATERIALIZED TABLE.",
    flink: "REPLACE MATERIALIZED TABLE is not supported.",
  });
}
