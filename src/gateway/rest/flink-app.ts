// Serves the routes of Flink's protocol. Paths are matched by Hono; bodies and methods follow
// Flink: whatever does not match, a wrong method or a doubled slash included, is 404, and success
// is always 200.

import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { Clock } from "../../common/clock.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import type { Log } from "../../common/log.ts";
import { OperationFailure } from "../sql-gateway.ts";
import { BadRequest } from "./bad-request.ts";
import { badRequestBody, failureBody, plainErrorBody } from "./error-envelope.ts";
import {
  type ApiVersion,
  apiVersions,
  FlinkRequest,
  type FlinkRoute,
  type RestServices,
} from "./flink-route.ts";
import { flinkRoutes } from "./flink-routes.ts";
import type { HttpMetrics } from "./metrics.ts";
import { BodyTooLarge, hasBody, parseBody, readBody, UploadRefused } from "./read-body.ts";

export type NodeEnv = { Bindings: HttpBindings };

export interface FlinkAppOptions {
  readonly services: RestServices;
  readonly maxBodyBytes: number;
  readonly metrics: HttpMetrics;
  readonly clock: Clock;
  readonly log: Log;
}

/** An answer before it is a Response; null text: no body, no content type. */
interface Answer {
  readonly status: number;
  readonly text: string | null;
}

/** The header by which a client asks for what Flink's answers do not have. */
const detailsHeader = "x-sluice-details";
const jsonHeaders = { "content-type": "application/json; charset=UTF-8" };
const newest: ApiVersion = "v4";

/** Adds every route to `app`, under each of its versions and bare. */
export function addFlinkRoutes(app: Hono<NodeEnv>, options: FlinkAppOptions): void {
  for (const route of flinkRoutes) {
    for (const version of apiVersions) {
      if (!route.versions.includes(version)) continue;
      app.on(route.method, `/${version}${route.path}`, (c) => serve(c, route, version, options));
    }
    if (route.bare) app.on(route.method, route.path, (c) => serve(c, route, newest, options));
  }
}

/** 404 in Flink's shape. */
export function notFound(uri: string): Response {
  return new Response(plainErrorBody(`Not found: ${uri}`), { status: 404, headers: jsonHeaders });
}

async function serve(
  c: Context<NodeEnv>,
  route: FlinkRoute,
  version: ApiVersion,
  options: FlinkAppOptions,
): Promise<Response> {
  const begun = options.clock.monotonic();
  const answer = await answerOf(c, route, version, options);
  const elapsed = (options.clock.monotonic() - begun) / 1000;
  options.metrics.observe(route.path, route.method, answer.status, elapsed);
  if (answer.text === null) {
    return new Response(null, { status: answer.status, headers: { connection: "close" } });
  }
  return new Response(answer.text, { status: answer.status, headers: jsonHeaders });
}

async function answerOf(
  c: Context<NodeEnv>,
  route: FlinkRoute,
  version: ApiVersion,
  options: FlinkAppOptions,
): Promise<Answer> {
  const { incoming } = c.env;
  try {
    const wantsBody = route.requestClass !== null && hasBody(incoming);
    const text = wantsBody ? await readBody(incoming, options.maxBodyBytes) : "";
    if (!wantsBody) refuseLength(incoming.headers["content-length"], options.maxBodyBytes);
    const body =
      route.requestClass === null
        ? null
        : parseBody(
            text,
            incoming.headers["content-type"],
            route.requestClass,
            route.soleText ?? null,
          );
    const request = new FlinkRequest({
      route,
      version,
      param: (name) => c.req.param(name) ?? "",
      queries: (name) => c.req.queries(name) ?? [],
      body,
      details: incoming.headers[detailsHeader] !== undefined,
    });
    return { status: 200, text: await route.handle(request, options.services) };
  } catch (error) {
    return failure(error, route, incoming.headers[detailsHeader] !== undefined, options.log);
  }
}

function refuseLength(contentLength: string | undefined, maxBytes: number): void {
  if (Number(contentLength ?? 0) > maxBytes) throw new BodyTooLarge();
}

function failure(error: unknown, route: FlinkRoute, details: boolean, log: Log): Answer {
  if (error instanceof BadRequest) {
    return { status: 400, text: badRequestBody(error.message, error.javaCause) };
  }
  if (error instanceof UploadRefused) {
    return { status: 400, text: plainErrorBody("File upload not allowed") };
  }
  if (error instanceof BodyTooLarge) return { status: 413, text: null };
  const operation = error instanceof OperationFailure ? error.operation : null;
  const cause = error instanceof OperationFailure ? error.failure : error;
  if (!(cause instanceof GatewayError)) log.error({ err: cause, route: route.path }, "defect");
  const known =
    cause instanceof GatewayError
      ? cause
      : new GatewayError("GW-INTERNAL", "internal error", { cause });
  const text = failureBody(route.failure, known, operation);
  return {
    status: known.code === "GW-UNAVAILABLE" ? 503 : 500,
    text: details ? withDetails(text, known, error) : text,
  };
}

/** A second key beside `errors` breaks Java clients, so it is there only for those that ask. */
function withDetails(text: string, failed: GatewayError, error: unknown): string {
  const { code, sqlstate, message, detail, hint, position } = failed;
  const notices = error instanceof OperationFailure ? error.notices : [];
  const more = { error: { code, sqlstate, message, detail, hint, position }, notices };
  return `${text.slice(0, -1)},"sluice":${JSON.stringify(more)}}`;
}
