// Requests as they come: paths, methods, bodies of every shape, parameters, sizes, origins and
// hosts.

import { connect } from "node:net";
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

const nobody = "00000000-0000-4000-8000-000000000000";

describe("paths", () => {
  const missing: readonly [method: string, path: string][] = [
    ["GET", "/v2/nothing-here"],
    ["GET", "/v9/info"],
    ["GET", "/v0/info"],
    ["GET", "/"],
    ["GET", "/V2/INFO"],
    ["GET", "//v2//info"],
    ["PUT", "/v2/sessions"],
    ["GET", "/v2/sessions"],
    ["POST", "/v2/info"],
    ["OPTIONS", "/v2/sessions"],
    ["POST", `/v1/sessions/${nobody}/configure-session`],
    ["GET", `/v1/sessions/${nobody}/complete-statement`],
    ["POST", `/v3/sessions/${nobody}/scripts`],
    ["POST", `/v2/sessions/${nobody}/materialized-tables/t/refresh`],
    ["POST", "/v2/workflow/embedded-scheduler/create"],
    ["PATCH", "/v4/workflow/embedded-scheduler/create"],
  ];
  test.each(missing)("%s %s is 404 in Flink's shape", async (method, path) => {
    const answer = await send(rest.url, `${method} ${path}`, null);
    expect(answer.status).toBe(404);
    expect(answer.headers["content-type"]).toBe("application/json; charset=UTF-8");
    expect(errorsOf(answer)).toEqual([`Not found: ${path}`]);
  });

  test("HEAD is 404 without a body", async () => {
    const answer = await send(rest.url, `HEAD /v2/info`, null);
    expect([answer.status, answer.text]).toEqual([404, ""]);
  });

  test.each(["/info", "/v1/info", "/v2/info/", "/v3/info?x=1", "/v4/info"])(
    "GET %s answers",
    async (path) => {
      const answer = await send(rest.url, `GET ${path}`, "{}");
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.text)).toMatchObject({
        productName: "Apache Flink",
        version: "2.3.0",
      });
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    },
  );

  test.each([
    ["", "/v4"],
    ["/v1", "/v1"],
    ["/v2", "/v2"],
    ["/v3", "/v3"],
    ["/v4", "/v4"],
  ])("under %j the next page is under %s", async (prefix, shown) => {
    const opened = await send(rest.url, `POST ${prefix}/sessions`, "{}");
    const { sessionHandle } = JSON.parse(opened.text) as { sessionHandle: string };
    const base = `${prefix}/sessions/${sessionHandle}`;
    const posted = await send(rest.url, `POST ${base}/statements`, '{"statement":"SELECT 1"}');
    const { operationHandle } = JSON.parse(posted.text) as { operationHandle: string };
    const path = `/operations/${operationHandle}/result/0`;
    const page = await send(rest.url, `GET ${base}${path}?rowFormat=PLAIN_TEXT`, null);
    const query = prefix === "/v1" ? "" : "?rowFormat=PLAIN_TEXT";
    expect(JSON.parse(page.text)).toMatchObject({
      results: { rowFormat: prefix === "/v1" ? "JSON" : "PLAIN_TEXT" },
      nextResultUri: `${shown}/sessions/${sessionHandle}${path.slice(0, -1)}1${query}`,
    });
    expect((await send(rest.url, `DELETE ${base}`, "{}")).text).toBe('{"status":"CLOSED"}');
  });

  test("the refresh route decodes its identifier, in every version from 3 and bare", async () => {
    for (const prefix of ["", "/v3", "/v4"]) {
      for (const name of ["`c`.`d`.`t`", "%60c%60.%60d%60.%60t%60", "a%2Fb"]) {
        const path = `${prefix}/sessions/${session}/materialized-tables/${name}/refresh`;
        const answer = await send(rest.url, `POST ${path}`, '{"isPeriodic":false}');
        expect(answer.status).toBe(200);
        const none = await send(rest.url, `POST ${path}`, "{}");
        expect(none.status).toBe(400);
      }
    }
  });
});

describe("bodies", () => {
  const statements = () => `/v2/sessions/${session}/statements`;
  const accepted: readonly [what: string, body: string | null, headers: Record<string, string>][] =
    [
      ["JSON text", '"SELECT 1"', {}],
      ["a number as statement", '{"statement":1}', {}],
      ["no statement", "{}", {}],
      ["no body", null, {}],
      ["statement null", '{"statement":null}', {}],
      ["trailing garbage", '{"statement":"SELECT 1"} trailing', {}],
      ["unknown field", '{"statement":"SELECT 1","nonsense":true}', {}],
      [
        "form content type",
        '{"statement":"SELECT 1"}',
        { "content-type": "application/x-www-form-urlencoded" },
      ],
      ["text content type", '{"statement":"SELECT 1"}', { "content-type": "text/plain" }],
      ["timeout as empty text", '{"statement":"SELECT 1","executionTimeout":""}', {}],
      ["timeout as text", '{"statement":"SELECT 1","executionTimeout":"0"}', {}],
      ["timeout below 0", '{"statement":"SELECT 1","executionTimeout":-1}', {}],
      ["config null", '{"statement":"SELECT 1","executionConfig":null}', {}],
      [
        "config of scalars",
        '{"statement":"SELECT 1","executionConfig":{"a":1,"b":true,"c":null}}',
        {},
      ],
      [
        "multipart with a request",
        '--x\r\nContent-Disposition: form-data; name="request"\r\n\r\n{"statement":"SELECT 1"}\r\n--x--\r\n',
        { "content-type": "multipart/form-data; boundary=x" },
      ],
    ];
  test.each(accepted)("%s is taken", async (_what, body, headers) => {
    const answer = await send(rest.url, `POST ${statements()}`, body, headers);
    expect(answer.text).toMatch(/^\{"operationHandle":"[0-9a-f-]{36}"\}$/);
    expect(answer.status).toBe(200);
  });

  const refused: readonly [what: string, body: string][] = [
    ["malformed JSON", '{"statement": '],
    ["no JSON at all", "SELECT 1"],
    ["an array", "[1, 2]"],
    ["a number", "7"],
    ["an object as statement", '{"statement":{"a":1}}'],
    ["nested config", '{"statement":"SELECT 1","executionConfig":{"a":{"b":1}}}'],
    ["config as array", '{"statement":"SELECT 1","executionConfig":[]}'],
    ["timeout that is no number", '{"statement":"SELECT 1","executionTimeout":"soon"}'],
  ];
  test.each(refused)("%s is 400", async (_what, body) => {
    const answer = await send(rest.url, `POST ${statements()}`, body);
    expect(answer.status).toBe(400);
    const [text, ...more] = errorsOf(answer);
    expect(more).toEqual([]);
    expect(text).toMatch(
      /^org\.apache\.flink\.runtime\.rest\.handler\.RestHandlerException: Request did not match expected format ExecuteStatementRequestBody\.\n\tat .*\nCaused by: org\.apache\.flink\.shaded\.jackson2\..*\n\tat /s,
    );
  });

  test("a file in a form is refused in one sentence", async () => {
    const body =
      '--x\r\nContent-Disposition: form-data; name="file_0"; filename="a.txt"\r\n\r\nhello\r\n--x--\r\n';
    const answer = await send(rest.url, `POST ${statements()}`, body, {
      "content-type": "multipart/form-data; boundary=x",
    });
    expect(answer.status).toBe(400);
    expect(errorsOf(answer)).toEqual(["File upload not allowed"]);
  });

  test("a missing statement ends the operation in ERROR, configure-session at once", async () => {
    const posted = await send(rest.url, `POST ${statements()}`, "{}");
    const { operationHandle } = JSON.parse(posted.text) as { operationHandle: string };
    const path = `/v2/sessions/${session}/operations/${operationHandle}/result/0`;
    const page = await send(rest.url, `GET ${path}`, null);
    expect(page.status).toBe(500);
    expect(errorsOf(page)[1]).toContain("the request has no statement [GW-REQUEST]");
    const configured = await send(rest.url, `POST /v2/sessions/${session}/configure-session`, "{}");
    expect(configured.status).toBe(500);
    expect(errorsOf(configured)).toHaveLength(2);
  });

  test("executionTimeout above 0 is refused in Flink's words", async () => {
    for (const end of ["statements", "configure-session"]) {
      const body = '{"statement":"SET \'a\' = \'b\'","executionTimeout":1000}';
      const answer = await send(rest.url, `POST /v2/sessions/${session}/${end}`, body);
      expect(answer.status).toBe(500);
      const errors = errorsOf(answer);
      expect(errors[0]).toBe("Internal server error.");
      expect(errors[1]).toContain(
        "Caused by: java.lang.UnsupportedOperationException: SqlGatewayService doesn't support timeout mechanism now.\n\tat ",
      );
    }
  });

  test("complete-statement is a GET with a body, or with a query", async () => {
    const path = `/v2/sessions/${session}/complete-statement`;
    const ask = (body: string | null, query = "") => send(rest.url, `GET ${path + query}`, body);
    expect((await ask('{"statement":"CREATE TA","position":9}')).text).toBe(
      '{"candidates":["TABLE"]}',
    );
    expect((await ask('{"statement":"CREATE TA","position":"9"}')).status).toBe(200);
    expect((await ask(null, "?statement=CREATE%20TA&position=9")).text).toBe(
      '{"candidates":["TABLE"]}',
    );
    expect(errorsOf(await ask('{"statement":"SEL"}'))[0]).toContain(
      "CompleteStatementRequestBody.",
    );
    expect((await ask('{"statement":"SEL","position":null}')).status).toBe(400);
    const none = await ask(null);
    expect(none.status).toBe(400);
    expect(errorsOf(none)[0]).toContain(
      "Bad request received. Request did not conform to expected format.",
    );
  });

  test("a body beyond the limit is 413 with nothing in it", async () => {
    const body = JSON.stringify({ statement: "x".repeat(70_000) });
    const answer = await send(rest.url, `POST ${statements()}`, body);
    expect([answer.status, answer.text]).toEqual([413, ""]);
    expect(answer.headers["content-type"]).toBeUndefined();
    expect(answer.headers["connection"]).toBe("close");
    const fits = JSON.stringify({ statement: `SELECT '${"x".repeat(60_000)}'` });
    expect((await send(rest.url, `POST ${statements()}`, fits)).status).toBe(200);
  });

  test("a chunked body beyond the limit is refused too", async () => {
    const { hostname, port } = new URL(rest.url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          `POST ${statements()} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nTransfer-Encoding: chunked\r\n\r\n`,
        );
        const chunk = `4000\r\n${"x".repeat(0x4000)}\r\n`;
        for (let k = 0; k < 6; k++) socket.write(chunk);
        socket.write("0\r\n\r\n");
      });
      let text = "";
      socket.on("data", (data: Buffer) => {
        text += data.toString();
        if (text.includes("\r\n\r\n")) resolve(text);
      });
      socket.on("error", () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  test("a session opens without a body, with scalars, not with nulls or objects", async () => {
    expect(await open(null)).toMatch(/^[0-9a-f-]{36}$/);
    const handle = await open(
      '{"sessionName":"etl","properties":{"rest.port":8081,"my.flag":true}}',
    );
    const shown = await send(rest.url, `GET /v2/sessions/${handle}`, null);
    expect(JSON.parse(shown.text)).toMatchObject({
      properties: { "rest.port": "8081", "my.flag": "true", "execution.runtime-mode": "batch" },
    });
    const withNull = await send(rest.url, `POST /v2/sessions`, '{"properties":{"a":null}}');
    expect(withNull.status).toBe(500);
    expect(errorsOf(withNull)[1]).toContain(
      "Failed to openSession.\n\tat sluice.gateway.rest(flink)\nCaused by: java.lang.NullPointerException: Value must not be null.\n\tat ",
    );
    for (const bad of ['{"properties":{"a":{"b":1}}}', '{"properties":[]}']) {
      const answer = await send(rest.url, `POST /v2/sessions`, bad);
      expect(answer.status).toBe(400);
      expect(errorsOf(answer)[0]).toContain("OpenSessionRequestBody.");
    }
  });

  // covers: G-18
  test("user and password are neither shown nor stored", async () => {
    const handle = await open('{"properties":{"user":"me","password":"secret","x.token":"t"}}');
    const shown = await send(rest.url, `GET /v2/sessions/${handle}`, null);
    expect(shown.text).not.toMatch(/secret|password|"user"|x\.token/);
    const stored = await rest.database.query<{ properties: object }>(
      `SELECT properties FROM sluice_private.sessions WHERE session_handle = '${handle}'`,
    );
    expect(stored[0]?.properties).toEqual({});
  });
});

describe("parameters", () => {
  const bad: readonly [path: string, message: string][] = [
    ["/v2/sessions/abc", 'path parameter (session_handle) from value "abc"'],
    [
      `/v2/sessions/${nobody}/operations/abc/status`,
      'path parameter (operation_handle) from value "abc"',
    ],
    [
      `/v2/sessions/${nobody}/operations/${nobody}/result/abc`,
      'path parameter (token) from value "abc"',
    ],
    [
      `/v2/sessions/${nobody}/operations/${nobody}/result/0?rowFormat=XML`,
      'query parameter (rowFormat) from value "XML"',
    ],
    [
      `/v2/sessions/${nobody}/operations/${nobody}/result/0?rowFormat=`,
      'query parameter (rowFormat) from value ""',
    ],
  ];
  test.each(bad)("%s is 400", async (path, message) => {
    const answer = await send(rest.url, `GET ${path}`, "{}");
    expect(answer.status).toBe(400);
    expect(errorsOf(answer)[0]).toContain(
      `Bad request, could not parse parameters: Cannot resolve ${message}.\n\tat `,
    );
  });

  test("rowFormat twice is 400, on V1 it is nobody's business", async () => {
    const path = `/sessions/${session}/operations/${nobody}/result/0`;
    const twice = await send(rest.url, `GET /v2${path}?rowFormat=JSON&rowFormat=JSON`, null);
    expect(twice.status).toBe(400);
    expect(errorsOf(twice)[0]).toContain("Expected only one value [JSON, JSON].");
    expect((await send(rest.url, `GET /v1${path}?rowFormat=XML`, null)).status).toBe(500);
  });

  test("unknown handles are 500, in one element or two as in Flink", async () => {
    const rows: [method: string, path: string, elements: number, outer: string][] = [
      ["GET", "", 1, "Failed to getSessionConfig."],
      ["DELETE", "", 1, "Failed to closeSession."],
      ["POST", "/heartbeat", 1, "Failed to getSessionConfig."],
      ["POST", "/statements", 2, "Failed to execute statement."],
      ["POST", "/configure-session", 2, "Failed to configure session."],
      ["GET", `/operations/${nobody}/status`, 1, "Failed to getOperationInfo."],
      ["POST", `/operations/${nobody}/cancel`, 1, "Failed to cancelOperation."],
      ["DELETE", `/operations/${nobody}/close`, 1, "Failed to closeOperation."],
      ["GET", `/operations/${nobody}/result/0`, 2, "Failed to fetchResults."],
    ];
    for (const [method, path, elements, outer] of rows) {
      const body = '{"statement":"SELECT 1"}';
      const answer = await send(rest.url, `${method} /v2/sessions/${nobody}${path}`, body);
      expect(answer.status, path).toBe(500);
      const errors = errorsOf(answer);
      expect(errors, path).toHaveLength(elements);
      expect(errors[elements - 1]).toContain(outer);
      expect(errors[elements - 1]).toContain(`Session '${nobody}' does not exist.\n\tat `);
    }
  });
});
