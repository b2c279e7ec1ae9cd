// Follows an expression down to the one base column that it is a monotone function of. Only what is
// known to keep order (equal labels come from one stretch of the column) is followed; anything else
// ends the trace.

import type { FuncCall, Node } from "libpg-query";
import type { PartitionGrain } from "../catalog/materialized-table.ts";
import { grains } from "./label-pattern.ts";
import { namesOf, textConstant, typeOf } from "./ast.ts";
import type {
  PartitionSource,
  RestrictionPlace,
  TemporalType,
  Transformation,
} from "./query-analysis.ts";

/** One way from an expression down to a column of a relation. */
export interface Trace {
  readonly relation: string;
  readonly column: string;
  readonly columnType: string;
  readonly indexed: boolean;
  readonly transformations: readonly Transformation[];
  /** Type of the value so far. */
  readonly valueType: PartitionSource["valueType"];
  /**
   * Looks up where a restriction goes; null: the column is inside a view, where nothing can be put.
   */
  readonly place: (() => RestrictionPlace | null) | null;
}

/** The traces of a column reference. */
export type ResolveTraces = (column: Node) => readonly Trace[];

const temporalTypes: Readonly<Record<string, TemporalType>> = {
  date: "date",
  "timestamp without time zone": "timestamp",
  "timestamp with time zone": "timestamptz",
  timestamp: "timestamp",
  timestamptz: "timestamptz",
};

/** The temporal type of a format_type text, whatever its precision; null for every other type. */
export function temporalTypeOf(type: string): TemporalType | null {
  return temporalTypes[type.replace(/\(\d\)/, "")] ?? null;
}

/** All traces of an expression; none if it is not a monotone function of a single column. */
export function traceExpression(node: Node | undefined, resolve: ResolveTraces): readonly Trace[] {
  if (!node) return [];
  if ("ColumnRef" in node) return resolve(node);
  if ("TypeCast" in node) {
    const name = typeOf(node.TypeCast.typeName?.names);
    const to = name === "text" ? "text" : temporalTypes[name ?? ""];
    const typmods = node.TypeCast.typeName?.typmods ?? [];
    // A cast to a precision rounds, to the nearest and not down: a moment may change its day.
    if (!to || typmods.length > 0) return [];
    return traceExpression(node.TypeCast.arg, resolve).flatMap((trace) => castTo(to, trace));
  }
  return "FuncCall" in node ? traceCall(node.FuncCall, resolve) : [];
}

function traceCall(call: FuncCall, resolve: ResolveTraces): readonly Trace[] {
  const names = namesOf(call.funcname) ?? [];
  const name = names[0] === "pg_catalog" ? names.slice(1).join(".") : names.join(".");
  const [first, second, third] = call.args ?? [];
  const inner = (node: Node | undefined, step: (trace: Trace) => Trace | null) =>
    traceExpression(node, resolve).flatMap((trace) => step(trace) ?? []);
  if (name === "to_char" && call.args?.length === 2) {
    const pattern = textConstant(second);
    return pattern === null ? [] : inner(first, (trace) => toChar(trace, pattern));
  }
  if (name === "date_trunc") {
    const unit = grainNamed(textConstant(first));
    const zone = third ? textConstant(third) : null;
    if (!unit || (third && zone === null)) return [];
    return inner(second, (trace) => dateTrunc(trace, unit, zone));
  }
  if (name === "timezone" && call.args?.length === 2) {
    const zone = textConstant(first);
    return zone === null ? [] : inner(second, (trace) => localIn(trace, zone));
  }
  return [];
}

function grainNamed(unit: string | null): PartitionGrain | null {
  return grains.find((grain) => grain === unit?.toLowerCase()) ?? null;
}

function append(
  trace: Trace,
  valueType: Trace["valueType"],
  ...steps: readonly Transformation[]
): Trace {
  return { ...trace, valueType, transformations: [...trace.transformations, ...steps] };
}

/**
 * A timestamptz is shown in the session's zone, unless a date_trunc made it whole there already.
 */
function toLocal(trace: Trace): readonly Transformation[] {
  if (trace.valueType !== "timestamptz") return [];
  return trace.transformations.length === 0 ? [{ kind: "local", zone: null }] : [];
}

/**
 * True for a timestamptz made by date_trunc with a zone of its own: elsewhere it is not the wall
 * clock's any more.
 */
function isForeign(trace: Trace): boolean {
  const first = trace.transformations[0];
  return trace.valueType === "timestamptz" && first?.kind === "local" && first.zone !== null;
}

function castTo(to: TemporalType | "text", trace: Trace): Trace[] {
  if (trace.valueType === to) return [trace];
  if (isForeign(trace)) return [];
  switch (to) {
    case "text": // ISO, for DateStyle is pinned
      return trace.valueType === "date"
        ? [append(trace, "text", { kind: "to_char", pattern: "YYYY-MM-DD" })]
        : [];
    case "date":
      return trace.valueType === "text"
        ? []
        : [append(trace, to, ...toLocal(trace), { kind: "date" })];
    case "timestamp":
      if (trace.valueType === "text") return [];
      return [append(trace, to, ...toLocal(trace))];
    case "timestamptz": // a timestamp in a gap would move: only whole days go this way
      return trace.valueType === "date" ? [append(trace, to, { kind: "zoned" })] : [];
  }
}

function toChar(trace: Trace, pattern: string): Trace | null {
  if (trace.valueType === "text" || trace.valueType === "date" || isForeign(trace)) return null;
  return append(trace, "text", ...toLocal(trace), { kind: "to_char", pattern });
}

function dateTrunc(trace: Trace, unit: PartitionGrain, zone: string | null): Trace | null {
  if (trace.valueType === "text" || trace.valueType === "date" || isForeign(trace)) return null;
  if (zone === null) {
    return append(trace, trace.valueType, ...toLocal(trace), { kind: "date_trunc", unit });
  }
  if (trace.valueType !== "timestamptz" || trace.transformations.length > 0) return null;
  return append(trace, "timestamptz", { kind: "local", zone }, { kind: "date_trunc", unit });
}

/** `x AT TIME ZONE zone` of a plain timestamptz; the other direction does not keep order. */
function localIn(trace: Trace, zone: string): Trace | null {
  if (trace.valueType !== "timestamptz" || trace.transformations.length > 0) return null;
  return append(trace, "timestamp", { kind: "local", zone });
}
