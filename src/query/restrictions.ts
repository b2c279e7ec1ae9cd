// From partition specs to ranges of base columns (pure). `to_char(ts, 'YYYY-MM-DD') = '2024-03-31'`
// cannot use an index, `ts >= … AND ts < …` can; both together give the same rows as the first
// alone. The range is a hull: it holds every moment that may carry the label, and the outer
// predicate stays as the proof. So a bound may be too wide, never too narrow, and where the
// analysis is not certain there is none.
//
// Zones: bounds are wall clock time; the server turns them into instants and widens them over
// changes of the clock, for only its own zone data says what a row's label is. Years before Christ
// carry the same to_char labels as those after, hence the second range down to -infinity.

import { LocalDate, LocalDateTime } from "@js-joda/core";
import type { PartitionTime } from "../catalog/materialized-table.ts";
import type { PartitionSpec } from "../catalog/partition.ts";
import {
  grains,
  type LocalRange,
  rangeOfLabel,
  readJavaPattern,
  readTemplate,
  truncate,
  unitFrom,
} from "./label-pattern.ts";
import {
  type OutputColumn,
  type PartitionSource,
  type QueryAnalysis,
  type RestrictionPlace,
  type Transformation,
  whyNotLocal,
} from "./query-analysis.ts";
import { temporalTypeOf } from "./trace.ts";

/**
 * `column >= from AND column < to` on one reference of a relation. Ranges with one `place` are
 * alternatives (OR). Bounds are texts in the column's type; `-infinity` is one.
 */
export interface SourceRange {
  readonly relation: string;
  readonly column: string;
  readonly columnType: string;
  readonly from: string;
  readonly to: string;
  /**
   * Zone in which a bound without offset is wall clock time of a timestamptz column; null for other
   * types.
   */
  readonly zone: string | null;
  readonly place: RestrictionPlace;
}

export interface RestrictionInput {
  readonly analysis: QueryAnalysis;
  /**
   * Columns of the stored table: a declared type other than the query's changes what a label means.
   */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly partitionTimes: readonly PartitionTime[];
  readonly specs: readonly PartitionSpec[];
  readonly timeZone: string;
  /** Key → `alias.column` that feeds it, as the user asserts; instead of what was found. */
  readonly namedSources: Readonly<Record<string, string>>;
}

export interface RestrictionPlan {
  /** Ready for the `stage` step. */
  readonly restrictions: readonly SourceRange[];
  /**
   * Lines for EXPLAIN: which relation is read by range and whether an index is there, or why none
   * is.
   */
  readonly notes: readonly string[];
}

/** More ranges than this become one that spans them all. */
const maxRanges = 16;

/** The hull of all instants that carry a label of `specs`; nothing where it is not proven right. */
export function restrictionsFor(input: RestrictionInput): RestrictionPlan {
  const restrictions: SourceRange[] = [];
  const notes: string[] = [];
  for (const found of input.analysis.columns) {
    const column = withNamedSource(found, input);
    if (!input.specs.some((spec) => column.name in spec)) continue;
    const values = input.specs.map((spec) => spec[column.name] ?? null);
    const reason = whyUnrestricted(column, values, input);
    if (reason !== null) {
      notes.push(`${column.name}: ${reason}`);
      continue;
    }
    for (const source of column.sources) {
      const ranges = rangesOf(source, column, values, input);
      const name = `${source.relation}.${source.column}`;
      if (!ranges) {
        notes.push(`${column.name}: no range of ${name} is known for the label`);
        continue;
      }
      restrictions.push(...ranges);
      notes.push(`${column.name}: ${name} is read by range, ${byIndex(source.indexed)}`);
    }
  }
  return { restrictions, notes };
}

/** The options `'partition.fields.<key>.source'` of a table. */
export function namedSourcesOf(
  options: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const found = Object.entries(options).flatMap(([option, value]) => {
    const key = /^partition\.fields\.(.+)\.source$/.exec(option)?.[1];
    return key === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(found);
}

/** A name that fits no reference, or several, leaves the column without source. */
function withNamedSource(
  column: OutputColumn,
  { analysis, namedSources }: RestrictionInput,
): OutputColumn {
  const name = namedSources[column.name];
  if (name === undefined) return column;
  const fits = analysis.references.filter(
    ({ alias, source }) => `${alias}.${source.place.aliasColumn}` === name,
  );
  return { ...column, sources: fits.length === 1 ? fits.map(({ source }) => source) : [] };
}

function whyUnrestricted(
  column: OutputColumn,
  values: readonly (string | null)[],
  { analysis, specs, columns }: RestrictionInput,
): string | null {
  if (!specs.every((spec) => column.name in spec)) return "not every partition names it";
  if (values.includes(null)) return "NULL has no range";
  const notLocal = whyNotLocal(analysis, [column.name]);
  if (notLocal) return notLocal.message;
  const type = columns.find((each) => each.name === column.name)?.type ?? "";
  if (column.sources.length === 0) return whyOutside(column, type);
  const isText = type === "text" || type === "character varying";
  const declared = temporalTypeOf(type) ?? (isText ? "text" : null);
  const fits = column.sources.every((each) => [declared, "any"].includes(each.valueType));
  return fits ? null : `its type ${type} is not the query's`;
}

/** What to say of a column for which nothing is put into the query. */
function whyOutside({ plain = [] }: OutputColumn, type: string): string {
  const isPlain =
    plain.length > 0 &&
    plain.every((each) => temporalTypeOf(each.columnType) === temporalTypeOf(type));
  if (!isPlain) return "no range of a base column is known, the condition around the query applies";
  const names = plain.map(({ relation, column, indexed }) => {
    return `${relation}.${column} ${byIndex(indexed)}`;
  });
  return `the condition reaches ${names.join(" and ")}`;
}

function byIndex(indexed: boolean): string {
  return indexed ? "by an index" : "without an index that begins with it";
}

function rangesOf(
  source: PartitionSource,
  column: OutputColumn,
  values: readonly (string | null)[],
  input: RestrictionInput,
): SourceRange[] | null {
  const time = input.partitionTimes.find((each) => each.column === column.name);
  const ranges: Bounds[] = [];
  for (const value of values) {
    const range = value === null ? null : boundsOf(source, value, time);
    if (!range) return null;
    ranges.push(range);
  }
  const first = source.transformations[0];
  const isZoned = temporalTypeOf(source.columnType) === "timestamptz";
  const zone = first?.kind === "local" ? (first.zone ?? input.timeZone) : input.timeZone;
  const { relation, column: name, columnType, place } = source;
  const make = ({ from, to }: Bounds): SourceRange => {
    return { relation, column: name, columnType, from, to, zone: isZoned ? zone : null, place };
  };
  const labels = source.transformations.some(
    (step) => step.kind === "to_char" || step.kind === "named",
  );
  const early = labels ? [make({ from: "-infinity", to: "0001-01-01 00:00:00" })] : [];
  return [...merge(ranges).map(make), ...early];
}

interface Bounds {
  readonly from: string;
  readonly to: string;
}

function boundsOf(
  source: PartitionSource,
  value: string,
  time: PartitionTime | undefined,
): Bounds | null {
  const steps = source.transformations;
  const range = invert(steps, value, source.valueType, time);
  if (!range) return null;
  if ("instant" in range) return range.instant;
  const isDate = temporalTypeOf(source.columnType) === "date";
  // A date that becomes a timestamptz may be shown as the day after, where a zone once left a day
  // out.
  const slack =
    steps.some((step) => step.kind === "zoned" || step.kind === "named") && isDate ? 1 : 0;
  const from = isDate ? truncate(range.from, "day").minusDays(slack) : range.from;
  const to = isDate ? ceiling(range.to, "day") : range.to;
  if (from.year() < 1 || to.year() > 9999) return null;
  return { from: textOf(from), to: textOf(to) };
}

type Inverse = LocalRange | { readonly instant: Bounds } | null;

/** The stretch of wall clock time (or of instants) that the steps map to `value`. */
function invert(
  steps: readonly Transformation[],
  value: string,
  valueType: PartitionSource["valueType"],
  time: PartitionTime | undefined,
): Inverse {
  const last = steps.at(-1);
  let range: Inverse;
  switch (last?.kind) {
    case "to_char": {
      const template = readTemplate(last.pattern);
      range = template && rangeOfLabel(template, value);
      break;
    }
    case "date":
      range = dayNamed(value);
      break;
    case "date_trunc":
      range = valueType === "timestamptz" ? instantOf(value, last.unit) : null;
      range ??= unitAt(value, last.unit);
      break;
    case "named":
      return time ? namedRange(value, time) : null;
    default:
      return null;
  }
  if (!range || "instant" in range) return range;
  for (const step of steps.slice(0, -1).toReversed()) {
    if (step.kind === "date") range = { from: range.from, to: ceiling(range.to, "day") };
    if (step.kind === "date_trunc") range = { from: range.from, to: ceiling(range.to, step.unit) };
    if (step.kind === "to_char" || step.kind === "named") return null;
  }
  return range;
}

function namedRange(value: string, time: PartitionTime): Inverse {
  if (time.pattern === null) return instantOf(value, time.grain) ?? unitAt(value, time.grain);
  const pattern = readJavaPattern(time.pattern);
  return pattern && rangeOfLabel(pattern, value);
}

const dayText = /^\d{4}-\d\d-\d\d$/;
const timeText = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)$/;
const offsetText =
  /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d(?::?\d\d)?)$/;

function dayNamed(value: string): LocalRange | null {
  const at = localOf(value);
  return at && dayText.test(value) ? unitFrom(at, "day") : null;
}

function unitAt(value: string, unit: (typeof grains)[number]): LocalRange | null {
  const at = localOf(value);
  return at && unitFrom(at, unit);
}

/**
 * ISO text, as PostgreSQL and the ledger write it; whatever else the server would read is not
 * understood here.
 */
function localOf(value: string): LocalDateTime | null {
  const time = timeText.exec(value);
  try {
    if (dayText.test(value)) return LocalDate.parse(value).atStartOfDay();
    return time ? LocalDateTime.parse(`${time[1]}T${time[2]}`) : null;
  } catch {
    return null; // no such day: the library's way of saying so
  }
}

/**
 * Longest length of a unit in hours, an hour more for a change of the clock, and another for what
 * we do not know.
 */
const longest: Readonly<Record<(typeof grains)[number], number>> = {
  second: 2,
  minute: 2,
  hour: 3,
  day: 26,
  week: 7 * 24 + 2,
  month: 31 * 24 + 2,
  quarter: 92 * 24 + 2,
  year: 366 * 24 + 2,
};

/**
 * A value with an offset is an instant; its unit ends within the longest such unit. Both bounds
 * keep the offset.
 */
function instantOf(value: string, unit: (typeof grains)[number]): { instant: Bounds } | null {
  if (!offsetText.test(value)) return null;
  const split = value.search(/(?:Z|[+-]\d\d(?::?\d\d)?)$/);
  const at = localOf(value.slice(0, split));
  if (!at) return null;
  const to = at.plusHours(longest[unit]);
  const offset = value.slice(split);
  return { instant: { from: `${textOf(at)}${offset}`, to: `${textOf(to)}${offset}` } };
}

function ceiling(at: LocalDateTime, unit: (typeof grains)[number]): LocalDateTime {
  const floor = truncate(at, unit);
  return floor.equals(at) ? at : unitFrom(floor, unit).to;
}

function textOf(at: LocalDateTime): string {
  const pad = (value: number, width: number) => String(value).padStart(width, "0");
  const day = `${pad(at.year(), 4)}-${pad(at.monthValue(), 2)}-${pad(at.dayOfMonth(), 2)}`;
  const time = `${pad(at.hour(), 2)}:${pad(at.minute(), 2)}:${pad(at.second(), 2)}`;
  const micros = Math.floor(at.nano() / 1_000);
  return micros === 0 ? `${day} ${time}` : `${day} ${time}.${pad(micros, 6)}`;
}

/**
 * Ranges that touch become one; texts with offsets stay as they are, since they do not sort as
 * texts.
 */
function merge(ranges: readonly Bounds[]): Bounds[] {
  const plain = (each: Bounds) => !/(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(each.from.slice(10));
  const sorted = ranges.filter(plain).toSorted((a, b) => (a.from < b.from ? -1 : 1));
  const merged: Bounds[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last && range.from <= last.to) {
      merged[merged.length - 1] = { from: last.from, to: range.to > last.to ? range.to : last.to };
    } else merged.push(range);
  }
  const [first] = merged;
  const last = merged.at(-1);
  const hull =
    merged.length > maxRanges && first && last ? [{ from: first.from, to: last.to }] : merged;
  return [...hull, ...ranges.filter((each) => !plain(each))];
}
