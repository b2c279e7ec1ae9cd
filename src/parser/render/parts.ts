// Text of the small parts of statements. Everything printed here is read back as the same.

import type { LikeFilter } from "../ast/like.ts";
import type {
  IntervalLiteral,
  PartitionLiteral,
  PartitionPair,
  StartModeClause,
  TimestampLiteral,
} from "../ast/literal.ts";
import type { QualifiedName } from "../ast/name.ts";
import type { OptionKey, OptionPair } from "../ast/option.ts";
import { quoteIdent } from "../../common/sql.ts";
import { terminals, wordType } from "../grammar/tokens.ts";

/** Joins what is there with blanks; null and the empty text are not there. */
export function words(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== "").join(" ");
}

/** A string literal. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A name: quoted where it has to be. */
export function name(value: string): string {
  const plain = /^[a-z_][a-z0-9_]*$/.test(value) && wordType(value) === terminals.PlainName;
  return plain ? value : quoteIdent(value);
}

/** A name of several parts; a part that was folded is printed as it was written. */
export function qualified(value: QualifiedName): string {
  const parts = value.parts.map((part, index) => {
    const written = value.written[index] ?? part;
    return written === part ? name(part) : written;
  });
  return parts.join(".");
}

export function path(parts: readonly string[]): string {
  return parts.map(name).join(".");
}

export function list(items: readonly string[]): string {
  return `(${items.join(", ")})`;
}

export function optionList(options: readonly OptionPair[]): string {
  return list(options.map(({ key, value }) => `${text(key)} = ${text(value)}`));
}

export function keyList(keys: readonly OptionKey[]): string {
  return list(keys.map(({ key }) => text(key)));
}

/** `WITH (…)`; nothing for no options. */
export function withOptions(options: readonly OptionPair[]): string | null {
  return options.length === 0 ? null : `WITH ${optionList(options)}`;
}

export function comment(value: string | null): string | null {
  return value === null ? null : `COMMENT ${text(value)}`;
}

export function like(filter: LikeFilter | null): string | null {
  if (filter === null) return null;
  return words(
    filter.not ? "NOT" : null,
    filter.ignoreCase ? "ILIKE" : "LIKE",
    text(filter.pattern),
  );
}

export function interval(literal: IntervalLiteral): string {
  return words(
    "INTERVAL",
    `${literal.negative ? "-" : ""}${text(literal.value)}`,
    literal.unit,
    literal.toUnit === null ? null : `TO ${literal.toUnit}`,
  );
}

export function timestamp(literal: TimestampLiteral): string {
  const zone = literal.withLocalTimeZone ? "WITH LOCAL TIME ZONE" : null;
  return words("TIMESTAMP", zone, text(literal.text));
}

export function startMode(clause: StartModeClause | null): string | null {
  if (clause === null) return null;
  const argument =
    clause.interval !== null
      ? `(${interval(clause.interval)})`
      : clause.timestamp !== null
        ? `(${timestamp(clause.timestamp)})`
        : "";
  return `START_MODE = ${clause.kind}${argument}`;
}

export function literal(value: PartitionLiteral): string {
  switch (value.kind) {
    case "string":
      return text(value.value ?? "");
    case "date":
      return `DATE ${text(value.value ?? "")}`;
    case "timestamp":
      return `TIMESTAMP ${text(value.value ?? "")}`;
    case "number":
      return value.value ?? "";
    case "boolean":
      return (value.value ?? "").toUpperCase();
    case "null":
      return "NULL";
  }
}

export function partition(spec: readonly PartitionPair[] | null): string | null {
  if (spec === null) return null;
  return `PARTITION ${list(spec.map((pair) => `${name(pair.key)} = ${literal(pair.literal)}`))}`;
}
