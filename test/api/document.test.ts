// The document of the API: every route is in it, and it is sound in itself.

import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiKit, apiKit } from "./kit.ts";
import { resolve } from "./schema-check.ts";

let kit: ApiKit;
beforeAll(async () => {
  kit = await apiKit();
});
afterAll(() => kit.close());

test("every route is in it", () => {
  const routes = Object.entries(kit.document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(routes.sort()).toEqual(
    [
      "GET /api/v1/info",
      "GET /api/v1/health",
      "GET /api/v1/tables",
      "GET /api/v1/tables/{database}/{name}",
      "POST /api/v1/tables/{database}/{name}/refresh",
      "POST /api/v1/tables/{database}/{name}/suspend",
      "POST /api/v1/tables/{database}/{name}/resume",
      "GET /api/v1/tables/{database}/{name}/partitions",
      "GET /api/v1/partitions",
      "GET /api/v1/runs",
      "GET /api/v1/runs/{id}",
      "GET /api/v1/workflows",
      "POST /api/v1/workflows",
      "GET /api/v1/workflows/{database}/{name}",
      "PUT /api/v1/workflows/{database}/{name}",
      "DELETE /api/v1/workflows/{database}/{name}",
      "POST /api/v1/workflows/{database}/{name}/enable",
      "POST /api/v1/workflows/{database}/{name}/disable",
      "POST /api/v1/workflows/{database}/{name}/execute",
      "GET /api/v1/workflows/{database}/{name}/versions",
      "GET /api/v1/workflows/{database}/{name}/versions/{version}",
      "GET /api/v1/workflows/{database}/{name}/tasks/{task}/preview",
      "GET /api/v1/workflows/{database}/{name}/tasks/{task}/downstream",
      "GET /api/v1/tags",
      "GET /api/v1/instances",
      "GET /api/v1/instances/{id}",
      "POST /api/v1/instances/{id}/cancel",
      "POST /api/v1/instances/{id}/rerun",
      "POST /api/v1/instances/{id}/mark",
      "POST /api/v1/instances/{id}/skip",
      "GET /api/v1/task-instances",
      "GET /api/v1/task-instances/{id}",
      "GET /api/v1/task-instances/{id}/log",
      "GET /api/v1/backfills",
      "POST /api/v1/backfills",
      "POST /api/v1/backfills/dry-run",
      "GET /api/v1/backfills/{id}",
      "GET /api/v1/backfills/{id}/intervals",
      "POST /api/v1/backfills/{id}/pause",
      "POST /api/v1/backfills/{id}/resume",
      "POST /api/v1/backfills/{id}/cancel",
      "POST /api/v1/backfills/{id}/retry",
      "GET /api/v1/queues",
      "POST /api/v1/queues",
      "GET /api/v1/queues/{name}",
      "PUT /api/v1/queues/{name}",
      "DELETE /api/v1/queues/{name}",
      "GET /api/v1/lineage",
      "GET /api/v1/commands",
      "GET /api/v1/commands/{id}",
      "GET /api/v1/report",
      "GET /api/v1/progress",
      "GET /api/v1/events",
      "GET /api/v1/notifications",
      "GET /api/v1/notifications/{id}",
      "GET /api/v1/gateways",
    ].sort(),
  );
});

test("references lead somewhere; parameters, answers and errors are declared", () => {
  const { document } = kit;
  const refs = JSON.stringify(document).match(/"\$ref":"([^"]+)"/g) ?? [];
  expect(refs.length).toBeGreaterThan(50);
  for (const ref of refs) resolve(document, JSON.parse(`{${ref}}`)["$ref"] as string);
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const where = `${method} ${path}`;
      expect(operation.summary, where).toMatch(/\S/);
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
      const declared = (operation.parameters ?? [])
        .filter((parameter) => parameter.in === "path" && parameter.required === true)
        .map((parameter) => parameter.name);
      expect(declared.sort(), where).toEqual(wanted.sort());
      const good = Object.keys(operation.responses).filter((status) => status < "300");
      expect(good, where).toHaveLength(1);
      const { content } = operation.responses[good[0] ?? ""] ?? {};
      expect(content?.["application/json"]?.schema, where).toBeDefined();
      if (wanted.length > 0) expect(operation.responses["404"], where).toBeDefined();
      if (method === "post" || method === "put") {
        expect(operation.responses["404"] ?? operation.responses["409"], where).toBeDefined();
      }
    }
  }
});

test("what is below /api and no route is 404 in the same form", async () => {
  expect(await kit.refused(kit.get("/api/v1/nothing"))).toBe("404 GW-ROUTE-UNKNOWN");
  expect(await kit.refused(kit.remove("/api/v1/tables/public/t"))).toBe("404 GW-ROUTE-UNKNOWN");
  expect(await kit.refused(kit.post("/api", {}))).toBe("404 GW-ROUTE-UNKNOWN");
});
