// What a route of Flink's protocol is: data, plus a function from the request to the text of the
// answer. Each file in rest/flink is one route; flink-routes.ts lists them, flink-app.ts serves
// them.

import type { OperationHandle, SessionHandle } from "../../common/ids.ts";
import { asId } from "../../common/ids.ts";
import type { RowFormat } from "../result/fixed-row.ts";
import type { SqlGateway } from "../sql-gateway.ts";
import { BadRequest, badParameter } from "./bad-request.ts";
import type { FailureStyle } from "./error-envelope.ts";
import { Fields } from "./fields.ts";
import type { EmbeddedScheduler } from "./ports.ts";
import type { JsonObject } from "./read-body.ts";

export const apiVersions = ["v1", "v2", "v3", "v4"] as const;
export type ApiVersion = (typeof apiVersions)[number];

/** What routes are served with. */
export interface RestServices {
  readonly gateway: SqlGateway;
  readonly scheduler: EmbeddedScheduler;
  /** What /api_versions advertises: upper-case names, ascending. */
  readonly advertised: readonly string[];
  /** Version of Sluice. */
  readonly version: string;
}

export interface FlinkRoute {
  readonly method: "GET" | "POST" | "DELETE";
  /** With parameters in the protocol's names: `/sessions/:session_handle`. */
  readonly path: string;
  /** Where it exists; true for `bare`: without a version too. */
  readonly versions: readonly ApiVersion[];
  readonly bare: boolean;
  /** Simple name of the Java class of the body; null: the body is ignored. */
  readonly requestClass: string | null;
  /** The field that a bare JSON string as body is taken for. */
  readonly soleText?: string;
  /** True if the class has a primitive field: then no body at all is an error of its own. */
  readonly needsBody?: boolean;
  readonly failure: FailureStyle;
  /** The answer as JSON text. */
  readonly handle: (request: FlinkRequest, services: RestServices) => Promise<string>;
}

/** What a request was made of, before it is looked at. */
export interface FlinkRequestParts {
  readonly route: FlinkRoute;
  /** The version of the path; a bare path speaks the newest. */
  readonly version: ApiVersion;
  readonly param: (name: string) => string;
  /** Values of a query parameter, in order. */
  readonly queries: (name: string) => readonly string[];
  readonly body: JsonObject | null;
  /** True if the client asked for what Flink's answers do not have (ruling 40). */
  readonly details: boolean;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export class FlinkRequest {
  readonly #parts: FlinkRequestParts;

  constructor(parts: FlinkRequestParts) {
    this.#parts = parts;
  }

  get version(): ApiVersion {
    return this.#parts.version;
  }

  get details(): boolean {
    return this.#parts.details;
  }

  get session(): SessionHandle {
    return asId<SessionHandle>(this.#handle("session_handle"));
  }

  get operation(): OperationHandle {
    return asId<OperationHandle>(this.#handle("operation_handle"));
  }

  get token(): number {
    const text = this.#parts.param("token");
    if (!/^[+-]?\d{1,19}$/.test(text)) throw badParameter("path", "token", text);
    return Number(text);
  }

  /** The decoded path parameter. */
  param(name: string): string {
    return this.#parts.param(name);
  }

  /** Ignored in V1; JSON if absent. */
  get rowFormat(): RowFormat {
    const values = this.version === "v1" ? [] : this.#parts.queries("rowFormat");
    const [value] = values;
    if (value === undefined) return "JSON";
    if (values.length > 1) {
      throw new BadRequest(`Expected only one value [${values.join(", ")}].`, null);
    }
    const name = value.toUpperCase();
    if (name === "JSON" || name === "PLAIN_TEXT") return name;
    throw badParameter("query", "rowFormat", value);
  }

  /** A query parameter as text; null if absent. */
  query(name: string): string | null {
    return this.#parts.queries(name)[0] ?? null;
  }

  /** The body's fields. Throws BadRequest if there must be a body and there is none. */
  get fields(): Fields {
    const { route, body } = this.#parts;
    if (body === null && route.needsBody === true) {
      throw new BadRequest(
        "Bad request received. Request did not conform to expected format.",
        "org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.exc.MismatchedInputException: no body",
      );
    }
    return new Fields(body ?? {}, route.requestClass ?? "EmptyRequestBody");
  }

  /** True if the request has a body. */
  get hasBody(): boolean {
    return this.#parts.body !== null;
  }

  #handle(name: string): string {
    const text = this.#parts.param(name);
    if (!uuid.test(text)) throw badParameter("path", name, text);
    return text.toLowerCase();
  }
}

/** Versions from one on. */
export function since(first: ApiVersion): readonly ApiVersion[] {
  return apiVersions.slice(apiVersions.indexOf(first));
}
