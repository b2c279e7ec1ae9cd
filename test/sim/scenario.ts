// A random scenario: users who create, submit, suspend, resume, cancel, alter and drop; gateways
// that are killed and started again; a clock that jumps; messages that are lost. Then everything is
// left in peace, and must come to an end.

import { milliseconds, instant, seconds } from "../../src/common/time.ts";
import type { WorkflowId } from "../../src/common/ids.ts";
import { WorkflowStatements } from "../../src/scheduler/durable/workflow-statements.ts";
import type { WorkflowDefinition } from "../../src/scheduler/scheduler.ts";
import { emptyTables, MemoryDatabase } from "../fakes/memory-database.ts";
import { claimOf, taskDefinition, workflowDefinition } from "../scheduler/harness.ts";
import { Checkers } from "./checkers.ts";
import { remoteStore, remoteTransaction, type SimGateway, simGateway } from "./gateway.ts";
import { noFaults, World } from "./world.ts";

const start = instant(Date.UTC(2026, 2, 29, 0, 59, 30));

export class Simulation {
  readonly world: World;
  readonly database: MemoryDatabase;
  readonly checkers: Checkers;
  readonly gateways: SimGateway[] = [];
  readonly workflows: WorkflowId[] = [];
  readonly #users: WorkflowStatements;
  readonly #deadPids = new Set<number>();

  constructor(seed: number) {
    this.world = new World(seed, start);
    this.database = new MemoryDatabase(() => this.world.now());
    this.database.tables = emptyTables();
    this.checkers = new Checkers(this.database);
    this.#users = new WorkflowStatements({
      store: remoteStore(this.world, this.database, "users"),
      random: this.world.randomSource(),
      claimOf,
    });
  }

  startGateway(): SimGateway {
    const gateway = simGateway(this.world, this.database, {
      host: this.world.pick(["h1", "h2"]),
      pid: this.world.serial(),
      isDeadProcess: (pid) => this.#deadPids.has(pid),
    });
    this.gateways.push(gateway);
    const retry = () => {
      gateway.scheduler.start().catch(() => {
        this.world.after(gateway.owner, 500, "start again", retry);
      });
    };
    retry();
    return gateway;
  }

  /**
   * kill -9: its transactions stay open in the server until they are reaped or the server notices.
   */
  killGateway(gateway: SimGateway): void {
    this.world.kill(gateway.owner);
    this.#deadPids.add(Number(gateway.owner.split(" ")[1]));
    this.gateways.splice(this.gateways.indexOf(gateway), 1);
    const orphans = [...new Set(this.database.locks.values())];
    this.world.after("server", 15_000, "client is gone", () => {
      for (const tx of orphans) tx.abort();
    });
  }

  /** A statement of a user: its own transaction, repeated by nobody. */
  act(
    body: (
      users: WorkflowStatements,
      tx: Parameters<WorkflowStatements["create"]>[0],
    ) => Promise<unknown>,
  ): void {
    const done = remoteTransaction(this.world, this.database, "users", (tx) =>
      body(this.#users, tx),
    );
    done.then(
      () => {
        for (const { scheduler, owner } of this.gateways) {
          if (this.world.chance(0.7))
            this.world.after(owner, 0, "notified", () => scheduler.wake());
        }
      },
      () => undefined,
    );
  }

  create(definition: WorkflowDefinition, enabled = true): void {
    this.act(async (users, tx) => {
      const id = await users.create(tx, definition);
      if (enabled) await users.enable(tx, id);
      this.workflows.push(id);
    });
  }

  /**
   * No slot comes due any more; what is open can then be worked off, however slow the tables are.
   */
  noMoreSlots(): void {
    const { workflows } = this.database.tables;
    for (const [id, workflow] of workflows) workflows.set(id, { ...workflow, nextDueAt: null });
  }

  /** Steps until `virtual` milliseconds have passed, checking after each. */
  async run(virtual: number, between: () => void = () => undefined): Promise<void> {
    const end = this.world.now() + virtual;
    for (let step = 0; this.world.now() < end; step++) {
      if (step > 60_000) throw new Error("the world does not get on");
      if (!(await this.world.step())) return;
      this.checkers.step();
      between();
    }
  }
}

/**
 * Runs one seed from start to peaceful end; what a checker found is thrown with the way to replay
 * it.
 */
export async function runSeed(seed: number): Promise<Simulation> {
  const sim = new Simulation(seed);
  try {
    await play(sim);
    return sim;
  } catch (error) {
    const replay = `seed ${seed} fails; replay with: SEED=${seed} npx vitest run test/sim`;
    const last = sim.world.trace.slice(-40).join("\n");
    throw new Error(`${replay}\n${String(error)}\n${last}`, { cause: error });
  }
}

async function play(sim: Simulation): Promise<void> {
  const { world } = sim;
  const trouble = world.chance(0.8);
  if (trouble) world.faults = { refused: 0.01, answerLost: 0.02, slow: 0.03 };
  for (let n = 1 + world.below(3); n > 0; n--) sim.startGateway();
  for (let n = 2 + world.below(4); n > 0; n--) sim.create(randomWorkflow(world, `w${n}`));
  await sim.run(30_000, () => mischief(sim, trouble));
  world.faults = noFaults;
  while (sim.gateways.length < 2) sim.startGateway();
  await sim.run(30_000);
  sim.checkers.nothingStandsStill(15_000);
  sim.noMoreSlots();
  const open = () => sim.database.tables.instances.size;
  for (let n = 0; n < 60 && open() > 0; n++) await sim.run(10_000);
  sim.checkers.end();
}

function mischief(sim: Simulation, trouble: boolean): void {
  const { world } = sim;
  if (world.chance(0.01)) userAction(sim);
  if (!trouble) return;
  const victim = sim.gateways[world.below(Math.max(1, sim.gateways.length))];
  if (victim !== undefined && world.chance(0.002)) sim.killGateway(victim);
  if (sim.gateways.length < 3 && world.chance(0.004)) sim.startGateway();
  if (world.chance(0.0005)) world.jump(world.below(12_000));
}

function userAction(sim: Simulation): void {
  const { world, workflows, checkers } = sim;
  if (workflows.length === 0) return;
  const id = world.pick(workflows);
  const at = world.now();
  const interval = { start: at, end: at };
  switch (world.below(8)) {
    case 0:
    case 1:
      checkers.wasDisabled.add(id);
      return sim.act((users, tx) => users.disable(tx, id));
    case 2:
    case 3:
      return sim.act((users, tx) => users.enable(tx, id));
    case 4:
    case 5:
      return sim.act((users, tx) =>
        users.submit(tx, { workflowId: id, trigger: "MANUAL", interval, request: {} }),
      );
    case 6: {
      const open = [...sim.database.tables.instances.keys()];
      const instance = sim.database.tables.instances.get(open[world.below(open.length)] ?? "");
      if (instance === undefined) return;
      return sim.act((users, tx) => users.cancel(tx, instance.instanceId));
    }
    default:
      if (world.chance(0.5)) return sim.act((users, tx) => users.drop(tx, id));
      checkers.wasDisabled.add(id);
      return sim.act((users, tx) => users.alter(tx, id, otherDefinition(sim, id)));
  }
}

/** A new version is of the same kind: a table's workflow stays one. */
function otherDefinition(sim: Simulation, id: WorkflowId): WorkflowDefinition {
  const kind = sim.database.tables.workflows.get(id)?.definition.kind ?? "table";
  for (;;) {
    const definition = randomWorkflow(sim.world, `a${sim.world.serial()}`);
    if (definition.kind === kind) return definition;
  }
}

function randomWorkflow(world: World, name: string): WorkflowDefinition {
  const amount = world.pick([1, 2, 5, 7]);
  const schedule = { kind: "every", amount, unit: "SECOND", anchor: start } as const;
  const overlap = world.pick(["queue", "queue", "skip", "replace"] as const);
  const catchup = world.pick(["last", "last", "none", "all"] as const);
  const retry = { retries: world.below(3), delay: milliseconds(200), backoff: 2 };
  const timeout = world.chance(0.3) ? seconds(2) : null;
  const common = { schedule, overlap, catchup };
  if (world.chance(0.3)) {
    const tasks = ["a", "b", "c"].map((task, n, names) => {
      const upstream = names.slice(0, n).filter(() => world.chance(0.6));
      return taskDefinition(task, { retry, timeout, upstream });
    });
    const slow = { ...schedule, amount: amount * 4 };
    return workflowDefinition(name, { ...common, schedule: slow, tasks });
  }
  const scopes = world.chance(0.5) ? null : [{ ds: world.pick(["1", "2"]) }];
  const action = { resource: world.pick(["t1", "t2", name]), scopes };
  const tasks = [taskDefinition("refresh", { action, queue: "tables", retry, timeout })];
  return workflowDefinition(name, { ...common, kind: "table", tasks });
}
