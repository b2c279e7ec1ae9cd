// A route that is neither a list nor one row: what it takes (path, query, JSON body), what it
// answers, and the function between. Bodies are strict: a member that is not known is 400.

import { createRoute, type RouteConfig, z } from "@hono/zod-openapi";
import { errorResponses } from "./api-error.ts";
import type { AddRoute, ApiServices } from "./api-services.ts";

export interface ActionRoute<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answer extends z.ZodType,
> {
  readonly method: "get" | "post" | "put" | "delete";
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly params: Params;
  readonly query?: Query;
  /** Left out: the route takes no body. */
  readonly body?: Body;
  readonly answer: Answer;
  /** Of success; 200 if left out. */
  readonly status?: 200 | 201 | 202;
  readonly errors: readonly (400 | 404 | 409)[];
  readonly handle: (
    services: ApiServices,
    input: {
      readonly params: z.output<Params>;
      readonly query: z.output<Query>;
      readonly body: z.output<Body>;
    },
  ) => Promise<z.input<Answer>>;
}

/** Path parameters of something that has a name in a database. */
export const named = z.object({ database: z.string(), name: z.string() });

/** Path parameters of something that has an id. */
export const identified = z.object({ id: z.string() });

/** The answer of what leaves nothing to tell. */
export const done = z.object({}).openapi("Done");

/** The function that adds the route. */
export function actionRoute<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answer extends z.ZodType,
>(action: ActionRoute<Params, Query, Body, Answer>): AddRoute {
  const { method, path, summary, tag, status = 200 } = action;
  const content = (schema: z.ZodType) => ({ "application/json": { schema } });
  const query: z.ZodObject = action.query ?? z.strictObject({});
  const body =
    action.body === undefined ? {} : { body: { required: true, content: content(action.body) } };
  const config: RouteConfig = {
    method,
    path,
    summary,
    tags: [tag],
    request: { params: action.params as z.ZodObject, query, ...body },
    responses: {
      [status]: { description: "Done", content: content(action.answer) },
      ...errorResponses(...action.errors),
    },
  };
  const route = createRoute(config);
  return (api, services) => {
    api.openapi(route, async (c) => {
      // Checked by the schemas of the route, which the compiler cannot see through the config.
      const valid = <T>(target: string) => c.req.valid(target as never) as T;
      const answer = await action.handle(services, {
        params: valid<z.output<Params>>("param"),
        query: valid<z.output<Query>>("query"),
        body: valid<z.output<Body>>("json"),
      });
      // What the document does not know of is left out.
      return Response.json(action.answer.parse(answer), { status });
    });
  };
}
