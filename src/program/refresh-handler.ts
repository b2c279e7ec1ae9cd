// The handler of Sluice's own scheduler: which workflow refreshes which table, and with what it was
// created. A pure reference; its codec is JSON.

import { GatewayError } from "../common/gateway-error.ts";
import type { RefreshHandler, RefreshHandlerSerializer } from "./workflow-scheduler.ts";

type Config = Readonly<Record<string, string>>;

interface HandlerFields {
  readonly workflowId: string;
  readonly database: string;
  readonly tableIdentifier: string;
  readonly refreshConfig: Config;
}

export class EmbeddedRefreshHandler implements RefreshHandler, HandlerFields {
  /** Name of the workflow. */
  readonly workflowId: string;
  /** The database (PostgreSQL schema) that the workflow and its table are in. */
  readonly database: string;
  /** `catalog.database.table`. */
  readonly tableIdentifier: string;
  /** As given when the workflow was created. */
  readonly refreshConfig: Config;

  constructor({ workflowId, database, tableIdentifier, refreshConfig }: HandlerFields) {
    this.workflowId = workflowId;
    this.database = database;
    this.tableIdentifier = tableIdentifier;
    this.refreshConfig = refreshConfig;
  }

  asSummaryString(): string {
    return `{workflow: ${this.database}.${this.workflowId}, table: ${this.tableIdentifier}}`;
  }
}

export const embeddedRefreshHandlerSerializer: RefreshHandlerSerializer<EmbeddedRefreshHandler> = {
  serialize({ workflowId, database, tableIdentifier, refreshConfig }) {
    const fields: HandlerFields = { workflowId, database, tableIdentifier, refreshConfig };
    return new TextEncoder().encode(JSON.stringify(fields));
  },
  deserialize: (bytes) => new EmbeddedRefreshHandler(fieldsOf(bytes)),
};

function fieldsOf(bytes: Uint8Array): HandlerFields {
  const fields = parsed(bytes) as Partial<HandlerFields> | null;
  const { workflowId, database, tableIdentifier, refreshConfig } = fields ?? {};
  const texts = [workflowId, database, tableIdentifier].every((text) => typeof text === "string");
  if (!texts || typeof refreshConfig !== "object" || refreshConfig === null) {
    throw new GatewayError("GW-REQUEST", "the bytes are no refresh handler of this scheduler");
  }
  return fields as HandlerFields;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}
