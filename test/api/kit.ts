// A whole gateway and a client of /api/v1 that holds each answer against the gateway's own
// document.

import { expect } from "vitest";
import { RestSession } from "../../tools/demo/rest-session.ts";
import { type TestGateway, testGateway, type TestGatewayOptions } from "../support/gateway.ts";
import { until } from "../support/until.ts";
import { type ApiDocument, mismatches, operationOf } from "./schema-check.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- answers are asserted on, member by member
type Json = any;

export interface Answer {
  readonly status: number;
  readonly body: Json;
}

export interface ApiKit {
  readonly gateway: TestGateway;
  readonly document: ApiDocument;
  /** Statements of the language, waited for (table.dml-sync). */
  readonly session: RestSession;
  get(path: string): Promise<Answer>;
  post(path: string, body?: object): Promise<Answer>;
  put(path: string, body: object): Promise<Answer>;
  remove(path: string): Promise<Answer>;
  /** `status code` of a refused request; fails if it is not refused. */
  refused(answer: Promise<Answer>): Promise<string>;
  /** The instance once it has ended. */
  ended(instanceId: string): Promise<Json>;
  close(): Promise<void>;
}

export async function apiKit(options: TestGatewayOptions = {}): Promise<ApiKit> {
  const gateway = await testGateway(options);
  const document = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as ApiDocument;
  const session = await RestSession.open(gateway.url);
  await session.execute("SET 'table.dml-sync' = 'true'");
  const send = (method: string) => async (path: string, body?: object) => {
    const answer = await fetch(`${gateway.url}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const json: Json = await answer.json();
    checkAnswer(document, { method, path, status: answer.status, json });
    return { status: answer.status, body: json };
  };
  const get = send("GET");
  return {
    gateway,
    document,
    session,
    get,
    post: send("POST"),
    put: send("PUT"),
    remove: send("DELETE"),
    async refused(asked) {
      const { status, body } = await asked;
      expect(Object.keys(body)).toEqual(["error"]);
      return `${status} ${body.error.code}`;
    },
    ended: (id) =>
      until(async () => {
        const { body } = await get(`/api/v1/instances/${id}`);
        return body.instance?.finishedAt ? body.instance : null;
      }),
    close: () => gateway.close(),
  };
}

function checkAnswer(
  document: ApiDocument,
  answer: { method: string; path: string; status: number; json: Json },
): void {
  const [path = ""] = answer.path.split("?");
  const operation = operationOf(document, answer.method, decodeURI(path));
  if (operation === undefined) return;
  const response = operation.responses[String(answer.status)];
  const where = `${answer.method} ${answer.path} ${answer.status}`;
  expect(response, `${where} is not in the document: ${JSON.stringify(answer.json)}`).toBeDefined();
  const schema = response?.content?.["application/json"]?.schema ?? {};
  expect(mismatches(document, schema, answer.json), where).toEqual([]);
}
