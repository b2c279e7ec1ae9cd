// A client of Flink's REST protocol that keeps everything a golden script prints: columns, rows as PLAIN_TEXT, kind of
// result, and of an error the class and the text after the last `Caused by:`, which is what Flink's clients show.

export interface AnswerColumn {
  readonly name: string;
  readonly type: string;
}

export interface StatementAnswer {
  readonly columns: readonly AnswerColumn[];
  readonly rows: readonly (readonly unknown[])[];
  readonly resultKind: string;
  readonly jobId: string | null;
}

/** What a failed statement says. */
export class AnswerError extends Error {
  override readonly name = "AnswerError";
  /** `org.apache…Exception: text` of the innermost cause. */
  readonly innermost: string;
  readonly code: string | null;
  readonly sqlstate: string | null;

  constructor(innermost: string, code: string | null, sqlstate: string | null) {
    super(innermost);
    this.innermost = innermost;
    this.code = code;
    this.sqlstate = sqlstate;
  }

  /** As a script shows it. */
  get printed(): string {
    return this.innermost;
  }
}

interface Page {
  readonly resultType: string;
  readonly resultKind?: string;
  readonly jobID?: string;
  readonly nextResultUri?: string;
  readonly results?: {
    readonly columns: readonly { name: string; logicalType: { type: string } }[];
    readonly data: readonly { fields: readonly unknown[] }[];
  };
}

export class RestClient {
  #base: string;
  readonly #sessions = new Map<string, string>();

  constructor(base: string) {
    this.#base = base;
  }

  /** After a crash: the same sessions on another gateway. */
  moveTo(base: string): void {
    this.#base = base;
  }

  /** Executes in the session of that name, which is opened at its first statement. Throws AnswerError. */
  async execute(session: string, statement: string): Promise<StatementAnswer> {
    const handle = this.#sessions.get(session) ?? (await this.#open(session));
    const submitted = await this.#call("POST", `/v3/sessions/${handle}/statements`, { statement });
    const operation = (submitted as { operationHandle: string }).operationHandle;
    let next: string | undefined =
      `/v3/sessions/${handle}/operations/${operation}/result/0?rowFormat=PLAIN_TEXT`;
    let columns: readonly AnswerColumn[] = [];
    let last: Page | undefined;
    const rows: (readonly unknown[])[] = [];
    while (next !== undefined) {
      const page = (await this.#call("GET", next)) as Page;
      if (page.results !== undefined) {
        columns = page.results.columns.map(({ name, logicalType }) => ({
          name,
          type: logicalType.type,
        }));
        for (const row of page.results.data) rows.push(row.fields);
        last = page;
      }
      next = page.resultType === "EOS" ? undefined : page.nextResultUri;
    }
    await this.#call("DELETE", `/v3/sessions/${handle}/operations/${operation}/close`);
    return { columns, rows, resultKind: last?.resultKind ?? "", jobId: last?.jobID ?? null };
  }

  /** Any request; throws AnswerError for an `errors` body. */
  async call(method: string, path: string, body?: object): Promise<unknown> {
    return this.#call(method, path, body);
  }

  /** Handle of a session that a statement has opened. */
  handleOf(session: string): string | undefined {
    return this.#sessions.get(session);
  }

  async #open(session: string): Promise<string> {
    const answer = await this.#call("POST", "/v3/sessions", { sessionName: session });
    const handle = (answer as { sessionHandle: string }).sessionHandle;
    this.#sessions.set(session, handle);
    return handle;
  }

  async #call(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(this.#base + path, {
      method,
      headers: { "content-type": "application/json", ...extraHeaders },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { errors?: readonly string[] };
    if (response.ok) return answer;
    throw answerError(answer.errors ?? [JSON.stringify(answer)], response);
  }
}

/** Asks for code and SQLSTATE of errors beside Flink's envelope. */
const extraHeaders: Readonly<Record<string, string>> = {};

function answerError(errors: readonly string[], response: Response): AnswerError {
  const text = errors.at(-1) ?? "";
  const from = text.lastIndexOf("Caused by: ");
  const cause = from < 0 ? text : text.slice(from + "Caused by: ".length);
  const end = cause.indexOf("\n\tat ");
  return new AnswerError(
    (end < 0 ? cause : cause.slice(0, end)).trimEnd(),
    response.headers.get("x-sluice-code"),
    response.headers.get("x-sluice-sqlstate"),
  );
}
