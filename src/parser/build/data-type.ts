// Column types: what the user wrote, and what PostgreSQL calls it.

import { present } from "../../common/assert.ts";
import { quoteIdent } from "../../common/sql.ts";
import type { DataType } from "../ast/schema-item.ts";
import { foldCase, identifierText } from "../token-text.ts";
import { typeNames, withModifiers } from "../type-names.ts";
import { buildUnit } from "./parts.ts";
import type { Tree } from "./tree.ts";

/** The rule `type`, NULL and NOT NULL included. */
export function buildType(tree: Tree): DataType {
  const nullWords = tree.has("NULL") ? 1 : 0;
  const plain = tree.sub("plainType");
  const suffixes = tree.subs("typeSuffix");
  const { start } = plain.span;
  const { end } = (suffixes.at(-1) ?? plain).span;
  const arrays = suffixes.filter((suffix) => !suffix.has("MULTISET")).length;
  const isMultiset = arrays < suffixes.length;
  return {
    written: tree.source.text.slice(start, end),
    postgres: isMultiset ? "jsonb" : `${postgresType(plain)}${"[]".repeat(arrays)}`,
    nullable: nullWords === 0 ? null : !tree.has("NOT"),
    position: tree.source.position(start),
  };
}

function postgresType(tree: Tree): string {
  if (tree.has("DOUBLE")) return "double precision";
  const element = tree.maybe("type");
  if (element !== null && tree.has("ARRAY")) return `${buildType(element).postgres}[]`;
  const rule = tree.has("MAP") || tree.has("MULTISET") ? "rowType" : tree.onlyRule;
  const part = () => tree.sub(rule);
  switch (rule) {
    case "characterType":
      return characterType(part());
    case "timeType":
      return timeType(part());
    case "intervalType":
      return intervalType(part());
    case "namedType":
      return namedType(part());
    case "rawType":
      return "bytea";
    default:
      // Rows, maps, multisets and structured types have no fixed counterpart; JSON keeps their
      // values.
      return "jsonb";
  }
}

function characterType(tree: Tree): string {
  const base = tree.has("BIT") ? "bit" : "character";
  return withModifiers(`${base}${tree.has("VARYING") ? " varying" : ""}%`, typeLength(tree));
}

function timeType(tree: Tree): string {
  // TIME occurs in WITH TIME ZONE as well, so TIMESTAMP decides.
  const name = tree.has("TIMESTAMP") ? "timestamp" : "time";
  const zone = tree.has("WITH") ? "with" : "without";
  return withModifiers(`${name}% ${zone} time zone`, typeLength(tree));
}

function intervalType(tree: Tree): string {
  const fields = tree.subs("intervalField");
  const units = fields.map((field) => buildUnit(field.sub("intervalUnit")).toLowerCase());
  const known = units.every((unit) => unit !== "week" && unit !== "quarter");
  return units.length === 0 || !known ? "interval" : `interval ${units.join(" to ")}`;
}

function typeLength(tree: Tree): string {
  const length = tree.maybe("typeLength");
  return length === null ? "" : `(${length.token("Number").image})`;
}

/** A name of the map, or a type that only the database knows. */
function namedType(tree: Tree): string {
  const tokens = tree.tokens("Identifier");
  const first = present(tokens[0], "a type has a name");
  const modifiers = tree.maybe("typeModifiers");
  const arguments_ = modifiers === null ? "" : tree.source.text.slice(...rangeOf(modifiers));
  const key = foldCase(first.image);
  const known = tokens.length === 1 ? typeNames.get(key) : undefined;
  if (known !== undefined) return withModifiers(known, arguments_);
  const name = tokens.map((token) => quoteIdent(identifierText(tree.source, token))).join(".");
  return `${name}${arguments_}`;
}

function rangeOf(tree: Tree): [number, number] {
  const { start, end } = tree.span;
  return [start, end];
}
