// GET /api/v1/lineage

import { z } from "@hono/zod-openapi";
import { lineageSteps, loadLineage } from "../../../catalog/lineage.ts";
import { actionRoute } from "./action-route.ts";

const node = z.object({
  database: z.string(),
  name: z.string(),
  column: z.string().nullable().openapi({ description: "Null: the relation as a whole." }),
  materialized: z.boolean().openapi({ description: "It is a materialized table." }),
  depth: z.number().openapi({ description: "Steps away from where it was asked for." }),
});

const end = z.object({ database: z.string(), name: z.string(), column: z.string().nullable() });

export const addGetLineage = actionRoute({
  method: "get",
  path: "/api/v1/lineage",
  summary: "What feeds tables or a column, or what they feed, through all steps",
  tag: "lineage",
  params: z.object({}),
  query: z
    .strictObject({
      database: z.string().default("public"),
      name: z.string().optional().openapi({ description: "Left out: every direct edge." }),
      column: z.string().optional(),
      direction: z.enum(["upstream", "downstream", "both"]).default("both"),
      kind: z.enum(["table", "column"]).default("table"),
      depth: z.coerce.number().int().min(1).max(100).default(100),
    })
    .refine((given) => given.name !== undefined || given.column === undefined, {
      error: "column belongs to name",
    }),
  answer: z
    .object({
      nodes: z.array(node),
      edges: z.array(
        z.object({
          kind: z.enum(["table", "column"]),
          from: end,
          to: end,
          transformation: z
            .enum(lineageSteps)
            .nullable()
            .openapi({ description: "What is done to a column on the way." }),
        }),
      ),
      unresolved: z
        .array(
          z.object({
            database: z.string(),
            name: z.string(),
            column: z.string(),
            reason: z.string(),
          }),
        )
        .openapi({
          description: "Columns whose origin could not be followed: they have no edges.",
        }),
    })
    .openapi("Lineage"),
  errors: [400, 404],
  handle: ({ database }, { query }) =>
    loadLineage(database, {
      database: query.database,
      name: query.name ?? null,
      column: query.column ?? null,
      direction: query.direction,
      kind: query.column === undefined ? query.kind : "column",
      depth: query.depth,
    }),
});
