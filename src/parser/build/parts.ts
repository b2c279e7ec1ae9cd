// Builders of the small parts that many statements share: names, options, filters, literals.

import { present } from "../../common/assert.ts";
import type { LikeFilter } from "../ast/like.ts";
import {
  type IntervalLiteral,
  intervalUnits,
  type IntervalUnit,
  type PartitionLiteral,
  type PartitionPair,
  type StartModeClause,
  startModeKinds,
  type TimestampLiteral,
} from "../ast/literal.ts";
import type { QualifiedName } from "../ast/name.ts";
import type { OptionKey, OptionPair } from "../ast/option.ts";
import type { SourceText } from "../ast/source-text.ts";
import { placedError } from "../syntax-error.ts";
import { identifierText, stringText, writtenName } from "../token-text.ts";
import type { Tree } from "./tree.ts";

/** A rule `name` or `anyName`: at most three parts. */
export function buildName(tree: Tree): QualifiedName {
  const tokens = [...tree.tokens("Identifier"), ...tree.tokens("Word")];
  const first = present(tokens[0], "a name has a part");
  const extra = tokens[3];
  if (extra !== undefined) {
    throw placedError(tree.source, {
      code: "GW-SYNTAX",
      message: "a name has at most three parts",
      offset: extra.startOffset,
      detail: "The longest form is catalog.database.object.",
    });
  }
  return {
    parts: tokens.map((token) => identifierText(tree.source, token)),
    written: tokens.map((token) => writtenName(tree.source, token)),
    position: tree.position(first),
  };
}

/** The rule `name` below a node. */
export function nameOf(tree: Tree): QualifiedName {
  return buildName(tree.sub("name"));
}

export function maybeName(tree: Tree | null): QualifiedName | null {
  return tree === null ? null : nameOf(tree);
}

/** Pairs of `optionList` below a rule that holds one; none if the rule is not there. */
export function buildOptions(holder: Tree | null): readonly OptionPair[] {
  if (holder === null) return [];
  return holder
    .sub("optionList")
    .subs("optionPair")
    .map((pair) => {
      const [key, value] = pair.strings();
      return {
        key: present(key, "an option has a key").text.trim(),
        value: present(value, "an option has a value").text,
        position: pair.startPosition,
      };
    });
}

export function buildKeys(holder: Tree): readonly OptionKey[] {
  return holder
    .sub("optionKeys")
    .strings()
    .map(({ text, position }) => ({ key: text.trim(), position }));
}

/** The string behind COMMENT; null if the clause is not there. */
export function buildComment(holder: Tree): string | null {
  return holder.maybe("commentClause")?.string() ?? null;
}

export function buildLike(holder: Tree): LikeFilter | null {
  const like = holder.maybe("like");
  if (like === null) return null;
  return { not: like.has("NOT"), ignoreCase: like.has("ILIKE"), pattern: like.string() };
}

/** The cut-out text below a node. */
export function buildText(tree: Tree, name: "Query" | "Expression"): SourceText {
  const token = tree.token(name);
  return tree.source.piece(token.startOffset, (token.endOffset ?? 0) + 1);
}

export function buildInterval(tree: Tree): IntervalLiteral {
  const units = tree.subs("intervalUnit").map(buildUnit);
  return {
    negative: tree.has("'-'"),
    value: tree.string(),
    unit: present(units[0], "an interval has a unit"),
    toUnit: units[1] ?? null,
    position: tree.startPosition,
  };
}

/** Singular of the word below the rule `intervalUnit`. */
export function buildUnit(tree: Tree): IntervalUnit {
  const unit = intervalUnits.find((name) => tree.has(name) || tree.has(`${name}S`));
  return present(unit, "a unit is one of the list");
}

export function buildTimestamp(tree: Tree): TimestampLiteral {
  return {
    text: tree.string(),
    withLocalTimeZone: tree.has("LOCAL"),
    position: tree.startPosition,
  };
}

export function buildStartMode(holder: Tree): StartModeClause | null {
  const clause = holder.maybe("startMode");
  if (clause === null) return null;
  const value = clause.sub("startModeValue");
  const interval = value.maybe("interval");
  const timestamp = value.maybe("timestamp");
  return {
    kind: present(value.which(...startModeKinds), "a start mode is one of the list"),
    interval: interval === null ? null : buildInterval(interval),
    timestamp: timestamp === null ? null : buildTimestamp(timestamp),
    position: value.startPosition,
  };
}

export function buildLiteral(tree: Tree): PartitionLiteral {
  const position = tree.startPosition;
  const timestamp = tree.maybe("timestamp");
  if (timestamp !== null) return { kind: "timestamp", value: timestamp.string(), position };
  if (tree.has("DATE")) return { kind: "date", value: tree.string(), position };
  if (tree.has("String")) return { kind: "string", value: tree.string(), position };
  if (tree.has("NULL")) return { kind: "null", value: null, position };
  if (tree.has("Number")) {
    const sign = tree.has("'-'") ? "-" : "";
    return { kind: "number", value: `${sign}${numberText(tree)}`, position };
  }
  return { kind: "boolean", value: tree.has("TRUE") ? "true" : "false", position };
}

/** The digits of the first number; refused unless PostgreSQL 15 reads them as one. */
function numberText(tree: Tree): string {
  const token = tree.token("Number");
  if (/^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(token.image)) return token.image;
  throw placedError(tree.source, {
    code: "GW-SYNTAX",
    message: `invalid number "${token.image.slice(0, 64)}"`,
    offset: token.startOffset,
  });
}

/** A whole number of a clause like LIMIT or INTO … BUCKETS. */
export function buildCount(tree: Tree): number {
  const token = tree.token("Number");
  const value = Number(token.image);
  if (/^\d{1,10}$/.test(token.image) && value <= 0x7fffffff) return value;
  throw placedError(tree.source, {
    code: "GW-SYNTAX",
    message: `"${token.image.slice(0, 64)}" is not a whole number in range`,
    offset: token.startOffset,
  });
}

export function buildPartition(holder: Tree): readonly PartitionPair[] | null {
  const spec = holder.maybe("partitionSpec");
  if (spec === null) return null;
  return spec.subs("partitionPair").map((pair) => {
    const key = pair.identifier();
    const literal = buildLiteral(pair.sub("literal"));
    return { key: key.name, literal, position: key.position };
  });
}

/** The names of a path `a.b.c`. */
export function buildPath(tree: Tree): readonly string[] {
  return tree.identifiers().map((identifier) => identifier.name);
}

/** Like `string()` of a node, null where the node is not. */
export function maybeString(tree: Tree | null): string | null {
  const token = tree?.tokens("String")[0];
  return tree === null || token === undefined ? null : stringText(tree.source, token);
}
