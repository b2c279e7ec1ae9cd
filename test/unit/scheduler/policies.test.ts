// Policies as tables: overlap, the newest slot, retry delays, claims.

import { describe, expect, test } from "vitest";
import { instant, milliseconds } from "../../../src/common/time.ts";
import {
  claimsMeet,
  lostDelay,
  newestSlot,
  overlapOf,
  priorityOf,
  retryDelay,
} from "../../../src/scheduler/policies.ts";
import type { Claim, ClaimScope } from "../../../src/scheduler/task-runner.ts";

const on = (resource: string, ...scopes: ClaimScope[]): Claim => ({
  resource,
  scopes: scopes.length === 0 ? null : scopes,
});

describe("claims exclude each other", () => {
  test.each<[Claim | null, Claim | null, boolean]>([
    [null, null, false],
    [on("t"), null, false],
    [on("t"), on("u"), false],
    [on("t"), on("t"), true],
    [on("t"), on("t", { d: "1" }), true],
    [on("t", { d: "1" }), on("t", { d: "2" }), false],
    [on("t", { d: "1" }), on("t", { e: "2" }), true],
    [on("t", { d: "1", e: "1" }), on("t", { d: "1", e: "2" }), false],
    [on("t", { d: null }), on("t", { d: null }), true],
    [on("t", { d: null }), on("t", { d: "" }), false],
    [on("t", { d: "1" }, { d: "2" }), on("t", { d: "3" }, { d: "2" }), true],
  ])("%o and %o: %o", (a, b, expected) => {
    expect(claimsMeet(a, b)).toBe(expected);
    expect(claimsMeet(b, a)).toBe(expected);
  });
});

// covers: G-04
describe("overlap", () => {
  const same = [{ instanceId: "i", claims: [on("t", { d: "1" })] }];
  const other = [{ instanceId: "i", claims: [on("t", { d: "2" })] }];
  const ours = [on("t", { d: "1" })];
  test.each([
    ["user", "queue", [], "run"],
    ["user", "queue", same, "wait"],
    ["user", "queue", other, "wait"],
    ["user", "skip", other, "skip"],
    ["user", "replace", other, "replace"],
    ["table", "queue", same, "run"],
    ["table", "skip", same, "skip"],
    ["table", "skip", other, "run"],
    ["table", "replace", same, "replace"],
    ["table", "replace", other, "run"],
  ] as const)("%s, %s, open %o: %s", (kind, policy, open, expected) => {
    expect(overlapOf(policy, kind, ours, open).kind).toBe(expected);
  });
});

test.each([
  ["none", 10, 20, "MISSED"],
  ["none", 20, 20, "SCHEDULE"],
  ["last", 10, 20, "CATCH_UP"],
  ["last", 30, 20, "SCHEDULE"],
  ["all", 10, 20, "CATCH_UP"],
  ["all", 30, 20, "SCHEDULE"],
] as const)("catch-up %s: slot %i, alive since %i: %s", (policy, slot, alive, expected) => {
  expect(newestSlot(policy, instant(slot), instant(alive))).toBe(expected);
});

test.each([
  [1000, 2, 1, 1000],
  [1000, 2, 2, 2000],
  [1000, 2, 5, 16_000],
  [1000, 1, 9, 1000],
  [1000, 10, 9, 3_600_000],
  [0, 2, 3, 0],
])("delay %i with back-off %i before attempt after %i failures: %i", (delay, backoff, n, ms) => {
  expect(retryDelay({ retries: 9, delay: milliseconds(delay), backoff }, n)).toBe(ms);
});

test.each([
  [1, 0],
  [2, 1000],
  [3, 2000],
  [7, 32_000],
  [10, 60_000],
])("after %i lost attempts: %i", (lost, ms) => {
  expect(lostDelay(lost)).toBe(ms);
});

test("what people ask for comes first, backfills last", () => {
  const triggers = Object.keys(priorityOf) as (keyof typeof priorityOf)[];
  triggers.sort((a, b) => priorityOf[a] - priorityOf[b]);
  expect(triggers).toEqual([
    "MANUAL",
    "COMMAND",
    "INITIAL",
    "SCHEDULE",
    "CATCH_UP",
    "REPAIR",
    "BACKFILL",
  ]);
});
