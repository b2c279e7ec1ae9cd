// What keeps web pages away, and the endpoints that are not of Flink's protocol.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RestGateway, restGateway } from "./support/rest-gateway.ts";
import { type Answer, send } from "./support/strict-client.ts";

let rest: RestGateway;
let session: string;
beforeAll(async () => {
  rest = await restGateway({
    http: {
      maxBodyBytes: 65_536,
      allowedOrigins: ["https://console.example"],
      allowedHosts: ["db.example"],
    },
  });
  session = await open();
});
afterAll(() => rest.close());

async function open(body: string | null = "{}"): Promise<string> {
  const answer = await send(rest.url, `POST /v2/sessions`, body);
  return (JSON.parse(answer.text) as { sessionHandle: string }).sessionHandle;
}

/** The `errors` of a body, which must have no other key. */
function errorsOf(answer: Answer): string[] {
  const body = JSON.parse(answer.text) as { errors: string[] };
  expect(Object.keys(body)).toEqual(["errors"]);
  return body.errors;
}

describe("browsers", () => {
  const asked = (headers: Record<string, string>, method = "GET") =>
    send(rest.url, `${method} /v2/info`, null, headers);

  test("a page of another origin is refused, the configured one and our own are not", async () => {
    const refused = await asked({ origin: "https://evil.example" });
    expect(refused.status).toBe(403);
    expect(errorsOf(refused)[0]).toContain("[GW-ORIGIN]");
    expect((await asked({ origin: "null" })).status).toBe(403);
    expect((await asked({ origin: rest.url })).status).toBe(200);
    const allowed = await asked({ origin: "https://console.example" });
    expect(allowed.status).toBe(200);
    expect(allowed.headers["access-control-allow-origin"]).toBe("https://console.example");
  });

  test("a name bound to our address is refused, addresses and known names are not", async () => {
    expect((await asked({ host: "evil.example:8083" })).status).toBe(403);
    for (const host of ["localhost:1", "127.0.0.1", "[::1]:8083", "db.example", "10.0.0.7:80"]) {
      expect((await asked({ host })).status, host).toBe(200);
    }
  });

  test("a preflight is answered for configured origins only", async () => {
    const allowed = await asked({ origin: "https://console.example" }, "OPTIONS");
    expect(allowed.status).toBe(204);
    expect(allowed.headers["access-control-allow-methods"]).toContain("DELETE");
    expect((await asked({}, "OPTIONS")).status).toBe(404);
  });
});

describe("our own endpoints", () => {
  test("health, readiness, metrics and the OpenAPI document", async () => {
    expect((await send(rest.url, `GET /healthz`, null)).text).toBe('{"status":"ok"}');
    const ready = await send(rest.url, `GET /readyz`, null);
    expect([ready.status, JSON.parse(ready.text)]).toEqual([
      200,
      { status: "ready", checks: { database: "ok" } },
    ]);
    const metrics = await send(rest.url, `GET /metrics`, null);
    expect(metrics.text).toMatch(/sluice_sessions \d+/);
    expect(metrics.text).toContain('route="/sessions",method="POST",status="200"');
    const info = await send(rest.url, `GET /api/v1/info`, null);
    expect(JSON.parse(info.text)).toMatchObject({ product: "Sluice" });
    const document = JSON.parse((await send(rest.url, `GET /openapi.json`, null)).text) as {
      openapi: string;
      paths: object;
    };
    expect(document.openapi).toBe("3.1.0");
    expect(document.paths).toMatchObject({ "/api/v1/health": {}, "/api/v1/info": {} });
  });

  test("a script is refused with a clear sentence", async () => {
    const path = `/v4/sessions/${session}/scripts`;
    const cases: [body: string, sentence: string][] = [
      ["{}", "Please specify script content or uri."],
      ['{"script":"SELECT 1;","scriptUri":"x"}', "but not both."],
      ['{"script":"SELECT 1;"}', "scripts cannot be deployed to a cluster [GW-SCRIPTS]"],
    ];
    for (const [body, sentence] of cases) {
      const answer = await send(rest.url, `POST ${path}`, body);
      expect(answer.status).toBe(500);
      expect(errorsOf(answer)[1]).toContain(sentence);
    }
  });
});
