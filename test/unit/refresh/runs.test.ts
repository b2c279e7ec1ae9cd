// From a run to its plan and claim, and from an error to its outcome: pure.

import { describe, expect, test } from "vitest";
import type { MaterializedTable } from "../../../src/catalog/materialized-table.ts";
import { GatewayError } from "../../../src/common/gateway-error.ts";
import { asId, type TableId, type WorkflowId } from "../../../src/common/ids.ts";
import { dataInterval, parseInstant } from "../../../src/common/time.ts";
import type { LocalityReason, QueryAnalysis } from "../../../src/query/query-analysis.ts";
import { classifyFailure, isDataFault, isSilent } from "../../../src/refresh/classify-failure.ts";
import { afterFirstLoad, firstLoad } from "../../../src/refresh/first-load.ts";
import { frozenBy } from "../../../src/refresh/frozen.ts";
import { planRefresh } from "../../../src/refresh/plan-refresh.ts";
import type { RefreshRequest } from "../../../src/refresh/refresh-request.ts";
import { tableWorkflow } from "../../../src/refresh/table-workflow.ts";
import { FencedError, type Trigger } from "../../../src/scheduler/task-runner.ts";
import { claimOf } from "../../../src/tasks/claim-of.ts";
import { requestOf } from "../../../src/tasks/request-of.ts";

const createdAt = parseInstant("2024-01-10T00:00:00Z");
const table: MaterializedTable = {
  id: asId<TableId>("t"),
  identifier: { catalog: "c", database: "d", name: "daily" },
  originalQuery: "SELECT",
  expandedQuery: "SELECT ds, n FROM public.base",
  columns: [
    { name: "ds", type: "text", typeOid: 25, nullable: true, comment: null },
    { name: "n", type: "bigint", typeOid: 20, nullable: true, comment: null },
  ],
  primaryKey: ["ds"],
  primaryKeyName: "PK_ds",
  partitionKeys: ["ds"],
  partitionTimes: [{ column: "ds", pattern: "yyyy-MM-dd", grain: "day" }],
  options: { "refresh.max-rows": "9" },
  comment: null,
  definedFreshness: { amount: 1, unit: "DAY" },
  freshness: { amount: 1, unit: "DAY" },
  requestedMode: "FULL",
  refreshMode: "FULL",
  modeReason: null,
  startMode: { kind: "FROM_BEGINNING" },
  strict: false,
  status: "ACTIVATED",
  timeZone: "UTC",
  version: 1,
  workflowId: asId<WorkflowId>("w"),
  createdAt,
};
const plain: MaterializedTable = { ...table, partitionKeys: [], partitionTimes: [] };

function analysis(notLocal: LocalityReason | null = null): QueryAnalysis {
  const column = { nullable: true, notLocal, sources: [], time: null };
  const source = { schema: "public", throughView: false };
  return {
    sources: [
      { ...source, name: "base", oid: 30, kind: "table" },
      { ...source, name: "view", oid: 20, kind: "view" },
      { ...source, name: "mv", oid: 10, kind: "matview" },
      { ...source, name: "under", oid: 5, kind: "table", throughView: true },
    ],
    references: [],
    columns: [
      { ...column, name: "ds" },
      { ...column, name: "n" },
    ],
    deterministic: true,
    notes: [],
  };
}

const day = dataInterval(
  parseInstant("2024-01-10T00:00:00Z"),
  parseInstant("2024-01-11T00:00:00Z"),
);
const asked = (...days: string[]): RefreshRequest => ({
  kind: "manual",
  partitions: days.map((ds) => ({ ds })),
  force: false,
});
const never = () => false;

/** Scope and tactic in a line. */
function planned(of: MaterializedTable, request: RefreshRequest, facts = analysis()): string {
  const plan = planRefresh(of, facts, request, never);
  if (plan === null) return "nothing";
  const { scope } = plan;
  const publish = plan.steps.find((step) => step.kind === "publish");
  const what = scope.kind === "whole" ? "whole" : scope.specs.map((spec) => spec["ds"]).join(" ");
  const because = plan.wholeBecause === null ? "" : ` because ${plan.wholeBecause.code}`;
  return `${what} by ${publish?.tactic}${because}`;
}

describe("plans", () => {
  const window = { code: "WINDOW", message: "a window looks over all rows" } as const;
  test.each<[string, MaterializedTable, RefreshRequest, QueryAnalysis, string]>([
    ["first load", table, { kind: "initial", partitions: null }, analysis(), "whole by swap"],
    [
      "first load of some cells",
      table,
      { kind: "initial", partitions: [{ ds: "2024-01-09" }] },
      analysis(),
      "2024-01-09 by delete-insert",
    ],
    ["whole by hand", table, asked(), analysis(), "whole by diff-apply"],
    ["by hand", table, asked("2024-01-01"), analysis(), "2024-01-01 by diff-apply"],
    [
      "slot, with look-back",
      table,
      { kind: "scheduled", interval: day },
      analysis(),
      "2024-01-09 2024-01-10 by diff-apply",
    ],
    [
      "slot of a table without cells",
      plain,
      { kind: "scheduled", interval: day },
      analysis(),
      "whole by diff-apply",
    ],
    [
      "backfill",
      table,
      { kind: "backfill", interval: day, partitions: null, force: false, throttled: false },
      analysis(),
      "2024-01-10 by diff-apply",
    ],
    [
      "slot of a table whose partitions hang together",
      table,
      { kind: "scheduled", interval: day },
      analysis(window),
      "whole by diff-apply",
    ],
    [
      "by hand, of such a table",
      table,
      asked("2024-01-01"),
      analysis(window),
      "whole by diff-apply because WINDOW",
    ],
    ["nothing to repair", table, { kind: "repair", partitions: [] }, analysis(), "nothing"],
  ])("%s", (...[, of, request, facts, expected]) => {
    expect(planned(of, request, facts)).toBe(expected);
  });

  test("steps in order: locks by OID without what cannot be locked, stage, verify, publish", () => {
    const plan = planRefresh(table, analysis(), asked("2024-01-01"), never);
    expect(plan?.steps).toEqual([
      { kind: "lock", relations: ["public.view", "public.base"] },
      {
        kind: "stage",
        query: table.expandedQuery,
        scope: { kind: "partitions", specs: [{ ds: "2024-01-01" }] },
        restrictions: [],
      },
      { kind: "verify", primaryKey: ["ds"], maxRows: 9 },
      {
        kind: "publish",
        scope: { kind: "partitions", specs: [{ ds: "2024-01-01" }] },
        tactic: "diff-apply",
        primaryKey: ["ds"],
        rewriteAbove: 0.3,
      },
    ]);
  });

  test("frozen cells are left out of a slot; nothing is left when all are", () => {
    const icy = { ...table, options: { "freeze.after": "1 d" } };
    const slot: RefreshRequest = { kind: "scheduled", interval: day };
    const scopeAt = (now: string) => {
      const plan = planRefresh(icy, analysis(), slot, frozenBy(icy, parseInstant(now)));
      return plan?.scope.kind === "partitions" ? plan.scope.specs : plan;
    };
    expect(scopeAt("2024-01-11T12:00:00Z")).toEqual([{ ds: "2024-01-10" }]);
    expect(scopeAt("2024-02-01T00:00:00Z")).toBeNull();
  });

  test.each([
    ["FROM_BEGINNING", table, { kind: "initial", partitions: null }],
    ["strict", { ...table, strict: true }, null],
    ["from now", { ...table, startMode: { kind: "FROM_NOW", at: createdAt, text: "" } }, null],
    [
      "from yesterday",
      {
        ...table,
        startMode: { kind: "FROM_NOW", at: parseInstant("2024-01-09T05:00:00Z"), text: "" },
      },
      { kind: "initial", partitions: [{ ds: "2024-01-09" }] },
    ],
    [
      "from yesterday, without cells",
      {
        ...plain,
        startMode: { kind: "FROM_NOW", at: parseInstant("2024-01-09T05:00:00Z"), text: "" },
      },
      { kind: "initial", partitions: null },
    ],
  ] as const)("first load: %s", (_, of, expected) => {
    expect(firstLoad(of, analysis(), createdAt)).toEqual(expected);
  });

  test("first load of decades: the newest ten thousand days are computed", () => {
    const at = parseInstant("1980-01-01T00:00:00Z");
    const old = { ...table, startMode: { kind: "FROM_TIMESTAMP", at, text: "" } } as const;
    const request = firstLoad(old, analysis(), createdAt);
    const computed = request?.kind === "initial" ? (request.partitions ?? []) : [];
    expect(computed).toHaveLength(10_000);
    const older = afterFirstLoad(old, analysis(), request);
    expect(older[0]).toEqual({ ds: "1980-01-01" });
    const day = 86_400_000;
    const first = parseInstant(`${String(computed[0]?.["ds"])}T00:00:00Z`);
    expect(older).toHaveLength((first - at) / day);
    expect(older.at(-1)).toEqual({ ds: new Date(first - day).toISOString().slice(0, 10) });
  });
});

describe("claims", () => {
  const run = (trigger: Trigger, request: object = {}) => ({
    trigger,
    interval: day,
    request: request as Record<string, unknown>,
    scheduledAt: day.end,
    variables: {},
    timeZone: "UTC",
  });
  const actionOf = (of: MaterializedTable, facts = analysis()) =>
    tableWorkflow(of, facts).tasks[0]?.action ?? {};
  const days = (...labels: string[]) => labels.map((ds) => ({ ds }));

  test.each([
    ["a slot", actionOf(table), run("SCHEDULE"), days("2024-01-09", "2024-01-10")],
    ["a missed slot", actionOf(table), run("CATCH_UP"), days("2024-01-09", "2024-01-10")],
    ["a backfill", actionOf(table), run("BACKFILL"), days("2024-01-10")],
    ["a slot without cells", actionOf(plain), run("SCHEDULE"), null],
    ["a whole REFRESH", actionOf(table), run("MANUAL", asked()), null],
    ["a REFRESH", actionOf(table), run("MANUAL", asked("x")), days("x")],
    ["a first load", actionOf(table), run("INITIAL", { kind: "initial", partitions: null }), null],
  ])("%s", (...[, action, of, scopes]) => {
    // What is stored and read back is what claims are computed from.
    const stored = JSON.parse(JSON.stringify(action)) as Record<string, unknown>;
    expect(claimOf(stored, of)).toEqual({ resource: "t", scopes });
  });

  test("strict: Flink's single partition", () => {
    const strict = { ...table, strict: true };
    expect(claimOf(actionOf(strict), run("SCHEDULE"))).toEqual({
      resource: "t",
      scopes: days("2024-01-10"),
    });
  });

  test("an action of another kind excludes nobody", () => {
    expect(claimOf({ type: "sql" }, run("SCHEDULE"))).toBeNull();
  });

  test("a slot's request is its interval, all others are what was asked", () => {
    expect(requestOf(run("CATCH_UP"))).toEqual({ kind: "scheduled", interval: day });
    expect(requestOf(run("REPAIR", { kind: "repair", partitions: [] }))).toEqual({
      kind: "repair",
      partitions: [],
    });
  });
});

describe("failures", () => {
  const calm = new AbortController().signal;
  const state = (code: string) => Object.assign(new Error("m"), { code });
  test.each([
    ["division by zero", state("22012"), "MT-REFRESH-FAILED", false, true],
    ["serialization", state("40001"), "MT-REFRESH-FAILED", true, false],
    ["deadlock", state("40P01"), "MT-REFRESH-FAILED", true, false],
    ["too many connections", state("53300"), "MT-REFRESH-FAILED", true, false],
    ["connection failure", state("08006"), "MT-REFRESH-FAILED", true, false],
    ["terminated", state("57P01"), "MT-REFRESH-FAILED", true, false],
    ["lock timeout", state("55P03"), "MT-REFRESH-FAILED", true, false],
    ["cancelled by somebody else", state("57014"), "MT-REFRESH-FAILED", false, false],
    ["missing table", state("42P01"), "MT-REFRESH-FAILED", false, false],
    ["socket", state("ECONNRESET"), "MT-REFRESH-FAILED", true, false],
    ["a duplicate", new GatewayError("MT-PK-DUPLICATE", "m"), "MT-PK-DUPLICATE", false, true],
    ["a lock", new GatewayError("MT-BUSY", "m"), "MT-BUSY", true, false],
    ["a defect", new TypeError("m"), "GW-INTERNAL", false, false],
  ])("%s", (...[, error, code, retryable, data]) => {
    expect(classifyFailure(error, calm)).toMatchObject({ kind: "failed", code, retryable });
    expect(isDataFault(error)).toBe(data);
  });

  test("an abort is a wish, a fence is silence", () => {
    expect(classifyFailure(new FencedError("x"), calm)).toEqual({ kind: "fenced" });
    for (const [word, silent] of [
      ["STOPPED", true],
      ["FENCED", true],
      ["TIMED_OUT", false],
      ["canceled by user", false],
    ] as const) {
      const failure = classifyFailure(state("57014"), AbortSignal.abort(word));
      expect(failure).toEqual({ kind: "canceled", reason: word });
      expect(isSilent(failure)).toBe(silent);
    }
  });
});
