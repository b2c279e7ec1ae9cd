// A client of Flink's REST protocol that keeps everything a golden script prints: columns, rows as
// PLAIN_TEXT, kind of result, and of an error the class and the text after the last `Caused by:`,
// which is what Flink's clients show.

export interface AnswerColumn {
  readonly name: string;
  readonly type: string;
}

export interface StatementAnswer {
  readonly columns: readonly AnswerColumn[];
  readonly rows: readonly (readonly unknown[])[];
  readonly resultKind: string;
  readonly jobId: string | null;
  /** Notices and warnings, as `WARNING: text`. */
  readonly notices: readonly string[];
}

/** Beside Flink's envelope, for clients that ask. */
interface ErrorDetails {
  readonly code: string;
  readonly sqlstate: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
}

/** What a failed statement says. */
export class AnswerError extends Error {
  override readonly name = "AnswerError";
  /** `org.apache…Exception: text` of the innermost cause, which is what Flink's clients show. */
  readonly innermost: string;
  readonly details: ErrorDetails | null;
  readonly notices: readonly string[];

  constructor(innermost: string, details: ErrorDetails | null, notices: readonly string[]) {
    super(innermost);
    this.innermost = innermost;
    this.details = details;
    this.notices = notices;
  }

  /** The innermost cause; below a sentence of Flink's our own message, detail and hint. */
  get printed(): string {
    const { details } = this;
    // The words that the grammar expected stand in the detail.
    const isSyntax = details?.code.startsWith("GW-SYNTAX") === true;
    const lines = [isSyntax ? (this.innermost.split("\n")[0] ?? "") : this.innermost];
    if (details !== null && !this.innermost.includes(`[${details.code}]`)) {
      lines.push(`Message: ${details.message}`);
      if (details.detail !== undefined) lines.push(`Detail: ${details.detail}`);
      if (details.hint !== undefined) lines.push(`Hint: ${details.hint}`);
    }
    return [...lines, ...this.notices].join("\n");
  }
}

interface NoticeBody {
  readonly severity: string;
  readonly message: string;
}

interface Page {
  readonly resultType: string;
  readonly resultKind?: string;
  readonly jobID?: string;
  readonly nextResultUri?: string;
  readonly sluice?: { readonly notices?: readonly NoticeBody[] };
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

  /**
   * Executes in the session of that name, which is opened at its first statement. Throws
   * AnswerError.
   */
  async execute(session: string, statement: string): Promise<StatementAnswer> {
    const handle = this.#sessions.get(session) ?? (await this.#open(session));
    return this.#submit(handle, "statements", { statement });
  }

  /**
   * POST materialized-tables/:identifier/refresh, to the end of its operation. Throws AnswerError.
   */
  async refreshTable(session: string, identifier: string, body: object): Promise<StatementAnswer> {
    const handle = this.#sessions.get(session) ?? (await this.#open(session));
    const path = `materialized-tables/${encodeURIComponent(identifier)}/refresh`;
    return this.#submit(handle, path, body);
  }

  /** Candidates for the word at `position`. */
  async complete(session: string, statement: string, position: number): Promise<string[]> {
    const handle = this.#sessions.get(session) ?? (await this.#open(session));
    const query = new URLSearchParams({ statement, position: String(position) });
    const path = `/v3/sessions/${handle}/complete-statement?${query.toString()}`;
    return ((await this.#call("GET", path)) as { candidates: string[] }).candidates;
  }

  /** Submits a statement and gives its operation's handle without waiting. */
  async submit(session: string, statement: string): Promise<string> {
    const handle = this.#sessions.get(session) ?? (await this.#open(session));
    const submitted = await this.#call("POST", `/v3/sessions/${handle}/statements`, { statement });
    return (submitted as { operationHandle: string }).operationHandle;
  }

  /** Cancels an operation of a session that is open. */
  async cancel(session: string, operation: string): Promise<void> {
    const handle = this.#sessions.get(session);
    await this.#call("POST", `/v3/sessions/${handle}/operations/${operation}/cancel`);
  }

  async #submit(handle: string, path: string, body: object): Promise<StatementAnswer> {
    const submitted = await this.#call("POST", `/v3/sessions/${handle}/${path}`, body);
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
    return {
      columns,
      rows,
      resultKind: last?.resultKind ?? "",
      jobId: last?.jobID ?? null,
      notices: noticeLines(last?.sluice?.notices),
    };
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
    const answer = (await response.json()) as FailedBody;
    if (response.ok) return answer;
    throw answerError(answer);
  }
}

/** Asks for code, SQLSTATE and notices beside what Flink's answers have. */
const extraHeaders: Readonly<Record<string, string>> = { "x-sluice-details": "1" };

interface FailedBody {
  readonly errors?: readonly string[];
  readonly sluice?: {
    readonly error: ErrorDetails;
    readonly notices: readonly NoticeBody[];
  };
}

function answerError(body: FailedBody): AnswerError {
  const text = body.errors?.at(-1) ?? JSON.stringify(body);
  const from = text.lastIndexOf("Caused by: ");
  const cause = from < 0 ? text : text.slice(from + "Caused by: ".length);
  const end = cause.indexOf("\n\tat ");
  return new AnswerError(
    (end < 0 ? cause : cause.slice(0, end)).trimEnd(),
    body.sluice?.error ?? null,
    noticeLines(body.sluice?.notices),
  );
}

function noticeLines(notices: readonly NoticeBody[] = []): string[] {
  return notices.map(({ severity, message }) => `${severity}: ${message}`);
}
