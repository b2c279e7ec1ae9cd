// Two scenarios by hand, then every seed that once found something, then 200 seeds (SEEDS=10000 for
// more). To replay one alone:
//   SEED=123 npx vitest run test/sim

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { milliseconds } from "../../src/common/time.ts";
import { tableDefinition, taskDefinition, workflowDefinition } from "../scheduler/harness.ts";
import { runSeed } from "./scenario.ts";
import { Simulation } from "./simulation.ts";

const second = (amount: number) =>
  ({ kind: "every", amount, unit: "SECOND", anchor: null }) as const;

describe("by hand", () => {
  test("a crash during a batch of runs: each is done once, by whoever is left", async () => {
    const sim = new Simulation(1);
    const first = sim.startGateway();
    const retry = { retries: 50, delay: milliseconds(100), backoff: 1 };
    for (let n = 0; n < 8; n++) {
      const action = { resource: `t${n}` };
      const tasks = [taskDefinition("refresh", { action, retry, queue: "tables" })];
      const definition = workflowDefinition(`w${n}`, { tasks });
      sim.act(async ({ workflows }, tx) => {
        const workflowId = await workflows.create(tx, definition);
        const interval = { start: sim.world.now(), end: sim.world.now() };
        await workflows.submit(tx, { workflowId, trigger: "MANUAL", interval, request: {} });
      });
    }
    const running = () =>
      [...sim.database.tables.tasks.values()].filter((task) => task.status === "RUNNING").length;
    for (let step = 0; running() < 3 && step < 5000; step++) await sim.world.step();
    expect(running()).toBeGreaterThanOrEqual(3);
    sim.killGateway(first);
    sim.startGateway();
    await sim.run(90_000);
    const states = [...sim.database.tables.history.values()].map((row) => row.status);
    expect(states).toEqual(Array.from({ length: 8 }, () => "SUCCESSFUL"));
    const lost = [...sim.database.tables.attempts.values()].filter((row) => row.detail === "LOST");
    expect(lost.length).toBeGreaterThanOrEqual(1);
    expect(sim.database.tables.data.size).toBe(8);
    sim.checkers.end();
  });

  test("two gateways, one schedule: every slot once, both at work", async () => {
    const sim = new Simulation(2);
    const both = [sim.startGateway(), sim.startGateway()];
    const retry = { retries: 9, delay: milliseconds(10), backoff: 1 };
    for (let n = 0; n < 4; n++) {
      const action = { resource: `t${n}`, scopes: null };
      const tasks = [taskDefinition("refresh", { action, retry, queue: "tables" })];
      sim.create(tableDefinition(`t${n}`, second(5), { catchup: "all", tasks }));
    }
    await sim.run(60_000);
    const rows = [...sim.database.tables.history.values()];
    expect(rows.length).toBeGreaterThan(20);
    const holders = new Set([...sim.database.tables.attempts.values()].map((row) => row.gatewayId));
    expect(holders.size).toBe(both.length);
    sim.checkers.nothingStandsStill(15_000);
  });
});

const found = readFileSync(new URL("seeds.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => /^\d+/.test(line))
  .map((line) => Number.parseInt(line, 10));
const asked = process.env["SEED"];
const seeds =
  asked === undefined
    ? [...found, ...Array.from({ length: Number(process.env["SEEDS"] ?? 200) }, (_, n) => n + 1)]
    : [Number(asked)];

// A seed takes a twelfth of a second of a processor; the rest is for machines that do much else.
const timeout = 120_000 + seeds.length * 1000;

test("random scenarios", { timeout }, async () => {
  for (const seed of seeds) {
    await runSeed(seed);
  }
});
