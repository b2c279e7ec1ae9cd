// Functions and procedures.

import type { Queryable } from "../../../common/pg.ts";
import { sql } from "../../../common/sql.ts";

/**
 * Names of the functions (aggregates and window functions too) of the schemas, without trigger
 * functions.
 */
export async function findFunctions(
  on: Queryable,
  databases: readonly string[],
): Promise<string[]> {
  const rows = await on.query<{ name: string }>(sql`
    SELECT DISTINCT p.proname AS name
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = ANY (${[...databases]}::text[]) AND p.prokind <> 'p'
      AND p.prorettype <> 'pg_catalog.trigger'::pg_catalog.regtype
      AND p.prorettype <> 'pg_catalog.event_trigger'::pg_catalog.regtype`);
  return rows.map((row) => row.name);
}

/** Names of the procedures of a schema. */
export async function findProcedures(on: Queryable, database: string): Promise<string[]> {
  const rows = await on.query<{ name: string }>(sql`
    SELECT DISTINCT p.proname AS name
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = ${database} AND p.prokind = 'p'`);
  return rows.map((row) => row.name);
}

/** One overload of a function. */
export interface FunctionSignature {
  readonly signature: string;
  readonly result: string;
  readonly language: string;
  readonly volatility: string;
  readonly comment: string | null;
}

/** The overloads of a function in the first of the schemas that has one of that name. */
export function findSignatures(
  on: Queryable,
  databases: readonly string[],
  name: string,
): Promise<FunctionSignature[]> {
  return on.query<FunctionSignature>(sql`
    WITH found AS (
      SELECT p.*, l.lanname, pg_catalog.array_position(${[...databases]}::text[], n.nspname::text)
               AS place
      FROM pg_catalog.pg_proc p
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      JOIN pg_catalog.pg_language l ON l.oid = p.prolang
      WHERE p.proname = ${name} AND n.nspname = ANY (${[...databases]}::text[]))
    SELECT f.proname || '(' || pg_catalog.pg_get_function_identity_arguments(f.oid) || ')'
             AS signature,
           coalesce(pg_catalog.pg_get_function_result(f.oid), '') AS result,
           f.lanname AS language,
           CASE f.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END
             AS volatility,
           pg_catalog.obj_description(f.oid, 'pg_proc') AS comment
    FROM found f WHERE f.place = (SELECT min(place) FROM found)
    ORDER BY 1`);
}
