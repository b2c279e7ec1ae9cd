// Column lists, constraints, watermarks and distributions.

import type { Identifier } from "../ast/name.ts";
import type {
  AlterItem,
  ColumnConstraint,
  ColumnItem,
  ColumnPlace,
  Distribution,
  Enforcement,
  SchemaItem,
  TableConstraint,
  Watermark,
} from "../ast/schema-item.ts";
import { placedError, unexpectedToken } from "../syntax-error.ts";
import { typeOf } from "../grammar/tokens.ts";
import { buildType } from "./data-type.ts";
import { buildComment, buildCount, buildPath, buildText, maybeString } from "./parts.ts";
import type { Tree } from "./tree.ts";

/** The list of CREATE: names alone or typed columns, not both. Null if there is none. */
export function buildSchema(holder: Tree): readonly SchemaItem[] | null {
  const list = holder.maybe("schemaList");
  if (list === null) return null;
  const trees = list.subs("schemaItem");
  const items = trees.map(buildSchemaItem);
  refuseMixture(list, trees);
  refuseSecondWatermark(list, items);
  return items;
}

/** The items of ADD or MODIFY. */
export function buildAlterItems(holder: Tree): readonly AlterItem[] {
  const list = holder.sub("alterItems");
  const items = list.subs("alterItem").map(buildAlterItem);
  const watermarks = items.map(({ item }) => item);
  refuseSecondWatermark(list, watermarks);
  return items;
}

export function buildColumnNames(holder: Tree | null): readonly Identifier[] {
  return holder === null ? [] : holder.sub("columnNames").identifiers();
}

export function buildDistribution(tree: Tree): Distribution {
  const buckets = tree.maybe("buckets");
  return {
    method: tree.which("HASH", "RANGE"),
    columns: tree.has("columnNames") ? buildColumnNames(tree) : [],
    buckets: buckets === null ? null : buildCount(buckets),
    position: tree.startPosition,
  };
}

function buildSchemaItem(tree: Tree): SchemaItem {
  const column = tree.maybe("listedColumn");
  if (column === null) return buildOther(tree);
  if (column.has("computedPart") || column.has("typedPart")) return buildColumn(column);
  return {
    kind: "named-column",
    path: buildPath(column.sub("path")),
    position: column.startPosition,
  };
}

function buildAlterItem(tree: Tree): AlterItem {
  const column = tree.maybe("placedColumn");
  if (column === null) return { item: buildOther(tree), place: null };
  return { item: buildColumn(column), place: buildPlace(column) };
}

function buildPlace(column: Tree): ColumnPlace | null {
  if (column.has("FIRST")) return { kind: "first" };
  const after = column.subs("path")[1];
  if (after === undefined) return null;
  return { kind: "after", path: buildPath(after), position: after.startPosition };
}

function buildOther(tree: Tree): TableConstraint | Watermark {
  const watermark = tree.maybe("watermark");
  if (watermark !== null) {
    return {
      kind: "watermark",
      path: buildPath(watermark.sub("path")),
      expression: buildText(watermark, "Expression"),
      position: watermark.startPosition,
    };
  }
  const constraint = tree.sub("tableConstraint");
  return {
    kind: "table-constraint",
    name: constraintName(constraint),
    type: constraintType(constraint),
    columns: buildColumnNames(constraint),
    enforcement: buildEnforcement(constraint),
    position: constraint.startPosition,
  };
}

function buildColumn(tree: Tree): ColumnItem {
  const path = buildPath(tree.sub("path"));
  const position = tree.startPosition;
  const computed = tree.maybe("computedPart");
  if (computed !== null) {
    const expression = buildText(computed, "Expression");
    return { kind: "computed-column", path, expression, comment: buildComment(computed), position };
  }
  const typed = tree.sub("typedPart");
  const type = buildType(typed.sub("type"));
  const comment = buildComment(typed);
  const metadata = typed.maybe("metadataPart");
  if (metadata === null) {
    return {
      kind: "physical-column",
      path,
      type,
      constraint: buildColumnConstraint(typed),
      comment,
      position,
    };
  }
  return {
    kind: "metadata-column",
    path,
    type,
    from: maybeString(metadata.maybe("metadataFrom")),
    virtual: metadata.has("VIRTUAL"),
    comment,
    position,
  };
}

function buildColumnConstraint(typed: Tree): ColumnConstraint | null {
  const constraint = typed.maybe("columnConstraint");
  if (constraint === null) return null;
  return {
    name: constraintName(constraint),
    type: constraintType(constraint),
    enforcement: buildEnforcement(constraint),
    position: constraint.startPosition,
  };
}

function constraintName(constraint: Tree): string | null {
  return constraint.maybe("constraintName")?.identifier().name ?? null;
}

function constraintType(constraint: Tree): "PRIMARY KEY" | "UNIQUE" {
  return constraint.has("UNIQUE") ? "UNIQUE" : "PRIMARY KEY";
}

function buildEnforcement(constraint: Tree): Enforcement | null {
  const words = constraint.maybe("enforcement");
  if (words === null) return null;
  return words.has("NOT") ? "NOT ENFORCED" : "ENFORCED";
}

/** `(a, b STRING)` is wrong at the type, `(a INT, b)` behind the lone name. */
function refuseMixture(list: Tree, trees: readonly Tree[]): void {
  const columns = trees.flatMap((tree) => tree.maybe("listedColumn") ?? []);
  const isNamed = (tree: Tree) => !tree.has("computedPart") && !tree.has("typedPart");
  const first = columns[0];
  const odd = columns.find((column) => first !== undefined && isNamed(column) !== isNamed(first));
  if (first === undefined || odd === undefined) return;
  const wrongAt = isNamed(first) ? odd.sub("path").span.end : odd.span.end;
  const found = list.source.tokenFrom(wrongAt);
  throw unexpectedToken(
    list.source,
    found,
    isNamed(first)
      ? [typeOf("symbol", ")"), typeOf("symbol", ","), typeOf("symbol", ".")]
      : [typeOf("keyword", "AS"), typeOf("symbol", "."), typeOf("terminal", "Identifier")],
  );
}

function refuseSecondWatermark(
  list: Tree,
  items: readonly { readonly kind: string; readonly position: number }[],
) {
  const second = items.filter((item) => item.kind === "watermark")[1];
  if (second === undefined) return;
  throw placedError(list.source, {
    code: "MT-PARSE-WATERMARK",
    message: "a table has at most one watermark",
    offset: list.source.codePoints.offset(second.position),
    flink: "Multiple WATERMARK statements is not supported yet.",
  });
}
