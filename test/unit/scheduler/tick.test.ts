// Time → instances: which slots are run, which are missed, and where the cursor stands afterwards.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asId, type WorkflowId } from "../../../src/common/ids.ts";
import { type Instant, instant, seconds } from "../../../src/common/time.ts";
import { systemRandom } from "../../../src/common/clock.ts";
import type { DueBatch, TickChange } from "../../../src/scheduler/durable/store.ts";
import { nextSlot, tick } from "../../../src/scheduler/durable/tick.ts";
import {
  type CatchupPolicy,
  type OverlapPolicy,
  catchupPolicies,
} from "../../../src/scheduler/scheduler.ts";
import { scheduleOf } from "../../../src/scheduler/schedule.ts";
import { claimOf, tableDefinition, workflowDefinition } from "../../scheduler/harness.ts";

const at = (n: number) => instant(n * 1000);
const everyTen = { kind: "every", amount: 10, unit: "SECOND", anchor: null } as const;

interface Case {
  readonly catchup?: CatchupPolicy;
  readonly overlap?: OverlapPolicy;
  readonly kind?: "table" | "user";
  /** Second of the cursor. */
  readonly due: number;
  readonly now: number;
  readonly alive?: number;
  readonly endAt?: number;
  readonly open?: number;
}

function change(of: Case): TickChange {
  const common = {
    schedule: everyTen,
    catchup: of.catchup ?? "last",
    overlap: of.overlap ?? "queue",
    endAt: of.endAt === undefined ? null : at(of.endAt),
  } as const;
  const definition =
    of.kind === "user" ? workflowDefinition("w", common) : tableDefinition("t", everyTen, common);
  const open = Array.from({ length: of.open ?? 0 }, (_, n) => ({
    instanceId: `open ${n}`,
    claims: [{ resource: "t", scopes: null }],
  }));
  const batch: DueBatch = {
    now: at(of.now),
    aliveSince: at(of.alive ?? 0),
    due: [
      {
        workflowId: asId<WorkflowId>("w"),
        version: 3,
        enabled: true,
        definition,
        nextDueAt: at(of.due),
        previousFireAt: at(of.due - 10),
        revision: 5,
        open,
      },
    ],
  };
  const tools = { scheduleOf: () => scheduleOf(everyTen, "UTC"), claimOf, random: systemRandom };
  const [only] = tick(batch, tools);
  if (only === undefined) throw new Error("one change was to come");
  return only;
}

/** `SCHEDULE 10-20`, `MISSED 10-40`, … and the next slot. */
function story(of: Case): string {
  const { instances, nextDueAt } = change(of);
  const words = instances.map((row) => {
    const { start, end } = row.interval;
    const gate = row.gated ? " gated" : "";
    return `${row.ended?.detail ?? row.trigger}${gate} ${start / 1000}-${end / 1000}`;
  });
  return [...words, `next ${nextDueAt === null ? "never" : nextDueAt / 1000}`].join(", ");
}

// covers: G-05
describe("catch-up", () => {
  test.each<[string, Case, string]>([
    ["one slot", { due: 20, now: 21 }, "SCHEDULE 10-20, next 30"],
    ["at the very instant", { due: 20, now: 20 }, "SCHEDULE 10-20, next 30"],
    ["last: several", { due: 20, now: 55 }, "MISSED 10-40, SCHEDULE 40-50, next 60"],
    [
      "last: several, all before the gateways",
      { due: 20, now: 55, alive: 54 },
      "MISSED 10-40, CATCH_UP 40-50, next 60",
    ],
    ["last: one, before the gateways", { due: 20, now: 22, alive: 21 }, "CATCH_UP 10-20, next 30"],
    ["none: one", { catchup: "none", due: 20, now: 22 }, "SCHEDULE 10-20, next 30"],
    [
      "none: one, before the gateways",
      { catchup: "none", due: 20, now: 22, alive: 21 },
      "MISSED 10-20, next 30",
    ],
    [
      "none: several, the newest after the gateways",
      { catchup: "none", due: 20, now: 55, alive: 45 },
      "MISSED 10-40, SCHEDULE 40-50, next 60",
    ],
    [
      "none: several, all before the gateways",
      { catchup: "none", due: 20, now: 55, alive: 54 },
      "MISSED 10-50, next 60",
    ],
    [
      "all",
      { catchup: "all", due: 20, now: 45 },
      "CATCH_UP 10-20, CATCH_UP 20-30, SCHEDULE 30-40, next 50",
    ],
    [
      "all, before the gateways",
      { catchup: "all", due: 20, now: 35, alive: 34 },
      "CATCH_UP 10-20, CATCH_UP 20-30, next 40",
    ],
    [
      "the end bounds what is due",
      { due: 20, now: 99, endAt: 40 },
      "MISSED 10-20, SCHEDULE 20-30, next never",
    ],
    ["the end is exclusive", { due: 20, now: 25, endAt: 30 }, "SCHEDULE 10-20, next never"],
  ])("%s", (_name, of, expected) => {
    expect(story(of)).toBe(expected);
  });

  test("all: a long outage is worked off a thousand at a time", () => {
    const { instances, nextDueAt } = change({ catchup: "all", due: 10, now: 100_000 });
    expect(instances).toHaveLength(1000);
    expect(nextDueAt).toBe(at(10 + 1000 * 10));
  });

  test("last: a long outage is two rows", () => {
    expect(change({ due: 10, now: 30_000_000 }).instances).toHaveLength(2);
  });
});

describe("overlap", () => {
  test.each<[string, Case, string]>([
    ["user, queue", { kind: "user", due: 20, now: 21, open: 1 }, "SCHEDULE gated 10-20, next 30"],
    ["user, free", { kind: "user", due: 20, now: 21 }, "SCHEDULE 10-20, next 30"],
    [
      "user, queue, several at once",
      { kind: "user", catchup: "all", due: 20, now: 31 },
      "CATCH_UP 10-20, SCHEDULE gated 20-30, next 40",
    ],
    [
      "user, skip",
      { kind: "user", overlap: "skip", due: 20, now: 21, open: 1 },
      "OVERLAP 10-20, next 30",
    ],
    ["table, queue", { due: 20, now: 21, open: 1 }, "SCHEDULE 10-20, next 30"],
    ["table, skip", { overlap: "skip", due: 20, now: 21, open: 1 }, "OVERLAP 10-20, next 30"],
  ])("%s", (_name, of, expected) => {
    expect(story(of)).toBe(expected);
  });

  test("replace names the instances that have to go", () => {
    const { replaced, instances } = change({
      kind: "user",
      overlap: "replace",
      due: 20,
      now: 21,
      open: 2,
    });
    expect(replaced).toEqual(["open 0", "open 1"]);
    expect(instances[0]?.gated).toBe(true);
  });
});

describe("bounds", () => {
  const next = (from: number | null, until: number | null, now: number) => {
    const bounds = {
      startAt: from === null ? null : at(from),
      endAt: until === null ? null : at(until),
    };
    const slot = nextSlot(scheduleOf(everyTen, "UTC"), bounds, at(now));
    return slot === null ? null : slot / 1000;
  };

  test.each<[string, number | null, number | null, number, number | null]>([
    ["none", null, null, 25, 30],
    ["START to come bounds, it does not anchor", 42, null, 25, 50],
    ["START on a slot is inclusive", 50, null, 25, 50],
    ["START in the past changes nothing", 5, null, 25, 30],
    ["END on a slot is exclusive", null, 30, 25, null],
    ["END behind a slot lets it be", null, 31, 25, 30],
    ["nothing between both", 41, 50, 25, null],
  ])("%s", (_, from, until, now, expected) => {
    expect(next(from, until, now)).toBe(expected);
  });

  test("the first interval begins at the fire before START", () => {
    const schedule = scheduleOf(everyTen, "UTC");
    const slot = nextSlot(schedule, { startAt: at(42), endAt: null }, at(0));
    expect(slot).toBe(at(50));
    expect(schedule.intervalEndingAt(at(50))).toEqual({ start: at(40), end: at(50) });
  });
});

test("a change carries what makes it void if the workflow changed", () => {
  expect(change({ due: 20, now: 21 })).toMatchObject({
    workflowId: "w",
    version: 3,
    revision: 5,
    expectedDueAt: at(20),
    previousFireAt: at(20),
  });
});

test("every due slot lies in exactly one instance, whatever the policies and the pauses", () => {
  const tools = { scheduleOf: () => scheduleOf(everyTen, "UTC"), claimOf, random: systemRandom };
  fc.assert(
    fc.property(
      fc.constantFrom(...catchupPolicies),
      fc.constantFrom<OverlapPolicy>("queue", "skip"),
      fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      (catchup, overlap, pauses, reborn) => {
        const definition = tableDefinition("t", everyTen, { catchup, overlap });
        let workflow: { nextDueAt: Instant; previousFireAt: Instant } = {
          nextDueAt: at(10),
          previousFireAt: at(0),
        };
        let now = 0;
        let reached = at(0);
        for (const pause of pauses) {
          now += pause;
          if (workflow.nextDueAt > at(now)) continue;
          const fixed = { workflowId: asId<WorkflowId>("w"), version: 1, revision: 0, open: [] };
          const due = [{ ...fixed, ...workflow, enabled: true, definition }];
          const aliveSince = reborn ? at(now) : at(0);
          const [moved] = tick({ now: at(now), aliveSince, due }, tools);
          if (moved === undefined || moved.nextDueAt === null) throw new Error("no change");
          for (const { interval } of moved.instances) {
            expect(interval.start).toBe(reached);
            reached = interval.end;
          }
          expect(moved.previousFireAt).toBe(reached);
          expect(moved.nextDueAt).toBe(reached + seconds(10));
          expect(moved.nextDueAt).toBeGreaterThan(at(now));
          workflow = { nextDueAt: moved.nextDueAt, previousFireAt: moved.previousFireAt };
        }
      },
    ),
    { numRuns: 300 },
  );
});
