// Sends a recording's exchanges again and compares. Handles of the recording are replaced by those
// that our gateway gave; what depends on timing (NOT_READY, empty pages, where a page ends) is
// evened out by reading each result as a whole.

import {
  merge,
  nullable,
  type PageBody,
  type RecordedPage,
  type Result,
  sameColumns,
  sameRows,
  userLine,
} from "./recorded-result.ts";
import { type Answer, send } from "./strict-client.ts";

export interface Exchange {
  readonly step?: string;
  readonly method: string;
  readonly path: string;
  readonly requestBody?: string;
  readonly contentType?: string;
  readonly status: number;
  readonly responseBody: string;
  /** So many rows before the last one of this page were not kept. */
  readonly rowsLeftOut?: number;
}

/** Something that differs, and why that is right. */
export interface Difference {
  readonly recordings: readonly string[];
  /** Matches the statement, or `METHOD path body` of the exchange. */
  readonly match: string | RegExp;
  /**
   * `skip`: means nothing here, and is not sent; `send`: another text of the same meaning;
   * `outcome`: success and failure change places; `head`, `columns`, `rows`, `cause`: that part of
   * the answer is not compared.
   */
  readonly what: "skip" | "send" | "outcome" | "head" | "columns" | "rows" | "cause";
  /** For `send`. */
  readonly instead?: string;
  /**
   * For `columns` and `rows`: by the column's name the logical type, or the values of all rows
   * (numbers as their text after a `#`), that we give. The rest is compared as always.
   */
  readonly ours?: Readonly<Record<string, unknown>>;
  readonly reason: string;
}

export interface ReplayOptions {
  readonly url: string;
  /** Our catalog's name, where Flink says default_catalog. */
  readonly catalog: string;
  readonly differences: readonly Difference[];
  /** Awaited before the exchange that has this step, e.g. until the time of the step has come. */
  readonly before?: Readonly<Record<string, () => Promise<void>>>;
}

export interface ReplayReport {
  readonly complaints: readonly string[];
  readonly compared: number;
  /** Differences that met nothing: the list must not rot. */
  readonly unused: readonly string[];
}

export class Replay {
  readonly #options: ReplayOptions;
  readonly #handles = new Map<string, string>();
  /** Statement of each recorded operation. */
  readonly #statements = new Map<string, string>();
  readonly #skipped = new Set<string>();
  readonly #read = new Set<string>();
  readonly #used = new Set<Difference>();
  readonly #complaints: string[] = [];
  #compared = 0;

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  async run(exchanges: readonly Exchange[]): Promise<ReplayReport> {
    for (const [index, exchange] of exchanges.entries()) {
      await this.#exchange(exchange, exchanges, index);
    }
    const unused = this.#options.differences
      .filter((difference) => !this.#used.has(difference))
      .map((difference) => String(difference.match));
    return { complaints: this.#complaints, compared: this.#compared, unused };
  }

  async #exchange(exchange: Exchange, all: readonly Exchange[], index: number): Promise<void> {
    await this.#options.before?.[exchange.step ?? ""]?.();
    const operation = /<operation \d+>/.exec(exchange.path)?.[0];
    if (operation !== undefined && this.#skipped.has(operation)) return;
    const subject = this.#subject(exchange, operation);
    if (this.#takes("skip", subject) !== null) {
      const made = /"operationHandle": ?"(<operation \d+>)"/.exec(exchange.responseBody)?.[1];
      if (made !== undefined) this.#skipped.add(made);
      return;
    }
    if (exchange.responseBody.includes('"NOT_READY"')) return; // how often is a matter of timing
    if (operation !== undefined && isPage(exchange)) {
      if (/\/result\/0/.test(exchange.path) && !this.#read.has(operation)) {
        await this.#result(exchange, operation, all.slice(index));
      }
      return;
    }
    const answer = await this.#answer(exchange);
    this.#learn(exchange, answer);
    this.#compared += 1;
    this.#compare(exchange, answer, subject);
  }

  /** What differences are matched with. */
  #subject(exchange: Exchange, operation: string | undefined): string {
    const own = /"statement": ?"((?:[^"\\]|\\.)*)"/.exec(exchange.requestBody ?? "")?.[1];
    if (own !== undefined && exchange.status === 200 && exchange.path.endsWith("statements")) {
      const made = /"(<operation \d+>)"/.exec(exchange.responseBody)?.[1];
      const statement = JSON.parse(`"${own}"`) as string;
      if (made !== undefined) this.#statements.set(made, statement);
      return statement;
    }
    const statement = operation === undefined ? undefined : this.#statements.get(operation);
    if (statement !== undefined && exchange.path.includes("/result/")) return statement;
    return `${exchange.method} ${exchange.path} ${exchange.requestBody ?? ""}`;
  }

  #takes(what: Difference["what"], subject: string): Difference | null {
    for (const difference of this.#options.differences) {
      if (difference.what !== what) continue;
      const { match } = difference;
      const hit = typeof match === "string" ? subject === match : match.test(subject);
      if (!hit) continue;
      this.#used.add(difference);
      return difference;
    }
    return null;
  }

  /** A status is asked for until the statement has ended, where the recording says that it had. */
  async #answer(exchange: Exchange): Promise<Answer> {
    const waits = exchange.path.endsWith("/status") && !exchange.responseBody.includes("RUNNING");
    for (;;) {
      const answer = await this.#send(exchange);
      if (!waits || !answer.text.includes('"RUNNING"')) return answer;
    }
  }

  #send(exchange: Exchange): Promise<Answer> {
    const subject = this.#subject(exchange, undefined);
    const other = this.#takes("send", subject)?.instead;
    const body = exchange.requestBody;
    const text =
      body === undefined || other === undefined
        ? body
        : JSON.stringify({ ...(JSON.parse(body) as object), statement: other });
    return send(
      this.#options.url,
      `${exchange.method} ${this.#translate(exchange.path)}`,
      text === undefined ? null : this.#translate(text),
      exchange.contentType === undefined ? {} : { "content-type": exchange.contentType },
    );
  }

  /** Recorded handles and names → ours. */
  #translate(text: string): string {
    return text
      .replaceAll(/<x (\d+) times>/g, (_, times: string) => "x".repeat(Number(times)))
      .replaceAll(/<(?:session|operation) \d+>/g, (name) => this.#handles.get(name) ?? name)
      .replaceAll("default_catalog", this.#options.catalog)
      .replaceAll("default_database", "public");
  }

  #learn(exchange: Exchange, answer: Answer): void {
    for (const key of ["sessionHandle", "operationHandle"]) {
      const pattern = new RegExp(`"${key}": ?"([^"]*)"`);
      const recorded = pattern.exec(exchange.responseBody)?.[1];
      const ours = pattern.exec(answer.text)?.[1];
      if (recorded !== undefined && ours !== undefined) this.#handles.set(recorded, ours);
    }
  }

  #compare(exchange: Exchange, answer: Answer, subject: string): void {
    const accepted = exchange.path.endsWith("/statements");
    const flipped = !accepted && this.#takes("outcome", subject) !== null;
    const status = flipped ? (exchange.status === 200 ? 500 : 200) : exchange.status;
    if (answer.status !== status) {
      this.#complain(
        subject,
        `status ${answer.status}, not ${status}: ${answer.text.slice(0, 300)}`,
      );
      return;
    }
    if (flipped || exchange.responseBody === "") {
      if (!flipped && answer.text !== "") this.#complain(subject, "a body where there was none");
      return;
    }
    const wanted = JSON.parse(this.#translate(exchange.responseBody)) as object;
    const got = JSON.parse(answer.text) as object;
    if ("errors" in wanted) return this.#compareErrors(wanted, got, subject);
    if ("candidates" in wanted) return this.#compareCandidates(wanted, got, subject);
    if ("properties" in wanted) return;
    for (const [key, value] of Object.entries(wanted)) {
      const ours = (got as Record<string, unknown>)[key];
      const isHandle = key.endsWith("Handle");
      const same =
        isHandle || key === "versions"
          ? typeof ours === typeof value
          : ours === value || (value === "RUNNING" && hasEnded(ours));
      if (!same) this.#complain(subject, `${key} is ${JSON.stringify(ours)}, not ${String(value)}`);
    }
  }

  #compareCandidates(wanted: object, got: object, subject: string): void {
    const flat = (body: object) =>
      [...((body as { candidates?: string[] }).candidates ?? [])].sort().join(",");
    if (flat(wanted) === flat(got) || this.#takes("rows", subject) !== null) return;
    this.#complain(subject, `candidates ${flat(got)}, not ${flat(wanted)}`);
  }

  /**
   * As many elements, the same outer exceptions, and for Flink's exact sentences the same cause.
   */
  #compareErrors(wanted: object, got: object, subject: string): void {
    const [theirs, ours] = [wanted, got].map((body) => (body as { errors: string[] }).errors);
    if (theirs === undefined || ours === undefined || theirs.length !== ours.length) {
      this.#complain(subject, `errors ${JSON.stringify(got).slice(0, 300)}`);
      return;
    }
    const keys = Object.keys(got).join(",");
    if (keys !== "errors") this.#complain(subject, `keys ${keys}`);
    const [outer, ownOuter] = [theirs, ours].map((errors) => outerLine(errors));
    if (outer !== ownOuter) this.#complain(subject, `outer error ${ownOuter}, not ${outer}`);
    const [cause, ownCause] = [theirs, ours].map((errors) => userLine(errors));
    // What Flink's JSON parser says of a body is its own affair.
    if (outer?.includes("did not match expected format") || outer?.includes("did not conform"))
      return;
    if (cause === ownCause || this.#takes("cause", subject) !== null) return;
    this.#complain(subject, `cause ${ownCause}, not ${cause}`);
  }

  /** Reads the result to its end and compares it with the recorded pages, put together. */
  async #result(exchange: Exchange, operation: string, rest: readonly Exchange[]): Promise<void> {
    this.#read.add(operation);
    this.#compared += 1;
    const statement = this.#statements.get(operation) ?? operation;
    const pages = new Map<string, RecordedPage>();
    for (const one of rest) {
      const belongs = one.path.includes(`${operation}/result/`) && isPage(one);
      const token = one.path.replace(/\?.*/, "");
      if (belongs && !one.responseBody.includes("Expecting token") && !pages.has(token)) {
        const text = this.#translate(one.responseBody);
        pages.set(token, { text, leftOut: one.rowsLeftOut ?? 0 });
      }
    }
    const recorded = merge([...pages.values()]);
    const enough = recorded?.closedAfter ?? Number.POSITIVE_INFINITY;
    const got = merge(await this.#readPages(exchange, enough));
    if (recorded === null || got === null) return;
    const flipped = this.#takes("outcome", statement) !== null;
    if ((recorded.error === null) !== (got.error === null)) {
      if (!flipped)
        this.#complain(
          statement,
          `outcome ${got.error ?? "success"}, not ${recorded.error ?? "success"}`,
        );
      return;
    }
    if (got.error !== null) {
      if (got.error !== recorded.error && this.#takes("cause", statement) === null) {
        this.#complain(statement, `cause ${got.error}, not ${recorded.error}`);
      }
      return;
    }
    this.#compareResults(recorded, got, statement);
  }

  #compareResults(recorded: Result, got: Result, statement: string): void {
    const differ = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b);
    if (differ(recorded.head, got.head) && this.#takes("head", statement) === null) {
      this.#complain(
        statement,
        `head ${JSON.stringify(got.head)}, not ${JSON.stringify(recorded.head)}`,
      );
    }
    const [columns, ownColumns] = [recorded, got].map((result) => result.columns.map(nullable));
    if (
      differ(columns, ownColumns) &&
      !this.#accepted("columns", statement, (ours) => sameColumns(recorded, got, ours))
    ) {
      this.#complain(
        statement,
        `columns ${JSON.stringify(ownColumns)}, not ${JSON.stringify(columns)}`,
      );
    }
    const rows = got.rows.slice(0, recorded.closedAfter ?? got.rows.length);
    const wanted = recorded.rows.map((row, at) => (row === null ? (rows[at] ?? null) : row));
    if (
      differ(wanted, rows) &&
      !this.#accepted("rows", statement, (ours) => sameRows(wanted, { ...got, rows }, ours))
    ) {
      this.#complain(statement, `rows ${brief(rows)}, not ${brief(wanted)}`);
    }
  }

  /** Whether a difference is listed, and if it says what is ours, that it is. */
  #accepted(
    what: "columns" | "rows",
    statement: string,
    same: (ours: Readonly<Record<string, unknown>>) => boolean,
  ): boolean {
    const difference = this.#takes(what, statement);
    return difference !== null && (difference.ours === undefined || same(difference.ours));
  }

  /** To the end, or until a client that closes the result early has as many rows as it wants. */
  async #readPages(exchange: Exchange, enough: number): Promise<RecordedPage[]> {
    const pages: RecordedPage[] = [];
    let count = 0;
    let path = this.#translate(exchange.path);
    for (;;) {
      const answer = await send(this.#options.url, `GET ${path}`, null);
      const ready = !answer.text.includes('"NOT_READY"');
      if (ready) pages.push({ text: answer.text, leftOut: 0 });
      const page = JSON.parse(answer.text) as PageBody;
      count += page.results?.data.length ?? 0;
      if (page.nextResultUri === undefined || (ready && count >= enough)) return pages;
      path = page.nextResultUri;
    }
  }

  #complain(subject: string, what: string): void {
    this.#complaints.push(`${subject.slice(0, 120)} => ${what}`);
  }
}

/** What was seen running may have ended here: the protocol does not say how quick a gateway is. */
function hasEnded(status: unknown): boolean {
  return status === "FINISHED" || status === "ERROR";
}

/**
 * An answer that depends on how far the statement was, or a page; not an error about the operation
 * itself.
 */
function isPage(exchange: Exchange): boolean {
  return (
    /\/result\/\d+(\?|$)/.test(exchange.path) &&
    !/NOT_READY|in CANCELED status|Can not find the submitted|Session '[^']*' does not exist/.test(
      exchange.responseBody,
    )
  );
}

function brief(value: unknown): string {
  return JSON.stringify(value).slice(0, 400);
}

/** The first line of what the errors say, after the frame's opening. */
function outerLine(errors: readonly string[]): string {
  const lines = (errors[errors.length - 1] ?? "").split("\n");
  return (lines[0]?.startsWith("<Exception") ? lines[1] : lines[0]) ?? "";
}
