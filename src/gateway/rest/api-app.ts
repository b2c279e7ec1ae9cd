// What is Sluice's own over HTTP: /healthz, /readyz, /metrics, and /api/v1 with its OpenAPI
// document.

import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Registry } from "prom-client";
import { GatewayError } from "../../common/gateway-error.ts";
import type { Log } from "../../common/log.ts";
import { errorAnswer, knownError, requestError } from "./api/api-error.ts";
import type { ApiServices } from "./api/api-services.ts";
import { apiRoutes } from "./api/routes.ts";
import type { NodeEnv } from "./flink-app.ts";
import { flinkVersion } from "./flink/get-info.ts";

/** Whether work can be taken, and why not. */
export interface Readiness {
  readonly ready: boolean;
  /** What was looked at: name → "ok" or what is wrong. */
  readonly checks: Readonly<Record<string, string>>;
}

export interface ApiAppOptions {
  readonly version: string;
  readonly advertised: readonly string[];
  readonly registry: Registry;
  /** Looks whether the database answers and the gateway is not stopping; never rejects. */
  readonly readiness: () => Promise<Readiness>;
  readonly services: ApiServices;
  readonly maxBodyBytes: number;
  readonly log: Log;
}

const infoSchema = z
  .object({
    product: z.literal("Sluice"),
    version: z.string(),
    protocol: z.object({
      flinkVersion: z
        .string()
        .openapi({ description: "The Flink release whose protocol is spoken." }),
      apiVersions: z.array(z.string()).openapi({ description: "Versions that are advertised." }),
    }),
  })
  .openapi("Info");

const healthSchema = z
  .object({
    ready: z.boolean(),
    checks: z.record(z.string(), z.string()).openapi({ description: '"ok", or what is wrong.' }),
  })
  .openapi("Health");

const infoRoute = createRoute({
  method: "get",
  path: "/api/v1/info",
  summary: "What this gateway is",
  responses: {
    200: { description: "Always", content: { "application/json": { schema: infoSchema } } },
  },
});

const healthRoute = createRoute({
  method: "get",
  path: "/api/v1/health",
  summary: "Whether the gateway can take work",
  responses: {
    200: { description: "It can", content: { "application/json": { schema: healthSchema } } },
    503: { description: "It cannot", content: { "application/json": { schema: healthSchema } } },
  },
});

/** Adds the routes to `app`. */
export function addApiRoutes(app: Hono<NodeEnv>, options: ApiAppOptions): void {
  const api = new OpenAPIHono<NodeEnv>({
    defaultHook(result) {
      if (!result.success) throw requestError(result.error, result.target);
    },
  });
  const { version, advertised } = options;
  api.onError((error, c) => {
    const known = knownError(error);
    if (known === null || known.code === "GW-INTERNAL") {
      options.log.error({ err: error, url: c.req.path }, "defect");
    }
    return errorAnswer(known ?? new GatewayError("GW-INTERNAL", "internal error"));
  });
  api.use(
    "/api/*",
    bodyLimit({
      maxSize: options.maxBodyBytes,
      onError: () => {
        throw new GatewayError("GW-TOO-LARGE", "the body of the request is too large");
      },
    }),
  );
  api.openapi(infoRoute, (c) =>
    c.json({
      product: "Sluice" as const,
      version,
      protocol: { flinkVersion, apiVersions: [...advertised] },
    }),
  );
  api.openapi(healthRoute, async (c) => {
    const { ready, checks } = await options.readiness();
    return c.json({ ready, checks: { ...checks } }, ready ? 200 : 503);
  });
  for (const add of apiRoutes) add(api, options.services);
  api.all("/api/*", (c) => {
    throw new GatewayError("GW-ROUTE-UNKNOWN", `there is no ${c.req.method} ${c.req.path}`, {
      hint: "/openapi.json lists the routes.",
    });
  });
  api.doc31("/openapi.json", {
    openapi: "3.1.0",
    info: { title: "Sluice", version, description: "The gateway's own API." },
  });
  app.route("/", api);
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", async (c) => {
    const { ready, checks } = await options.readiness();
    const status = ready ? "ready" : "not ready";
    return c.json({ status, checks }, ready ? 200 : 503);
  });
  app.get("/metrics", async (c) =>
    c.text(await options.registry.metrics(), 200, { "content-type": options.registry.contentType }),
  );
}
