// Asks the server what a query is: canonical text, columns, what it reads.

import type { Database, Tx } from "../common/pg.ts";
import type { QueryAnalysis, QuerySource } from "./query-analysis.ts";

export interface DescribeInput {
  /** The text after AS, back-quotes already turned into double quotes. */
  readonly query: string;
  /** Schemas by which the user's unqualified names are resolved, in order. */
  readonly searchPath: readonly string[];
  /** The table's zone: constants like `'2024-01-01'::timestamptz` are read in it. */
  readonly timeZone: string;
  /** Where the query begins in the user's statement, in code points; positions of errors are moved by it. */
  readonly offset?: number;
  /** The table being defined, if it exists already: a query that reads it is refused. */
  readonly self?: { readonly database: string; readonly name: string };
}

export interface DescribedColumn {
  readonly name: string;
  /** format_type text. */
  readonly type: string;
  readonly typeOid: number;
  /** False only if proven. */
  readonly nullable: boolean;
}

export interface QueryDescription {
  /** Canonical, fully qualified, valid under an empty search_path; without a final semicolon. */
  readonly expandedQuery: string;
  readonly columns: readonly DescribedColumn[];
  /** What it reads, through views too. */
  readonly sources: readonly QuerySource[];
  readonly analysis: QueryAnalysis;
}

/**
 * Describes a query; leaves nothing behind in the database. Throws GatewayError: GW-POSTGRES with SQLSTATE and
 * position for what the server refuses, MT-SCHEMA-DUPLICATE for equal column names, MT-QUERY-* for what a
 * materialized table cannot be defined by.
 */
export declare function describeQuery(
  db: Database | Tx,
  input: DescribeInput,
): Promise<QueryDescription>;
