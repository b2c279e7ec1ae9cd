// The metadata schemas as text, from the system catalogs: what the golden dump is compared with.
// Only what is the same on every PostgreSQL that Sluice supports.

import type { Database } from "../../src/common/pg.ts";
import { trusted } from "../../src/common/sql.ts";

const schemas = "('sluice', 'sluice_private')";

/**
 * Tables with columns, constraints and indexes; views; functions; triggers: sorted, one statement a
 * line or block.
 */
export async function describeSchema(database: Database): Promise<string> {
  const sections = [];
  for (const query of [tables, views, functions, triggers]) {
    const rows = await database.query<{ text: string }>(trusted(query));
    sections.push(...rows.map((row) => row.text));
  }
  return `${sections.join("\n\n")}\n`;
}

const tables = `
  SELECT format(E'CREATE TABLE %s.%s (\\n%s\\n);%s', n.nspname, c.relname,
    (SELECT string_agg(format('  %s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
              CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
              CASE WHEN a.attidentity <> '' THEN ' GENERATED ALWAYS AS IDENTITY'
                   WHEN d.oid IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
                   ELSE '' END), E',\\n' ORDER BY a.attnum)
       FROM pg_attribute a LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
    coalesce((SELECT string_agg(line, '' ORDER BY rank, line) FROM (
      SELECT 1 AS rank,
             format(E'\\n  CONSTRAINT %s %s;', k.conname, pg_get_constraintdef(k.oid)) AS line
        FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype <> 'n'
      UNION ALL
      SELECT 2, format(E'\\n  %s;', pg_get_indexdef(i.indexrelid)) FROM pg_index i
       WHERE i.indrelid = c.oid
         AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
      ) AS lines), '')
    ) AS text
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname IN ${schemas} AND c.relkind IN ('r', 'p') ORDER BY n.nspname, c.relname`;

// The text of a view differs between versions of the server, so only its columns are compared.
const views = `
  SELECT format(E'CREATE VIEW %s.%s (\\n%s\\n);', n.nspname, c.relname,
    (SELECT string_agg(format('  %s %s', a.attname, format_type(a.atttypid, a.atttypmod)), E',\\n'
              ORDER BY a.attnum)
       FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0)) AS text
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname IN ${schemas} AND c.relkind = 'v' ORDER BY n.nspname, c.relname`;

const functions = `
  SELECT regexp_replace(pg_get_functiondef(p.oid), E'\\\\s+$', '') || ';' AS text
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
   WHERE n.nspname IN ${schemas} AND p.prokind IN ('f', 'p') ORDER BY n.nspname, p.proname, p.oid`;

const triggers = `
  SELECT pg_get_triggerdef(t.oid) || ';' AS text
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname IN ${schemas} AND NOT t.tgisinternal ORDER BY n.nspname, c.relname, t.tgname`;
