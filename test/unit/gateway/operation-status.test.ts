// Every pair of states of an operation, legal or not, and what clients are shown.

import { describe, expect, test } from "vitest";
import {
  operationMachine,
  operationStates,
  shownStatus,
  statusName,
} from "../../../src/gateway/operation/operation-status.ts";

const legal: Readonly<Record<string, string>> = {
  INITIALIZED: "PENDING CANCELED CLOSED TIMEOUT ERROR",
  PENDING: "RUNNING CANCELED CLOSED TIMEOUT ERROR",
  RUNNING: "FETCHABLE FINISHED CANCELED CLOSED TIMEOUT ERROR",
  FETCHABLE: "FINISHED CANCELED CLOSED",
  FINISHED: "CLOSED",
  CANCELED: "CLOSED",
  TIMEOUT: "CLOSED",
  ERROR: "CLOSED",
  CLOSED: "",
};

const pairs = operationStates.flatMap((from) => operationStates.map((to) => [from, to] as const));

describe("transitions", () => {
  test.each(pairs)("%s to %s", (from, to) => {
    expect(operationMachine.allows(from, to)).toBe((legal[from] ?? "").split(" ").includes(to));
  });

  test("only CLOSED is the end", () => {
    expect(operationStates.filter((state) => operationMachine.isTerminal(state))).toEqual([
      "CLOSED",
    ]);
  });
});

test("what waits is shown as RUNNING, what is drained as FINISHED", () => {
  expect(operationStates.map(shownStatus)).toEqual([
    "RUNNING",
    "RUNNING",
    "RUNNING",
    "FINISHED",
    "FINISHED",
    "CANCELED",
    "TIMEOUT",
    "ERROR",
    "CLOSED",
  ]);
  expect(statusName("FETCHABLE")).toBe("FINISHED");
  expect(statusName("PENDING")).toBe("PENDING");
});
