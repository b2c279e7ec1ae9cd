// Completion: the parser knows which words may stand at the cursor and which names fit there; this
// knows the names. Tables are offered fully qualified and columns bare, as Flink's own completion
// does.

import type { Queryable } from "../../common/pg.ts";
import { sql } from "../../common/sql.ts";
import { complete as completeWords, type OtherNames } from "../../parser/complete.ts";
import type { Session } from "../session/session.ts";
import type { Complete } from "./statement-context.ts";

/** Names of each kind that are offered for one word. */
const mostNames = 500;

/** Binds the database; the result is what the gateway calls. */
export function makeComplete(on: Queryable): Complete {
  return async (text, position, session) => {
    if (position < 0 || position > text.length) return [];
    const before = text.slice(0, position);
    const typed = /[\p{L}\p{N}_$`".]*$/u.exec(before)?.[0] ?? "";
    const prefix = (typed.split(".").at(-1) ?? "").replaceAll(/[`"]/g, "").toLowerCase();
    const [relations, columns] = await Promise.all([
      findRelationNames(on, prefix, session),
      prefix === "" ? [] : findColumnNames(on, prefix, text, session),
    ]);
    const others = /workflow|queue|backfill/i.test(before)
      ? await findWorkflowNames(on, prefix, session)
      : { workflows: [], queues: [] };
    return completeWords(text, [...before].length, [...relations, ...columns], others);
  };
}

/**
 * `catalog.database.relation` of all relations whose name begins so, and databases by their names.
 */
async function findRelationNames(
  on: Queryable,
  prefix: string,
  session: Session,
): Promise<string[]> {
  const rows = await on.query<{ database: string; name: string | null }>(sql`
    (SELECT n.nspname AS database, c.relname AS name
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm')
       AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'sluice_private')
       AND (pg_catalog.starts_with(pg_catalog.lower(c.relname), ${prefix})
            OR pg_catalog.starts_with(pg_catalog.lower(n.nspname), ${prefix}))
     ORDER BY n.nspname <> ${session.database}, c.relname LIMIT ${mostNames})
    UNION ALL
    (SELECT nspname, NULL FROM pg_catalog.pg_namespace
     WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'sluice_private')
     ORDER BY 1 LIMIT ${mostNames})`);
  return rows.map(({ database, name }) =>
    name === null
      ? quotedWhereNeeded(database)
      : [session.catalog, database, name].map(quotedWhereNeeded).join("."),
  );
}

/** `catalog.database.workflow` of users' workflows, and queues, whose names begin so. */
async function findWorkflowNames(
  on: Queryable,
  prefix: string,
  session: Session,
): Promise<OtherNames> {
  const rows = await on.query<{ database: string | null; name: string }>(sql`
    (SELECT database, name FROM sluice_private.workflows
     WHERE kind = 'user' AND (starts_with(lower(name), ${prefix})
                              OR starts_with(lower(database), ${prefix}))
     ORDER BY database <> ${session.database}, name LIMIT ${mostNames})
    UNION ALL
    (SELECT NULL, queue FROM sluice_private.queues
     WHERE starts_with(lower(queue), ${prefix}) ORDER BY queue LIMIT ${mostNames})`);
  return {
    workflows: rows.flatMap(({ database, name }) =>
      database === null ? [] : [[session.catalog, database, name].map(quotedWhereNeeded).join(".")],
    ),
    queues: rows.flatMap(({ database, name }) =>
      database === null ? [quotedWhereNeeded(name)] : [],
    ),
  };
}

/** Columns that begin so, of the relations of the current database that the text names. */
async function findColumnNames(
  on: Queryable,
  prefix: string,
  text: string,
  session: Session,
): Promise<string[]> {
  const words = [...new Set(text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [])];
  const rows = await on.query<{ name: string }>(sql`
    SELECT DISTINCT a.attname AS name
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ${session.database} AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
      AND pg_catalog.lower(c.relname) = ANY (${words.slice(0, mostNames)}::text[])
      AND a.attnum > 0 AND NOT a.attisdropped
      AND pg_catalog.starts_with(pg_catalog.lower(a.attname), ${prefix})
    ORDER BY 1 LIMIT ${mostNames}`);
  return rows.map(({ name }) => quotedWhereNeeded(name));
}

function quotedWhereNeeded(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `\`${name.replaceAll("`", "``")}\``;
}
