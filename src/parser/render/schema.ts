// Text of column lists, constraints and distributions.

import type {
  AlterItem,
  ColumnConstraint,
  DataType,
  Distribution,
  SchemaItem,
  TableConstraint,
} from "../ast/schema-item.ts";
import { comment, list, name, path, text, words } from "./parts.ts";

export function schemaList(items: readonly SchemaItem[]): string {
  return list(items.map(schemaItem));
}

/** Items of ADD and MODIFY, in parentheses if there are several. */
export function alterItems(items: readonly AlterItem[]): string {
  const texts = items.map(({ item, place }) => {
    if (place === null) return schemaItem(item);
    return words(schemaItem(item), place.kind === "first" ? "FIRST" : `AFTER ${path(place.path)}`);
  });
  return list(texts);
}

export function distribution(value: Distribution): string {
  const columns =
    value.columns.length === 0
      ? null
      : words("BY", value.method, list(value.columns.map((column) => name(column.name))));
  return words(columns, value.buckets === null ? null : `INTO ${value.buckets} BUCKETS`);
}

function schemaItem(item: SchemaItem): string {
  switch (item.kind) {
    case "named-column":
      return path(item.path);
    case "physical-column":
      return words(
        path(item.path),
        dataType(item.type),
        item.constraint === null ? null : constraint(item.constraint),
        comment(item.comment),
      );
    case "computed-column":
      return words(path(item.path), "AS", item.expression.text, comment(item.comment));
    case "metadata-column":
      return words(
        path(item.path),
        dataType(item.type),
        "METADATA",
        item.from === null ? null : `FROM ${text(item.from)}`,
        item.virtual ? "VIRTUAL" : null,
        comment(item.comment),
      );
    case "table-constraint":
      return constraint(item);
    case "watermark":
      return words("WATERMARK FOR", path(item.path), "AS", item.expression.text);
  }
}

function dataType(type: DataType): string {
  const nullable = type.nullable === null ? null : type.nullable ? "NULL" : "NOT NULL";
  return words(type.written, nullable);
}

function constraint(value: ColumnConstraint | TableConstraint): string {
  return words(
    value.name === null ? null : `CONSTRAINT ${name(value.name)}`,
    value.type,
    "columns" in value ? list(value.columns.map((column) => name(column.name))) : null,
    value.enforcement,
  );
}
