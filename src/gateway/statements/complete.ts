// Completion: the parser knows which words may stand at the cursor, the catalog supplies the names.
// Tables are offered fully qualified, as Flink's own completion does, and bare where the text names
// them bare.

import type { Queryable } from "../../common/pg.ts";
import { sql } from "../../common/sql.ts";
import { complete as completeWords } from "../../parser/complete.ts";
import type { Complete } from "./statement-context.ts";

/** Names offered for one word. */
const mostNames = 200;

/** Binds the database; the result is what the gateway calls. */
export function makeComplete(on: Queryable): Complete {
  return async (text, position, session) => {
    if (position < 0 || position > text.length) return [];
    const before = text.slice(0, position);
    const word = /[\w$`".]*$/.exec(before)?.[0] ?? "";
    const names = word === "" ? [] : await findNames(on, word.replaceAll(/[`"]/g, ""), session);
    return completeWords(text, [...before].length, names);
  };
}

/**
 * Databases, and relations of the current database, that begin with the word; columns of nothing.
 */
async function findNames(
  on: Queryable,
  word: string,
  session: { readonly catalog: string; readonly database: string },
): Promise<string[]> {
  const parts = word.toLowerCase().split(".");
  const prefix = parts.at(-1) ?? "";
  const database = parts.length > 1 ? (parts.at(-2) ?? "") : session.database;
  const rows = await on.query<{ name: string }>(sql`
    SELECT c.relname AS name
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ${database} AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
      AND pg_catalog.starts_with(c.relname::text, ${prefix})
    UNION ALL
    SELECT nspname FROM pg_catalog.pg_namespace
    WHERE ${parts.length === 1} AND nspname !~ '^pg_' AND nspname <> 'information_schema'
      AND pg_catalog.starts_with(nspname::text, ${prefix})
    ORDER BY 1 LIMIT ${mostNames}`);
  return rows.map(({ name }) => name);
}
