// Analyses the canonical text of a query against a snapshot of the catalog (pure): what feeds each
// output column, and whether the partitions by it can be recomputed alone. Fails closed: an
// expression, a kind of FROM item or a clause that is not known here yields "not local" or no
// source, never a guess.

import type { RangeVar, SelectStmt } from "libpg-query";
import { parseCanonical, walk } from "./ast.ts";
import { analyseBlock } from "./block.ts";
import { columnLineage } from "./column-lineage.ts";
import type { Block, Definitions, Output, Surroundings } from "./query-block.ts";
import { grains, readTemplate, toJavaPattern } from "./label-pattern.ts";
import { notesOf } from "./query-notes.ts";
import type {
  ColumnReference,
  OutputColumn,
  PartitionSource,
  PlainColumn,
  QueryAnalysis,
  QuerySource,
  TimeKey,
} from "./query-analysis.ts";
import type { CatalogRelation, QueryCatalog } from "./query-catalog.ts";
import { countPasses } from "./passes.ts";
import { relationNamed } from "./scope.ts";
import { QueryText } from "./restriction-place.ts";
import type { Trace } from "./trace.ts";

export interface AnalyseInput {
  readonly expandedQuery: string;
  readonly catalog: QueryCatalog;
  /**
   * Names of the output columns where they are known from the server; else they are read from the
   * text.
   */
  readonly columnNames?: readonly string[];
}

/**
 * Never throws on a query that the server accepted; loadQueryCatalog has loaded the parser before.
 */
export function analyseQuery(input: AnalyseInput): QueryAnalysis {
  const { catalog, expandedQuery } = input;
  const select = parseCanonical(expandedQuery);
  const found: { alias: string; trace: Trace }[] = [];
  const onReference = (alias: string, trace: Trace) => void found.push({ alias, trace });
  const outputs = select ? analyseTop(select, input, onReference).outputs : [];
  const names = input.columnNames ?? outputs.map((output) => output.name);
  const notes = notesOf(select, catalog);
  return {
    sources: catalog.relations.map(toSource),
    references: found.flatMap(({ alias, trace }) => toReference(alias, trace) ?? []),
    columns: names.map((name, index) => toColumn(name, outputs[index])),
    lineage: columnLineage(select, catalog, names),
    deterministic: !notes.some((note) => note.code === "NONDETERMINISTIC"),
    notes,
    reads: select ? Object.fromEntries(countReads(select, catalog)) : {},
  };
}

/** How often each relation is referred to in a query and in the views that it names. */
function countReads(select: SelectStmt, catalog: QueryCatalog): Map<string, number> {
  const reads = new Map<string, number>();
  const add = (name: string, times: number) => reads.set(name, (reads.get(name) ?? 0) + times);
  walk({ SelectStmt: select }, (kind, fields) => {
    if (kind !== "RangeVar") return;
    const relation = relationNamed(fields as RangeVar, catalog);
    if (!relation) return;
    add(`${relation.schema}.${relation.name}`, 1);
    const inner = relation.definition === null ? null : parseCanonical(relation.definition);
    if (inner) for (const [name, times] of countReads(inner, catalog)) add(name, times);
  });
  return reads;
}

function toReference(alias: string, trace: Trace): ColumnReference | null {
  const place = trace.place?.() ?? null;
  const transformations = [{ kind: "named" } as const];
  return place && { alias, source: { ...trace, place, valueType: "any", transformations } };
}

function analyseTop(
  select: SelectStmt,
  { expandedQuery, catalog }: AnalyseInput,
  onReference: Definitions["onReference"],
): Block {
  const views = new Map<string, Block | null>();
  const definitions: Definitions = {
    catalog,
    onReference,
    /** Views are analysed once; their text is not ours to change, hence no places. */
    viewBlock(relation) {
      const key = `${relation.schema}.${relation.name}`;
      const known = views.get(key);
      if (known !== undefined) return known;
      views.set(key, null);
      const inner = relation.definition === null ? null : parseCanonical(relation.definition);
      const block = inner && analyseBlock(inner, { ...around, text: null });
      views.set(key, block);
      return block;
    },
  };
  const text = new QueryText(expandedQuery);
  const around: Surroundings = { analyse: analyseBlock, definitions, text, ctes: new Map() };
  return analyseBlock(select, around);
}

function toSource(relation: CatalogRelation): QuerySource {
  const { schema, name, oid, kind, throughView } = relation;
  return { schema, name, oid, kind, throughView };
}

function toColumn(name: string, output: Output | undefined): OutputColumn {
  if (!output) {
    const notLocal = {
      code: "LINEAGE",
      message: "the query's text could not be followed",
    } as const;
    return { name, nullable: true, notLocal, sources: [], time: null };
  }
  return {
    name,
    nullable: !output.notNull,
    notLocal: output.notLocal,
    sources: output.traces.flatMap((trace) => toPartitionSource(trace) ?? []),
    time: output.traces.map(timeOf).find((time) => time !== null) ?? null,
    plain: output.traces.flatMap((trace) => toPlainColumn(trace) ?? []),
    passes: countPasses(output.passes),
  };
}

function toPlainColumn(trace: Trace): PlainColumn | null {
  if (trace.transformations.length > 0 || !trace.place?.()) return null;
  const { relation, column, columnType, indexed } = trace;
  return { relation, column, columnType, indexed };
}

/** A plain column needs no help: the outer predicate reaches it by itself. */
function toPartitionSource(trace: Trace): PartitionSource | null {
  if (trace.transformations.length === 0) return null;
  const place = trace.place?.() ?? null;
  return place && { ...trace, place };
}

/** The coarsest step decides; a pattern that cannot be told in Java's letters makes no cells. */
function timeOf(trace: Trace): TimeKey | null {
  const steps = trace.transformations;
  const found = steps.flatMap((step) => {
    if (step.kind === "date_trunc") return [step.unit];
    if (step.kind === "date" || step.kind === "zoned") return ["day" as const];
    if (step.kind === "to_char") return [readTemplate(step.pattern)?.grain ?? null];
    return [];
  });
  if (trace.valueType === "date" && steps.length === 0) return { grain: "day", pattern: null };
  if (found.length === 0 || found.includes(null)) return null;
  const grain = grains.findLast((each) => found.includes(each));
  const last = steps.at(-1);
  if (!grain || last?.kind !== "to_char") return grain ? { grain, pattern: null } : null;
  const template = readTemplate(last.pattern);
  const pattern = template && toJavaPattern(template);
  return pattern === null ? null : { grain, pattern };
}
