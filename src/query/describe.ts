// Asks the server what a query is: canonical text, columns, what it reads. The server's own words
// are had through a temporary view in a savepoint that is rolled back, so nothing is left behind
// and no other right than TEMP is needed. The canonical text is tried out under an empty
// search_path before anybody relies on it.

import type { SelectStmt } from "libpg-query";
import { GatewayError } from "../common/gateway-error.ts";
import type { Database, Tx } from "../common/pg.ts";
import { isServerError, passOn } from "../common/postgres-error.ts";
import { quoteIdent, sql, trusted } from "../common/sql.ts";
import { analyseQuery } from "./analyse.ts";
import { contains, parseQuery, walk } from "./ast.ts";
import type { QueryAnalysis, QuerySource } from "./query-analysis.ts";
import { loadQueryCatalog, type QueryCatalog, undone } from "./query-catalog.ts";
import { frozenTimeNotes } from "./query-notes.ts";

export interface DescribeInput {
  /** The text after AS, back-quotes already turned into double quotes. */
  readonly query: string;
  /** Schemas by which the user's unqualified names are resolved, in order. */
  readonly searchPath: readonly string[];
  /** The table's zone: constants like `'2024-01-01'::timestamptz` are read in it. */
  readonly timeZone: string;
  /**
   * Where the query begins in the user's statement, in code points; positions of errors are moved
   * by it.
   */
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
  /** What it reads, through views too, by OID. */
  readonly sources: readonly QuerySource[];
  readonly analysis: QueryAnalysis;
}

/**
 * Describes a query; leaves nothing behind in the database. Throws GatewayError: GW-POSTGRES with
 * SQLSTATE and position for what the server refuses, MT-SCHEMA-DUPLICATE for equal column names,
 * MT-QUERY, MT-TEMPORARY, MT-SELF-REFERENCE, MT-ROW-SECURITY for what a materialized table cannot
 * be defined by.
 */
export async function describeQuery(
  db: Database | Tx,
  input: DescribeInput,
): Promise<QueryDescription> {
  const select = await checkedSelect(input);
  const answer = await undone(db, (tx) => askServer(tx, input));
  checkSources(answer.catalog, input);
  const analysis = analyseQuery({
    expandedQuery: answer.expandedQuery,
    catalog: answer.catalog,
    columnNames: answer.columns.map((column) => column.name),
  });
  const notes = [...analysis.notes, ...frozenTimeNotes(select)];
  return {
    expandedQuery: answer.expandedQuery,
    columns: answer.columns.map((column, index) => ({
      ...column,
      nullable: analysis.columns[index]?.nullable ?? true,
    })),
    sources: analysis.sources,
    analysis: { ...analysis, notes },
  };
}

/** What can be said by the text alone, before the server is asked. */
async function checkedSelect(input: DescribeInput): Promise<SelectStmt> {
  if (input.query.includes("\0")) {
    // The parser would take the text to end here, the server would not.
    throw new GatewayError("GW-POSTGRES", "the query has a character with code 0", {
      sqlstate: "22021",
    });
  }
  const parsed = await parseQuery(input.query);
  if ("message" in parsed) {
    const position = parsed.position + (input.offset ?? 0);
    throw new GatewayError("GW-POSTGRES", parsed.message, { sqlstate: "42601", position });
  }
  if (parsed.statements !== 1 || !parsed.select) {
    const what = parsed.statements > 1 ? "several statements" : "a statement that is no query";
    throw refused(what, "AS is followed by one SELECT, VALUES or TABLE, with or without WITH.");
  }
  const { select } = parsed;
  if (contains({ SelectStmt: select }, "ParamRef")) {
    throw refused("a parameter", "Write the value itself: each refresh runs the query again.");
  }
  if (contains({ SelectStmt: select }, "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt")) {
    throw refused("a statement that changes data", "The query of a materialized table only reads.");
  }
  const clauses = clausesOf(select);
  if (clauses.into) throw refused("INTO", "The result goes into the materialized table.");
  if (clauses.locking) {
    throw refused("a locking clause", "Leave out FOR UPDATE and its kin: a refresh locks no rows.");
  }
  return select;
}

function clausesOf(select: SelectStmt): { into: boolean; locking: boolean } {
  const found = { into: select.intoClause !== undefined, locking: false };
  const look = (level: { lockingClause?: unknown }) => {
    if (level.lockingClause !== undefined) found.locking = true;
  };
  look(select);
  walk({ SelectStmt: select }, (kind, fields) => {
    if (kind === "SelectStmt") look(fields);
  });
  for (const arm of [select.larg, select.rarg]) {
    if (!arm) continue;
    const inner = clausesOf(arm);
    found.into ||= inner.into;
    found.locking ||= inner.locking;
  }
  return found;
}

function refused(what: string, hint: string): GatewayError {
  return new GatewayError("MT-QUERY", `the query of a materialized table cannot have ${what}`, {
    hint,
  });
}

interface Answer {
  readonly expandedQuery: string;
  readonly columns: readonly Omit<DescribedColumn, "nullable">[];
  readonly catalog: QueryCatalog;
}

const viewPrefix = "CREATE TEMP VIEW sluice_described AS ";

async function askServer(tx: Tx, input: DescribeInput): Promise<Answer> {
  const path = [...input.searchPath, "pg_temp"].map(quoteIdent).join(", ");
  await tx.execute(sql`
    SELECT set_config('search_path', ${path}, true),
      set_config('TimeZone', ${input.timeZone}, true),
      set_config('DateStyle', 'ISO, YMD', true), set_config('IntervalStyle', 'postgres', true),
      set_config('standard_conforming_strings', 'on', true),
      set_config('transform_null_equals', 'off', true)`);
  try {
    await tx.execute(trusted(`${viewPrefix}${input.query}`));
  } catch (error) {
    throw isServerError(error) ? explained(error, input) : error;
  }
  await tx.execute(sql`SELECT set_config('search_path', '', true)`);
  const [row] = await tx.query<{ text: string; columns: Answer["columns"] | null }>(sql`
    SELECT pg_get_viewdef(v.oid) AS text,
      (SELECT jsonb_agg(jsonb_build_object('name', a.attname,
          'type', format_type(a.atttypid, a.atttypmod),
          'typeOid', a.atttypid::int8) ORDER BY attnum)
        FROM pg_attribute a WHERE a.attrelid = v.oid AND a.attnum > 0) AS columns
    FROM pg_class v
    WHERE v.relname = 'sluice_described' AND v.relnamespace = pg_my_temp_schema()`);
  const columns = row?.columns ?? [];
  if (columns.length === 0) {
    throw new GatewayError("MT-SCHEMA-NO-COLUMNS", "the query yields no columns");
  }
  const expandedQuery = (row?.text ?? "").trim().replace(/;$/, "");
  await tryOut(tx, expandedQuery);
  return { expandedQuery, columns, catalog: await loadQueryCatalog(tx, expandedQuery) };
}

/** The canonical text must stand on its own feet under an empty search_path. */
async function tryOut(tx: Tx, expandedQuery: string): Promise<void> {
  try {
    await tx.execute(trusted(`CREATE TEMP VIEW sluice_canonical AS ${expandedQuery}`));
  } catch (error) {
    if (!isServerError(error)) throw error;
    throw new GatewayError("MT-QUERY", "the query cannot be written without a search path", {
      detail: `PostgreSQL refuses its canonical text: ${error.message}.`,
      hint: "Qualify the names of schemas in the query.",
      cause: error,
    });
  }
}

function explained(
  error: Parameters<typeof passOn>[0],
  { query, offset }: DescribeInput,
): GatewayError {
  const length = [...query].length;
  const said = passOn(error, { prefix: viewPrefix.length, offset: offset ?? 0, length });
  if (error.code !== "42701") return said;
  return new GatewayError("MT-SCHEMA-DUPLICATE", `the query has two columns of one name`, {
    detail: `PostgreSQL says: ${error.message}.`,
    hint: "Give one of them another name with AS.",
    position: said.position,
    cause: error,
  });
}

function checkSources(catalog: QueryCatalog, { self }: DescribeInput): void {
  for (const relation of catalog.relations) {
    const name = `${relation.schema}.${relation.name}`;
    if (relation.temporary) {
      throw new GatewayError(
        "MT-TEMPORARY",
        `the query reads the temporary relation ${relation.name}`,
        {
          hint: "A refresh runs in another session, which does not see it.",
        },
      );
    }
    if (relation.schema === "sluice_private" && !relation.throughView) {
      throw new GatewayError("MT-QUERY", `the query reads ${name}, which is internal to Sluice`, {
        hint: "The views of the schema sluice are made to be read.",
      });
    }
    if (self && relation.schema === self.database && relation.name === self.name) {
      throw new GatewayError("MT-SELF-REFERENCE", `the query reads ${name} itself`, {
        detail: relation.throughView ? "A view that it reads does so." : undefined,
      });
    }
    if (relation.rowSecurity && !relation.throughView) {
      throw new GatewayError("MT-ROW-SECURITY", `row-level security would hide rows of ${name}`, {
        hint: "Give the role of the gateway BYPASSRLS, or make it the owner of the table.",
      });
    }
  }
}
