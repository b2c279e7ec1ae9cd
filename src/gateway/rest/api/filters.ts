// The filters that several lists have.

import { z } from "@hono/zod-openapi";
import { ident, join, sql, trusted } from "../../../common/sql.ts";
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

const pair = z.string().regex(/^[^=]+=.*$/s, { error: "expected key=value" });

/** `tag=team=sales`; given several times, all must hold. `tags` is a jsonb object of the row. */
export function tagFilter(tags: ReturnType<typeof trusted>): Filter {
  return {
    schema: z
      .union([pair, z.array(pair)])
      .openapi({ description: "key=value; given several times, all must hold.", type: "string" }),
    where: (value) => {
      const given = Array.isArray(value) ? (value as string[]) : [String(value)];
      const wanted = given.map((one) => {
        const at = one.indexOf("=");
        return sql`${tags} @> ${JSON.stringify({ [one.slice(0, at)]: one.slice(at + 1) })}::jsonb`;
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
