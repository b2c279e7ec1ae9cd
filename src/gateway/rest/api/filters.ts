// The filters that several lists have.

import { z } from "@hono/zod-openapi";
import { ident, join, type Sql, sql, trusted } from "../../../common/sql.ts";
import type { Filter } from "./list-route.ts";

/** One of the words, or several with commas between them. */
export function wordsFilter(column: string, words: readonly string[]): Filter {
  const schema = z
    .string()
    .refine((value) => value.split(",").every((word) => words.includes(word)), {
      error: `expected one or several of ${words.join(", ")}, with commas between them`,
    })
    .openapi({ description: `One or several of ${words.join(", ")}, separated by commas.` });
  return {
    schema,
    where: (value) => sql`r.${ident(column)} = ANY (${String(value).split(",")}::text[])`,
  };
}

/** The whole value. */
export function equalFilter(column: string): Filter {
  return { schema: z.string(), where: (value) => sql`r.${ident(column)} = ${value}` };
}

/** A part of the name, whatever the case. */
export function nameFilter(column: string): Filter {
  return {
    schema: z.string().openapi({ description: "A part of the name, whatever the case." }),
    where: (value) => sql`strpos(lower(r.${ident(column)}), lower(${value}::text)) > 0`,
  };
}

/**
 * Runs of the workflow of that name; its ids, those of dropped ones included, lead to the index of
 * the history.
 */
export function workflowFilter(): Filter {
  return {
    schema: z.string(),
    where: (value) => sql`
      (r.workflow = ${value} AND r.workflow_id = ANY (ARRAY(
        SELECT w.workflow_id FROM sluice_private.workflows w WHERE w.name = ${value}
        UNION
        SELECT v.workflow_id FROM sluice_private.workflow_versions v
        WHERE v.definition ->> 'name' = ${value} AND NOT EXISTS (
          SELECT FROM sluice_private.workflows w WHERE w.workflow_id = v.workflow_id))))`,
  };
}

const pair = z.string().regex(/^[^=]+=.*$/s, { error: "expected key=value" });

/**
 * `tag=team=sales`; given several times, all must hold. `hasTags` gives the condition on a row for
 * an object of tags.
 */
export function tagFilter(hasTags: (wanted: Sql) => Sql): Filter {
  return {
    schema: z
      .union([pair, z.array(pair)])
      .openapi({ description: "key=value; given several times, all must hold.", type: "string" }),
    where: (value) => {
      const given = Array.isArray(value) ? (value as string[]) : [String(value)];
      const wanted = given.map((one) => {
        const at = one.indexOf("=");
        const tags = JSON.stringify({ [one.slice(0, at)]: one.slice(at + 1) });
        return hasTags(sql`${tags}::jsonb`);
      });
      return sql`(${join(wanted, " AND ")})`;
    },
  };
}

/** A time in ISO 8601 with zone, compared with a column of the row. */
export function timeFilter(column: string, operator: ">=" | "<"): Filter {
  return {
    schema: z.iso.datetime({ offset: true }),
    where: (value) => sql`r.${ident(column)} ${trusted(operator)} ${value}::timestamptz`,
  };
}
