// Syntax tree → statement: the rule of the grammar decides which builder is asked. Invariant: what
// comes out is frozen.

import { present } from "../../common/assert.ts";
import type { CatalogChange } from "../ast/catalog-change.ts";
import { type Explain, explainDetails, type ExplainTarget } from "../ast/explain.ts";
import type { Statement } from "../ast/statement.ts";
import { classify } from "../classify.ts";
import { placedError } from "../syntax-error.ts";
import {
  buildAlterMaterializedTable,
  buildCreateMaterializedTable,
  buildDropMaterializedTable,
} from "./materialized-table.ts";
import { buildComment, buildKeys, buildOptions, buildText, nameOf } from "./parts.ts";
import { buildDescribe, buildShow, buildUse } from "./show.ts";
import type { Tree } from "./tree.ts";
import {
  buildAlterBackfill,
  buildAlterWorkflow,
  buildAlterWorkflowInstance,
  buildBackfillWorkflow,
  buildCreateWorkflow,
  buildExecuteWorkflow,
  buildQueue,
} from "./workflow.ts";

/** The node of the rule `statement`. */
export function buildStatement(tree: Tree): Statement {
  const rule = tree.onlyRule;
  const body = tree.sub(rule);
  switch (rule) {
    case "createStatement":
    case "alterStatement":
    case "dropStatement":
      return buildDefinition(body);
    case "showStatement":
      return buildShow(body);
    case "describeStatement":
      return buildDescribe(body);
    case "explainStatement":
      return buildExplain(body);
    case "setStatement":
      return buildSet(body);
    case "resetStatement":
      return buildReset(body);
    case "useStatement":
      return buildUse(body);
    case "stopJob":
      return {
        kind: "stop-job",
        job: body.string(),
        savepoint: body.has("SAVEPOINT"),
        drain: body.has("DRAIN"),
      };
    case "executeWorkflow":
      return buildExecuteWorkflow(body);
    default:
      return buildBackfillWorkflow(body);
  }
}

function buildDefinition(holder: Tree): Statement {
  const rule = holder.onlyRule;
  const body = holder.sub(rule);
  switch (rule) {
    case "createMaterializedTable":
      return buildCreateMaterializedTable(body);
    case "alterMaterializedTable":
      return buildAlterMaterializedTable(body);
    case "dropMaterializedTable":
      return buildDropMaterializedTable(body);
    case "createDatabase":
    case "createCatalog":
      return {
        kind: rule === "createCatalog" ? "create-catalog" : "create-database",
        name: nameOf(body),
        ifNotExists: body.has("ifNotExists"),
        comment: buildComment(body),
        options: buildOptions(body.maybe("withOptions")),
      };
    case "alterDatabase":
      return { kind: "alter-database", name: nameOf(body), change: buildChange(body) };
    case "alterCatalog":
      return { kind: "alter-catalog", name: nameOf(body), change: buildChange(body) };
    case "dropDatabase":
      return {
        kind: "drop-database",
        name: nameOf(body),
        ifExists: body.has("ifExists"),
        behaviour: body.which("RESTRICT", "CASCADE"),
      };
    case "dropCatalog":
      return { kind: "drop-catalog", name: nameOf(body), ifExists: body.has("ifExists") };
    default:
      return buildWorkflowDefinition(rule, body);
  }
}

function buildWorkflowDefinition(rule: string, body: Tree): Statement {
  switch (rule) {
    case "createWorkflow":
      return buildCreateWorkflow(body);
    case "alterWorkflow":
      return buildAlterWorkflow(body);
    case "dropWorkflow":
      return { kind: "drop-workflow", name: nameOf(body), ifExists: body.has("ifExists") };
    case "alterWorkflowInstance":
      return buildAlterWorkflowInstance(body);
    case "createQueue":
    case "alterQueue":
    case "dropQueue":
      return buildQueue(rule, body);
    default:
      return buildAlterBackfill(body);
  }
}

function buildChange(body: Tree): CatalogChange {
  const change = body.sub("catalogChange");
  if (change.has("SET")) return { kind: "set", options: buildOptions(change) };
  if (change.has("RESET")) return { kind: "reset", keys: buildKeys(change) };
  if (change.has("commentClause")) {
    return { kind: "comment", comment: change.sub("commentClause").string() };
  }
  const { name, position } = change.identifier();
  return { kind: "rename", newName: name, position };
}

function buildSet(body: Tree): Statement {
  const setting = body.maybe("setting");
  if (setting === null) return { kind: "list-settings" };
  const strings = setting.strings();
  const position = setting.startPosition;
  const key = setting.has("SettingKey")
    ? setting.token("SettingKey").image
    : present(strings[0], "SET has a key").text;
  const value = setting.has("SettingValue")
    ? setting.token("SettingValue").image
    : present(strings.at(-1), "SET has a value").text;
  return { kind: "set", key: key.trim(), value: value.trim(), position };
}

function buildReset(body: Tree): Statement {
  if (body.has("SettingKey")) {
    const token = body.token("SettingKey");
    return { kind: "reset", key: token.image, position: body.position(token) };
  }
  const quoted = body.strings()[0];
  const position = quoted?.position ?? body.startPosition;
  return { kind: "reset", key: quoted?.text.trim() ?? null, position };
}

function buildExplain(body: Tree): Explain {
  const target = buildTarget(body);
  const options = body.has("PostgresOptions") ? body.token("PostgresOptions") : null;
  if (options !== null && target.kind !== "passthrough") {
    throw placedError(body.source, {
      code: "GW-SYNTAX",
      message: "EXPLAIN of a materialized table takes no options of PostgreSQL",
      offset: options.startOffset,
      hint: "Leave the options out.",
    });
  }
  const details = body.subs("explainDetail").map((detail) => detail.which(...explainDetails));
  return {
    kind: "explain",
    details: details.map((detail) => present(detail, "a detail is one of the list")),
    postgresOptions: options?.image ?? null,
    target,
  };
}

function buildTarget(body: Tree): ExplainTarget {
  if (body.has("Query")) {
    const text = buildText(body, "Query");
    return { kind: "passthrough", ...text, ...classify(text.text) };
  }
  const table = body.maybe("explainTable");
  if (table !== null) return { kind: "materialized-table", name: nameOf(table) };
  const create = body.maybe("createMaterializedTable");
  if (create !== null) return buildCreateMaterializedTable(create);
  const alter = buildAlterMaterializedTable(body.sub("alterMaterializedTable"));
  switch (alter.kind) {
    case "alter-materialized-table-as":
    case "alter-materialized-table-refresh":
    case "alter-materialized-table-backfill":
      return alter;
    default:
      throw placedError(body.source, {
        code: "MT-PARSE-EXPLAIN",
        message: "this statement has no plan to explain",
        offset: body.token("ALTER").startOffset,
        hint: "EXPLAIN works for ALTER MATERIALIZED TABLE … AS, REFRESH and BACKFILL.",
        flink:
          "Unsupported ALTER MATERIALIZED TABLE statement for EXPLAIN. The statement must define a query using the AS clause.",
      });
  }
}
