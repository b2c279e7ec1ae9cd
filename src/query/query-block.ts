// What is known of one level of a query while it is analysed.

import type { Node, SelectStmt } from "libpg-query";
import { namesOf } from "./ast.ts";
import type { Pass } from "./passes.ts";
import type { LocalityReason } from "./query-analysis.ts";
import type { CatalogRelation, QueryCatalog } from "./query-catalog.ts";
import type { QueryText } from "./restriction-place.ts";
import type { Trace } from "./trace.ts";

/** What is known of one column, at the level that yields it. */
export interface Origin {
  readonly notNull: boolean;
  readonly traces: readonly Trace[];
  /** Why rows with one value of it depend on rows with others. */
  readonly notLocal: LocalityReason | null;
  /** OIDs of the relations whose columns it is made of. */
  readonly bases: ReadonlySet<number>;
  readonly passes: readonly Pass[];
}

export interface Output extends Origin {
  readonly name: string;
}

export interface Block {
  readonly outputs: readonly Output[];
  /** All relations read at this level and below. */
  readonly relations: ReadonlySet<number>;
  /**
   * True if rows are condensed or cut off somewhere in it: aggregates, windows, DISTINCT, LIMIT.
   */
  readonly condenses: boolean;
}

/** A WITH query in sight; `block` is null for a recursive one. */
export interface Cte {
  readonly block: Block | null;
  readonly references: number;
}

export interface Definitions {
  readonly catalog: QueryCatalog;
  viewBlock(relation: CatalogRelation): Block | null;
  /** Told of each temporal column of each relation that the query's own text refers to. */
  onReference(alias: string, trace: Trace): void;
}

export interface Surroundings {
  /** Analyses a level within given surroundings: block.ts, which stands above what uses this. */
  readonly analyse: (select: SelectStmt, around: Surroundings) => Block;
  readonly definitions: Definitions;
  /** Null inside a view. */
  readonly text: QueryText | null;
  readonly ctes: ReadonlyMap<string, Cte>;
}

/** The block with its columns called as an alias list says. */
export function renamed(block: Block, names: readonly Node[] | undefined): Block {
  const list = namesOf(names) ?? [];
  const outputs = block.outputs.map((output, k) => ({ ...output, name: list[k] ?? output.name }));
  return { ...block, outputs };
}
