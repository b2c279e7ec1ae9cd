// A client that is as strict as Flink's Java clients (spec §2.10, §4.1 to 4.4): a connection per
// request, `{}` as body of GET and DELETE, the status ignored, and everything refused that would
// make them fail.

import { request } from "node:http";

/** What came over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Column {
  readonly name: string;
  readonly logicalType: Readonly<Record<string, unknown>>;
  readonly comment: string | null;
}

export interface Rows {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly unknown[])[];
  readonly isQuery: boolean;
  readonly jobId: string | null;
  readonly resultKind: string;
  readonly pages: number;
}

/** The text a user of Flink's clients sees: after the last `Caused by: ` up to the first frame. */
export class ServerError extends Error {
  readonly errors: readonly string[];
  constructor(errors: readonly string[]) {
    const whole = `[${errors.join(", ")}]`;
    const at = whole.lastIndexOf("Caused by: ");
    const tail = whole.slice(at < 0 ? 0 : at + "Caused by: ".length);
    const end = tail.indexOf("\n\tat ");
    super((end < 0 ? tail : tail.slice(0, end)).trim());
    this.errors = errors;
  }
}

/** Thrown where a Java client would fail on a body that is no error. */
export class ClientFailure extends Error {}

/** One request with a connection of its own; `target` is method, blank, path. */
export function send(
  url: string,
  target: string,
  body: string | null,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const [method = "", path = ""] = target.split(/ (.*)/s);
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        hostname,
        port,
        method,
        path,
        agent: false,
        headers: {
          ...(body !== null && {
            "content-type": "application/json; charset=UTF-8",
            "content-length": String(Buffer.byteLength(body)),
          }),
          connection: "close",
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString("utf8"),
          }),
        );
        response.on("error", reject);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body ?? undefined);
  });
}

/** A session as Flink's executor drives it. */
export class StrictClient {
  readonly #url: string;
  readonly #format: "JSON" | "PLAIN_TEXT";
  #version = "v1";
  session = "";

  constructor(url: string, format: "JSON" | "PLAIN_TEXT" = "JSON") {
    this.#url = url;
    this.#format = format;
  }

  /** Negotiates the version as a client that knows V1 to `newest`, and opens a session. */
  async open(properties: Record<string, string> = {}, newest = 4): Promise<void> {
    const { versions } = await this.call<{ versions: string[] }>("GET", "/v1/api_versions", "{}");
    for (const name of versions) {
      if (!/^V[1-9]$/.test(name) || Number(name.slice(1)) > newest) {
        throw new ClientFailure(`No enum constant SqlGatewayRestAPIVersion.${name}`);
      }
    }
    const best = Math.max(...versions.map((name) => Number(name.slice(1))));
    if (best < 2) throw new ClientFailure("API version larger than V1 wanted");
    this.#version = `v${best}`;
    const body = JSON.stringify({ sessionName: "strict", properties });
    const opened = await this.call<{ sessionHandle: string }>(
      "POST",
      this.#path("/sessions"),
      body,
    );
    this.session = opened.sessionHandle;
  }

  configure(statement: string): Promise<unknown> {
    return this.call("POST", this.#in("/configure-session"), JSON.stringify({ statement }));
  }

  async properties(): Promise<Record<string, string>> {
    const body = await this.call<{ properties: Record<string, string> }>("GET", this.#in(""), "{}");
    return body.properties;
  }

  /** Submits and gives the operation's handle. */
  async submit(statement: string): Promise<string> {
    const body = JSON.stringify({ statement, executionTimeout: 0 });
    const path = this.#in("/statements");
    return (await this.call<{ operationHandle: string }>("POST", path, body)).operationHandle;
  }

  /** Runs a statement and reads its result to the end. */
  async run(statement: string): Promise<Rows> {
    return this.read(await this.submit(statement));
  }

  /** Reads all pages of an operation's result. */
  async read(operation: string): Promise<Rows> {
    let page = await this.fetch(operation, 0);
    while (page.resultType === "NOT_READY") {
      if (!page.nextResultUri?.includes("/result/0")) throw new ClientFailure("NOT_READY beyond 0");
      page = await this.fetch(operation, 0);
    }
    const rows: unknown[][] = [];
    let pages = 1;
    const first = page;
    for (;;) {
      if (page.resultType === "NOT_READY") throw new ClientFailure("NOT_READY after a page");
      rows.push(...checkedRows(page));
      if (page.nextResultUri === undefined) break;
      page = await this.fetch(operation, tokenOf(page.nextResultUri));
      pages += 1;
    }
    return {
      columns: first.results?.columns ?? [],
      rows,
      isQuery: first.isQueryResult === true,
      jobId: first.jobID ?? null,
      resultKind: first.resultKind ?? "",
      pages,
    };
  }

  /** One page, checked as a Java client checks it. */
  async fetch(operation: string, token: number): Promise<Page> {
    const path = this.#in(`/operations/${operation}/result/${token}?rowFormat=${this.#format}`);
    const page = await this.call<Page>("GET", path, "{}");
    checkPage(page);
    return page;
  }

  async status(operation: string): Promise<string> {
    const path = this.#in(`/operations/${operation}/status`);
    return (await this.call<{ status: string }>("GET", path, "{}")).status;
  }

  cancel(operation: string): Promise<unknown> {
    return this.call("POST", this.#in(`/operations/${operation}/cancel`), "{}");
  }

  closeOperation(operation: string): Promise<unknown> {
    return this.call("DELETE", this.#in(`/operations/${operation}/close`), "{}");
  }

  heartbeat(): Promise<unknown> {
    return this.call("POST", this.#in("/heartbeat"), "{}");
  }

  async close(): Promise<void> {
    const body = await this.call<{ status: string }>("DELETE", this.#in(""), "{}");
    if (body.status !== "CLOSED") throw new ClientFailure(`session is ${body.status}`);
  }

  /** A request whose answer is a body of success, or ServerError. */
  async call<Body>(method: string, path: string, body: string): Promise<Body> {
    const answer = await send(this.#url, `${method} ${path}`, body);
    return parseAnswer<Body>(answer.text);
  }

  #path(path: string): string {
    return `/${this.#version}${path}`;
  }

  #in(path: string): string {
    return this.#path(`/sessions/${this.session}${path}`);
  }
}

export interface Page {
  readonly resultType: string;
  readonly isQueryResult?: boolean;
  readonly jobID?: string;
  readonly resultKind?: string;
  readonly results?: {
    readonly columns: readonly Column[];
    readonly rowFormat: string;
    readonly data: readonly { readonly kind: string; readonly fields: readonly unknown[] }[];
  };
  readonly nextResultUri?: string;
}

/** What a Java client makes of a body, whatever the status was. */
export function parseAnswer<Body>(text: string): Body {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new ClientFailure(`Response was not valid JSON: ${text.slice(0, 200)}`);
  }
  if (typeof body !== "object" || body === null) throw new ClientFailure("body is no object");
  const keys = Object.keys(body);
  if (keys.length === 1 && keys[0] === "errors") {
    const { errors } = body as { errors: unknown };
    if (!Array.isArray(errors)) throw new ClientFailure("errors is no array");
    throw new ServerError(errors as string[]);
  }
  if ("errors" in body) throw new ClientFailure("a key beside errors");
  return body as Body;
}

function tokenOf(uri: string): number {
  const token = /\/result\/(\d+)(?:\?.*)?$/.exec(uri)?.[1];
  if (token === undefined) throw new ClientFailure(`no token in ${uri}`);
  return Number(token);
}

function checkPage(page: Page): void {
  if (page.resultType === "NOT_READY") {
    if (page.nextResultUri === undefined) throw new ClientFailure("NOT_READY without next");
    return;
  }
  for (const key of ["isQueryResult", "resultKind", "results"] as const) {
    if (page[key] === undefined) throw new ClientFailure(`page without ${key}`);
  }
  for (const key of ["jobID", "nextResultUri"] as const) {
    if (key in page && typeof page[key] !== "string") throw new ClientFailure(`${key} is null`);
  }
  if (page.jobID !== undefined && !/^[0-9a-f]{32}$/.test(page.jobID)) {
    throw new ClientFailure(`job id ${page.jobID}`);
  }
  if ((page.resultType === "EOS") !== (page.nextResultUri === undefined)) {
    throw new ClientFailure(`${page.resultType} with next ${page.nextResultUri}`);
  }
  for (const column of page.results?.columns ?? []) checkColumn(column);
}

function checkColumn(column: Column): void {
  const keys = Object.keys(column).sort().join(",");
  if (keys !== "comment,logicalType,name") throw new ClientFailure(`column keys ${keys}`);
  checkType(column.logicalType);
}

const typeKeys: Readonly<Record<string, readonly string[]>> = {
  CHAR: ["length"],
  VARCHAR: ["length"],
  BINARY: ["length"],
  VARBINARY: ["length"],
  DECIMAL: ["precision", "scale"],
  TIME_WITHOUT_TIME_ZONE: ["precision"],
  TIMESTAMP_WITHOUT_TIME_ZONE: ["precision"],
  TIMESTAMP_WITH_LOCAL_TIME_ZONE: ["precision"],
  ARRAY: ["elementType"],
  MAP: ["keyType", "valueType"],
  ROW: ["fields"],
  BOOLEAN: [],
  TINYINT: [],
  SMALLINT: [],
  INTEGER: [],
  BIGINT: [],
  FLOAT: [],
  DOUBLE: [],
  DATE: [],
};

/**
 * Refuses what JDBC's metadata refuses: INTERVAL, NULL, MULTISET, RAW, VARIANT and missing keys.
 */
function checkType(type: Readonly<Record<string, unknown>>): void {
  const keys = typeKeys[String(type["type"])];
  if (keys === undefined) throw new ClientFailure(`type ${String(type["type"])}`);
  for (const key of [...keys, "nullable"]) {
    if (type[key] === undefined || type[key] === null) {
      throw new ClientFailure(`${String(type["type"])} without ${key}`);
    }
  }
  for (const key of ["elementType", "keyType", "valueType"]) {
    if (type[key] !== undefined) checkType(type[key] as Record<string, unknown>);
  }
  for (const field of (type["fields"] ?? []) as { fieldType: Record<string, unknown> }[]) {
    checkType(field.fieldType);
  }
}

function checkedRows(page: Page): unknown[][] {
  const columns = page.results?.columns ?? [];
  return (page.results?.data ?? []).map((row) => {
    if (!["INSERT", "UPDATE_BEFORE", "UPDATE_AFTER", "DELETE"].includes(row.kind)) {
      throw new ClientFailure(`row kind ${row.kind}`);
    }
    if (row.fields.length !== columns.length) throw new ClientFailure("fields and columns differ");
    row.fields.forEach((value, index) => checkValue(value, columns[index], page));
    return [...row.fields];
  });
}

/** Values that the Java client's converters cannot parse. */
function checkValue(value: unknown, column: Column | undefined, page: Page): void {
  if (value === null || column === undefined) return;
  if (page.results?.rowFormat === "PLAIN_TEXT") {
    if (typeof value !== "string") throw new ClientFailure("PLAIN_TEXT field is no string");
    return;
  }
  const pattern = patterns[String(column.logicalType["type"])];
  if (pattern !== undefined && !(typeof value === "string" && pattern.test(value))) {
    throw new ClientFailure(`${JSON.stringify(value)} as ${String(column.logicalType["type"])}`);
  }
}

const patterns: Readonly<Record<string, RegExp>> = {
  DATE: /^[+-]?\d{4,}-\d\d-\d\d$/,
  TIME_WITHOUT_TIME_ZONE: /^\d\d:\d\d:\d\d(\.\d{1,9})?$/,
  TIMESTAMP_WITHOUT_TIME_ZONE: /^[+-]?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?$/,
  TIMESTAMP_WITH_LOCAL_TIME_ZONE: /^[+-]?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/,
  VARBINARY: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  BINARY: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
};
