// A session over the REST protocol, as any client has it: open, execute a statement, read all pages
// of its result, close. It knows the wire and nothing of the server; the demo, the benches and the
// fault tests speak through it.

/** A column as the gateway describes it. */
export interface Column {
  readonly name: string;
  readonly logicalType: { readonly type: string; readonly nullable: boolean };
}

export interface Rows {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * A statement that ended in an error; the message is the sentence a user of Flink's clients sees.
 */
export class StatementError extends Error {
  override readonly name = "StatementError";
  readonly statement: string;

  constructor(message: string, statement: string) {
    super(message);
    this.statement = statement;
  }
}

interface ResultPage {
  readonly resultType: "PAYLOAD" | "EOS" | "NOT_READY";
  readonly nextResultUri?: string;
  readonly results?: {
    readonly columns: readonly Column[];
    readonly data: readonly { readonly fields: readonly unknown[] }[];
  };
}

export class RestSession {
  readonly baseUrl: string;
  readonly handle: string;

  private constructor(baseUrl: string, handle: string) {
    this.baseUrl = baseUrl;
    this.handle = handle;
  }

  /** Opens a session; `properties` are its first options. */
  static async open(
    baseUrl: string,
    properties: Readonly<Record<string, string>> = {},
  ): Promise<RestSession> {
    const answer = await post(`${baseUrl}/v2/sessions`, { properties });
    return new RestSession(baseUrl, (answer as { sessionHandle: string }).sessionHandle);
  }

  /** Submits a statement and gives the handle of its operation without waiting. */
  async submit(statement: string): Promise<string> {
    const url = `${this.baseUrl}/v2/sessions/${this.handle}/statements`;
    const answer = await post(url, { statement });
    return (answer as { operationHandle: string }).operationHandle;
  }

  /**
   * Runs a statement to its end and gives all rows. Throws StatementError with the server's
   * sentence.
   */
  async execute(statement: string): Promise<Rows> {
    const operation = await this.submit(statement);
    let next: string | undefined =
      `/v2/sessions/${this.handle}/operations/${operation}/result/0?rowFormat=JSON`;
    let columns: readonly Column[] = [];
    const rows: (readonly unknown[])[] = [];
    while (next !== undefined) {
      const page: ResultPage = await this.page(next, statement);
      columns = page.results?.columns ?? columns;
      for (const row of page.results?.data ?? []) rows.push(row.fields);
      next = page.resultType === "EOS" ? undefined : page.nextResultUri;
    }
    return { columns, rows };
  }

  /** The rows of a statement as objects by column name. */
  async select(statement: string): Promise<Record<string, unknown>[]> {
    const { columns, rows } = await this.execute(statement);
    return rows.map((row) =>
      Object.fromEntries(columns.map((column, index) => [column.name, row[index]])),
    );
  }

  async close(): Promise<void> {
    const response = await fetch(`${this.baseUrl}/v2/sessions/${this.handle}`, {
      method: "DELETE",
    });
    await response.arrayBuffer();
  }

  private async page(path: string, statement: string): Promise<ResultPage> {
    const response = await fetch(`${this.baseUrl}${path}`);
    const body: unknown = await response.json();
    if (!response.ok) throw new StatementError(sentenceOf(body), statement);
    return body as ResultPage;
  }
}

async function post(url: string, body: object): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new StatementError(sentenceOf(answer), JSON.stringify(body));
  return answer;
}

/**
 * What follows the last `Caused by: ` of the error envelope, without class name and stack frames.
 */
function sentenceOf(body: unknown): string {
  const errors = (body as { errors?: unknown }).errors;
  if (!Array.isArray(errors)) return JSON.stringify(body);
  const text = String(errors.at(-1));
  const cause = text.slice(text.lastIndexOf("Caused by: ") + 1).replace(/^aused by: /, "");
  const end = cause.search(/\n\tat |\n\nEnd of exception/);
  return (end < 0 ? cause : cause.slice(0, end)).replace(/^[\w.$]+(Exception|Error): /, "").trim();
}
