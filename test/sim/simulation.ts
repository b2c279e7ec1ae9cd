// A simulated installation: gateways over one memory database, users beside them, everything a
// message through one seeded world.

import { type Instant, instant } from "../../src/common/time.ts";
import type { Tx } from "../../src/common/pg.ts";
import type { WorkflowId } from "../../src/common/ids.ts";
import { DurableBackfills } from "../../src/scheduler/durable/durable-backfills.ts";
import { InstanceStatements } from "../../src/scheduler/durable/instance-statements.ts";
import { WorkflowStatements } from "../../src/scheduler/durable/workflow-statements.ts";
import type { WorkflowDefinition } from "../../src/scheduler/scheduler.ts";
import { emptyTables, MemoryDatabase } from "../fakes/memory-database.ts";
import { claimOf } from "../scheduler/harness.ts";
import { Checkers } from "./checkers.ts";
import { remoteStore, remoteTransaction, type SimGateway, simGateway } from "./gateway.ts";
import { World } from "./world.ts";

export const start: Instant = instant(Date.UTC(2026, 2, 29, 0, 59, 30));

/** What users call, each in a transaction of theirs. */
export interface Users {
  readonly workflows: WorkflowStatements;
  readonly instances: InstanceStatements;
  readonly backfills: DurableBackfills;
}

export class Simulation {
  readonly world: World;
  readonly database: MemoryDatabase;
  readonly checkers: Checkers;
  readonly gateways: SimGateway[] = [];
  readonly workflows: WorkflowId[] = [];
  readonly #users: Users;
  readonly #deadPids = new Set<number>();

  constructor(seed: number) {
    this.world = new World(seed, start);
    this.database = new MemoryDatabase(() => this.world.now());
    this.database.tables = emptyTables();
    this.checkers = new Checkers(this.database);
    const store = remoteStore(this.world, this.database, "users");
    const random = this.world.randomSource();
    this.#users = {
      workflows: new WorkflowStatements({ store, random, claimOf }),
      instances: new InstanceStatements({ store, random, claimOf }),
      backfills: new DurableBackfills(store, random),
    };
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

  /** The database server dies and comes back after `length` milliseconds. */
  restartServer(length: number, tailIsLost: boolean): void {
    this.database.restart(tailIsLost);
    this.world.outage(length);
  }

  /** Statements of users that were carried out. */
  done = 0;

  /** A statement of a user: its own transaction, repeated by nobody. */
  act(body: (users: Users, tx: Tx) => Promise<unknown>): void {
    const done = remoteTransaction(this.world, this.database, "users", (tx) =>
      body(this.#users, tx),
    );
    done.then(
      () => {
        this.done += 1;
        for (const { scheduler, owner } of this.gateways) {
          if (this.world.chance(0.7))
            this.world.after(owner, 0, "notified", () => scheduler.wake());
        }
      },
      () => undefined,
    );
  }

  create(definition: WorkflowDefinition, enabled = true): void {
    this.act(async ({ workflows }, tx) => {
      const id = await workflows.create(tx, definition);
      if (enabled) await workflows.enable(tx, id);
      this.workflows.push(id);
    });
  }

  /**
   * No slot comes any more, and nothing rests of its own will; what is open can then be worked off,
   * however slow the tables are.
   */
  noMoreSlots(): void {
    const { workflows, backfills } = this.database.tables;
    for (const [id, workflow] of workflows) workflows.set(id, { ...workflow, nextDueAt: null });
    for (const [id, backfill] of backfills) {
      const row = { ...backfill.row, throttled: false };
      backfills.set(id, { ...backfill, row, paused: false, notBefore: null });
    }
  }

  /** Steps until `virtual` milliseconds have passed, checking after each. */
  async run(virtual: number, between: () => void = () => undefined): Promise<void> {
    const end = this.world.elapsed() + virtual;
    for (let step = 0; this.world.elapsed() < end; step++) {
      if (step > 60_000) throw new Error("the world does not get on");
      if (!(await this.world.step())) return;
      this.checkers.step();
      between();
    }
  }
}
