// The states of an operation (spec §3.1) as data. One state is ours: FETCHABLE, a query whose rows
// can be fetched while the rest is still being drained. Clients see it as FINISHED, as Flink shows
// a SELECT; but it can be cancelled, and the query really ends then.

import { stateMachine } from "../../common/state-machine.ts";

export const operationStates = [
  "INITIALIZED",
  "PENDING",
  "RUNNING",
  "FETCHABLE",
  "FINISHED",
  "CANCELED",
  "TIMEOUT",
  "ERROR",
  "CLOSED",
] as const;
export type OperationState = (typeof operationStates)[number];

/** What clients are shown: the eight names of the protocol. */
export type OperationStatus = Exclude<OperationState, "FETCHABLE">;

export const operationMachine = stateMachine<OperationState>({
  INITIALIZED: ["PENDING", "CANCELED", "CLOSED", "TIMEOUT", "ERROR"],
  PENDING: ["RUNNING", "CANCELED", "CLOSED", "TIMEOUT", "ERROR"],
  RUNNING: ["FETCHABLE", "FINISHED", "CANCELED", "CLOSED", "TIMEOUT", "ERROR"],
  FETCHABLE: ["FINISHED", "CANCELED", "CLOSED"],
  FINISHED: ["CLOSED"],
  CANCELED: ["CLOSED"],
  TIMEOUT: ["CLOSED"],
  ERROR: ["CLOSED"],
  CLOSED: [],
});

/** The name in messages and in answers that name the true status. */
export function statusName(state: OperationState): OperationStatus {
  return state === "FETCHABLE" ? "FINISHED" : state;
}

/**
 * The status endpoint's answer: an operation that waits for its turn is RUNNING, because clients
 * end their wait at any other word.
 */
export function shownStatus(state: OperationState): OperationStatus {
  return state === "INITIALIZED" || state === "PENDING" ? "RUNNING" : statusName(state);
}
