// The gateway's service: what can be asked of it, whatever the route. Sessions, operations and
// results; nothing of HTTP and nothing of the language.

import type { Clock, RandomSource } from "../common/clock.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { asId, type OperationHandle, type SessionHandle } from "../common/ids.ts";
import { seconds } from "../common/time.ts";
import type { Log } from "../common/log.ts";
import type { Operation } from "./operation/operation.ts";
import { type OperationStatus, shownStatus } from "./operation/operation-status.ts";
import type { RowFormat } from "./result/fixed-row.ts";
import type { ResultPage } from "./result/result-fetcher.ts";
import type { RefreshTable, RefreshTableRequest } from "./rest/ports.ts";
import { type SessionConnections, zoneOf } from "./session/connection.ts";
import type { LiveSession, SessionManager } from "./session/session-manager.ts";
import type {
  Complete,
  ExecuteStatement,
  MayConfigureSession,
  Notice,
  StatementContext,
  StatementResult,
} from "./statements/statement-context.ts";

export interface SqlGatewayOptions {
  readonly sessions: SessionManager;
  readonly connections: SessionConnections;
  readonly executeStatement: ExecuteStatement;
  readonly complete: Complete;
  readonly mayConfigureSession: MayConfigureSession;
  readonly refreshTable: RefreshTable;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly log: Log;
}

export interface StatementRequest {
  /** Null: the request had none; the operation ends in ERROR. */
  readonly statement: string | null;
  /** Milliseconds; anything above 0 is refused, as in Flink. */
  readonly executionTimeout: number | null;
  readonly executionConfig: ReadonlyMap<string, string>;
}

/** How long a fetch is held back for a result: the first one, and later ones (ruling 40). */
const firstHold = seconds(3);
const laterHold = seconds(5);

type Execute = (context: StatementContext) => Promise<StatementResult>;

export class SqlGateway {
  readonly #options: SqlGatewayOptions;
  /** Aborts when the gateway stops: held fetches are answered, new statements refused. */
  readonly #stopping = new AbortController();
  /** Statements that ended, by outcome; for metrics. */
  readonly ended = { FINISHED: 0, ERROR: 0, CANCELED: 0 };

  constructor(options: SqlGatewayOptions) {
    this.#options = options;
  }

  /** POST sessions. A null among the properties is refused as in Flink. */
  async openSession(
    name: string | null,
    properties: ReadonlyMap<string, string | null>,
  ): Promise<SessionHandle> {
    this.#refuseIfStopping();
    const given = new Map<string, string>();
    for (const [key, value] of properties) {
      if (value === null) throw nullProperty(key);
      given.set(key, value);
    }
    const session = await this.#options.sessions.open(name, given);
    this.#options.log.debug({ session: session.handle }, "session opened");
    return session.handle;
  }

  /** DELETE session. Rejects with GW-SESSION-UNKNOWN. */
  closeSession(handle: SessionHandle): Promise<void> {
    return this.#options.sessions.close(handle);
  }

  /** The whole effective configuration, no secrets, sorted. */
  async sessionProperties(handle: SessionHandle): Promise<ReadonlyMap<string, string>> {
    return (await this.#options.sessions.use(handle)).session.properties;
  }

  /** Notes that the session is in use. */
  async heartbeat(handle: SessionHandle): Promise<void> {
    await this.#options.sessions.use(handle);
  }

  /** Executes a statement that configures the session; resolves when it is done. */
  async configureSession(handle: SessionHandle, request: StatementRequest): Promise<void> {
    const live = await this.#options.sessions.use(handle);
    refuseTimeout(request.executionTimeout);
    const { statement } = request;
    if (statement === null) throw missingStatement();
    const operation = this.#submit(live, request, async (context) => {
      if (!this.#options.mayConfigureSession(statement, live.session)) {
        throw notConfiguring(statement);
      }
      return this.#options.executeStatement(statement, context);
    });
    await operation.settled;
    const { error, state } = operation;
    await live.operations.remove(operation.handle);
    if (error !== null) throw new OperationFailure(operation.handle, error);
    if (state === "CANCELED" || state === "CLOSED") {
      throw new GatewayError("GW-CANCELED", "canceled on request");
    }
  }

  /** Submits a statement; parse errors and the like are seen when its result is fetched. */
  async executeStatement(
    handle: SessionHandle,
    request: StatementRequest,
  ): Promise<OperationHandle> {
    const live = await this.#options.sessions.use(handle);
    refuseTimeout(request.executionTimeout);
    const { statement } = request;
    return this.#submit(live, request, (context) => {
      if (statement === null) throw missingStatement();
      return this.#options.executeStatement(statement, context);
    }).handle;
  }

  /** Submits the refresh of a materialized table. */
  async refreshTable(
    handle: SessionHandle,
    request: RefreshTableRequest,
    executionConfig: ReadonlyMap<string, string>,
  ): Promise<OperationHandle> {
    const live = await this.#options.sessions.use(handle);
    const statement = { statement: "", executionTimeout: null, executionConfig };
    return this.#submit(live, statement, (context) => this.#options.refreshTable(request, context))
      .handle;
  }

  /** Candidates for the word at `position`. */
  async complete(
    handle: SessionHandle,
    statement: string | null,
    position: number,
  ): Promise<readonly string[]> {
    const { session } = await this.#options.sessions.use(handle);
    if (statement === null) throw missingStatement();
    return this.#options.complete(statement, position, session);
  }

  /** The status as clients are to see it. */
  async operationStatus(
    session: SessionHandle,
    operation: OperationHandle,
  ): Promise<OperationStatus> {
    const live = await this.#options.sessions.use(session);
    return shownStatus(live.operations.find(operation).state);
  }

  /** Ends a statement; rejects with GW-OPERATION-STATUS if it has ended. */
  async cancelOperation(session: SessionHandle, operation: OperationHandle): Promise<void> {
    const live = await this.#options.sessions.use(session);
    await live.operations.find(operation).cancel();
  }

  /** Ends and forgets an operation; an unknown one is no error. */
  async closeOperation(session: SessionHandle, operation: OperationHandle): Promise<void> {
    const live = await this.#options.sessions.use(session);
    await live.operations.remove(operation);
  }

  /** A page; null means NOT_READY. Errors of the statement come as OperationFailure. */
  async fetchResults(
    session: SessionHandle,
    handle: OperationHandle,
    token: number,
    format: RowFormat,
  ): Promise<{ readonly page: ResultPage | null; readonly operation: Operation }> {
    const live = await this.#options.sessions.use(session);
    const operation = live.operations.find(handle);
    const hold = token === 0 ? firstHold : laterHold;
    try {
      const page = await operation.fetch({ token, format, hold, signal: this.#stopping.signal });
      return { page, operation };
    } catch (error) {
      if (!(error instanceof GatewayError) || isOfRequest(error)) throw error;
      throw new OperationFailure(handle, error, operation.notices);
    }
  }

  /**
   * Refuses new work and answers what is held; resolves when nothing runs, or at the latest when
   * `signal` aborts.
   */
  async drain(signal: AbortSignal): Promise<void> {
    this.#stopping.abort();
    const running = [...this.#options.sessions.all()].flatMap((live) => live.operations.busy);
    const late = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    await Promise.race([Promise.all(running.map((operation) => operation.settled)), late]);
  }

  #submit(live: LiveSession, request: StatementRequest, execute: Execute): Operation {
    this.#refuseIfStopping();
    const { session } = live;
    const { random, sessions, log } = this.#options;
    const handle = asId<OperationHandle>(random.uuid());
    const property = (key: string) => request.executionConfig.get(key) ?? session.property(key);
    const operation = live.operations.submit(handle, zoneOf(property), async (running) => {
      const context: StatementContext = {
        session,
        operation: handle,
        text: request.statement ?? "",
        signal: running.signal,
        overlay: request.executionConfig,
        property,
        notice: (notice) => {
          running.addNotice(notice);
          log.info({ session: session.handle, operation: handle, ...notice }, "notice");
        },
      };
      const result = await execute(context);
      try {
        await sessions.save(session);
      } catch (error) {
        if (result.kind === "query") await result.rows.close();
        throw error;
      }
      return result;
    });
    operation.settled.then(() => this.#report(session.handle, operation)).catch(() => undefined);
    return operation;
  }

  #report(session: SessionHandle, operation: Operation): void {
    const { state, error, handle } = operation;
    const outcome = state === "ERROR" || state === "CANCELED" ? state : "FINISHED";
    this.ended[outcome] += 1;
    const { log } = this.#options;
    const ids = { session, operation: handle };
    if (error === null) return log.debug(ids, "statement ended");
    const what = { ...ids, code: error.code, sqlstate: error.sqlstate };
    if (error.code === "GW-INTERNAL") log.error({ ...what, err: error.cause ?? error }, "defect");
    else log.info({ ...what, error: error.message }, "statement failed");
  }

  #refuseIfStopping(): void {
    if (!this.#stopping.signal.aborted) return;
    throw new GatewayError("GW-UNAVAILABLE", "the gateway is stopping");
  }
}

/** The error of an operation, as opposed to one of the request that asks about it. */
export class OperationFailure extends Error {
  override readonly name = "OperationFailure";
  readonly operation: OperationHandle;
  readonly failure: GatewayError;
  readonly notices: readonly Notice[];

  constructor(operation: OperationHandle, failure: GatewayError, notices: readonly Notice[] = []) {
    super(failure.message);
    this.operation = operation;
    this.failure = failure;
    this.notices = notices;
  }
}

function isOfRequest(error: GatewayError): boolean {
  return error.code === "GW-RESULT-TOKEN" || error.code === "GW-OPERATION-STATUS";
}

function refuseTimeout(timeout: number | null): void {
  if (timeout === null || timeout <= 0) return;
  throw new GatewayError("GW-TIMEOUT-OPTION", "executionTimeout is not supported", {
    hint: "Use SET statement_timeout.",
    flink: {
      class: "java.lang.UnsupportedOperationException",
      text: "SqlGatewayService doesn't support timeout mechanism now.",
    },
  });
}

function missingStatement(): GatewayError {
  return new GatewayError("GW-REQUEST", "the request has no statement");
}

function nullProperty(key: string): GatewayError {
  return new GatewayError("GW-REQUEST", `property "${key}" is null`, {
    flink: { class: "java.lang.NullPointerException", text: "Value must not be null." },
  });
}

function notConfiguring(statement: string): GatewayError {
  return new GatewayError("GW-CONFIGURE", "the statement cannot configure a session", {
    hint: "Send it to the statements endpoint.",
    flink: {
      class: "java.lang.UnsupportedOperationException",
      text:
        `Unsupported statement for configuring session: ${statement}\n` +
        "The configureSession API only supports executing statements of type SET, RESET, USE, " +
        "USE CATALOG, and CREATE, ALTER, DROP of TABLE, VIEW, DATABASE, FUNCTION, CATALOG, " +
        "MATERIALIZED TABLE.",
    },
  });
}
