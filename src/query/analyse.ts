// Analyses the canonical text of a query (pure).

import type { QueryAnalysis, QuerySource } from "./query-analysis.ts";

/** What the catalog says about the relations and functions a query names; loaded by query-catalog.ts. */
export interface QueryCatalog {
  readonly relations: readonly CatalogRelation[];
  readonly functions: readonly CatalogFunction[];
}
export interface CatalogRelation extends QuerySource {
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly notNull: boolean;
    /** An index begins with it. */
    readonly indexed: boolean;
  }[];
  /** Canonical text of a view's definition; null for all others. */
  readonly definition: string | null;
}
/** A function by the name under which the canonical text calls it. */
export interface CatalogFunction {
  readonly name: string;
  readonly volatility: "immutable" | "stable" | "volatile";
  readonly kind: "function" | "aggregate" | "window";
  /** Not one of PostgreSQL's own. */
  readonly user: boolean;
  readonly returnsSet: boolean;
}

/** Analyses a canonical query against a snapshot of the catalog. Never throws on a query that the server accepted. */
export declare function analyseQuery(expandedQuery: string, catalog: QueryCatalog): QueryAnalysis;
