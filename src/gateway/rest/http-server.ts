// The HTTP server: one Hono app behind the browser guard, on Node's server. HEAD and what Hono
// would do of its own accord is 404, as in Flink; OPTIONS is answered for configured origins only.

import type { Server } from "node:http";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { GatewayError } from "../../common/gateway-error.ts";
import {
  type BrowserGuard,
  browserGuard,
  type BrowserGuardOptions,
} from "../security/browser-guard.ts";
import { errorAnswer } from "./api/api-error.ts";
import { addApiRoutes, type ApiAppOptions } from "./api-app.ts";
import { plainErrorBody } from "./error-envelope.ts";
import { addFlinkRoutes, type FlinkAppOptions, notFound, type NodeEnv } from "./flink-app.ts";

export interface HttpServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly guard: BrowserGuardOptions;
  readonly flink: FlinkAppOptions;
  readonly api: ApiAppOptions;
}

export interface HttpServer {
  /** Resolves when requests are taken. Rejects if the address is in use. */
  listen(): Promise<{ readonly host: string; readonly port: number }>;
  /** Takes no new connection; resolves when all are closed, idle ones at once. */
  close(): Promise<void>;
  /** Ends connections that are still open. */
  closeNow(): void;
}

const methods = "GET, POST, PUT, DELETE";

export function httpServer(options: HttpServerOptions): HttpServer {
  const app = new Hono<NodeEnv>({ strict: false });
  addFlinkRoutes(app, options.flink);
  addApiRoutes(app, options.api);
  app.notFound((c) => notFound(c.env.incoming.url ?? ""));
  app.onError((error, c) => {
    options.flink.log.error({ err: error, url: c.req.path }, "defect");
    return new Response(plainErrorBody("Internal server error."), {
      status: 500,
      headers: { "content-type": "application/json; charset=UTF-8" },
    });
  });
  const guard = browserGuard(options.guard);
  const server = createAdaptorServer({
    fetch: (request, env) => dispatch(app, guard, request, env as HttpBindings),
  }) as Server;
  server.keepAliveTimeout = 65_000;
  server.requestTimeout = 0;
  return {
    listen: () => listen(server, options.host, options.port),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
    closeNow: () => server.closeAllConnections(),
  };
}

async function dispatch(
  app: Hono<NodeEnv>,
  guard: BrowserGuard,
  request: Request,
  env: HttpBindings,
): Promise<Response> {
  const { headers, method, url } = env.incoming;
  const { host, origin } = headers;
  const refusal = guard.refusal({ host, origin });
  if (refusal !== null && url?.startsWith("/api/") === true) {
    return errorAnswer(new GatewayError("GW-ORIGIN", refusal.replace(/\. \[GW-ORIGIN\]$/, "")));
  }
  if (refusal !== null) {
    return new Response(plainErrorBody(refusal), {
      status: 403,
      headers: { "content-type": "application/json; charset=UTF-8" },
    });
  }
  const isCors = guard.isConfigured(origin);
  if (method === "OPTIONS" && isCors) return preflight(origin ?? "");
  const response = method === "HEAD" ? headNotFound(url ?? "") : await app.fetch(request, env);
  if (isCors && origin !== undefined) {
    response.headers.set("access-control-allow-origin", origin);
    response.headers.append("vary", "Origin");
  }
  return response;
}

function headNotFound(url: string): Response {
  const found = notFound(url);
  return new Response(null, { status: 404, headers: found.headers });
}

function preflight(origin: string): Response {
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-origin": origin,
      "access-control-allow-methods": methods,
      "access-control-allow-headers": "content-type, last-event-id, x-sluice-details",
      "access-control-max-age": "600",
      vary: "Origin",
    },
  });
}

function listen(
  server: Server,
  host: string,
  port: number,
): Promise<{ readonly host: string; readonly port: number }> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.removeListener("error", reject);
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      resolve({ host, port: bound });
    });
  });
}
