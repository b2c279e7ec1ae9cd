// Takes the commands that were committed, one after the other, in every gateway. A command and what
// it leaves behind (an instance, a backfill, a changed table) are one transaction: killed at any
// point, the command either waits still or is done. Life of a command:
//
//   PENDING      committed by whoever gave it. Taken in the order of giving for each target; equal
//                ones that wait are carried out once.
//   SUCCESSFUL   its effect was committed with it. A refresh whose equal waits in the queue already
//                becomes part of that run.
//   FAILED       refused, with code and words; an error of the moment (lost connection, lock not
//                had) leaves it PENDING and is tried again, ten times at most.
//
// Woken by the NOTIFY of the functions (the scheduler's channel); also looks by itself after a
// `poll`.

import type { Clock } from "../common/clock.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { asId, type InstanceId } from "../common/ids.ts";
import { Lane } from "../common/lane.ts";
import { type Database, hasSqlState, type Tx } from "../common/pg.ts";
import { type Duration, milliseconds } from "../common/time.ts";
import type { Scheduler } from "../scheduler/scheduler.ts";
import { carryOut, type CommandServices } from "./carry-out.ts";
import type { TakenCommand } from "./command.ts";
import { commandScheduler } from "./command-scheduler.ts";
import { joinedDatabase } from "./joined-database.ts";
import {
  forgetOld,
  postpone,
  recordEffect,
  recordRefusal,
  takeNext,
  waitingRun,
} from "./pg-commands.ts";

export interface CommandTakerPorts {
  readonly database: Database;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  /** Services that write through this database and this scheduler. */
  readonly servicesOn: (database: Database, scheduler: Scheduler) => CommandServices;
  readonly onError: (error: unknown, where: string) => void;
}

const poll = milliseconds(1000);
const forgetEvery = milliseconds(600_000);
const mostAttempts = 10;
const longestDelay = 60_000;

/** Serialization, resources, connection, lock not had, server going down. */
const passing = ["40", "53", "08", "57P01", "57P02", "57P03", "57P05", "55P03"];

export class CommandTaker {
  readonly #ports: CommandTakerPorts;
  readonly #lane: Lane;
  /** The command of the transaction that is open. */
  #current: TakenCommand | null = null;
  /** Why it failed: when the connection is gone, what follows fails too, with other words. */
  #cause: unknown = null;
  #forgotAt: number;

  constructor(ports: CommandTakerPorts) {
    this.#ports = ports;
    this.#forgotAt = ports.clock.monotonic();
    this.#lane = new Lane({
      clock: ports.clock,
      name: "commands",
      work: () => this.#takeAll(),
      onError: ports.onError,
    });
  }

  start(): void {
    this.#lane.start();
  }

  /** Looks soon. */
  wake(): void {
    this.#lane.note();
  }

  /** Resolves when the command that is being taken is done. */
  stop(): Promise<void> {
    return this.#lane.stop();
  }

  /** One at a time, so that a stop waits for one only; wants to be called again after each. */
  async #takeAll(): Promise<Duration> {
    if (await this.#takeOne()) return milliseconds(0);
    const now = this.#ports.clock.monotonic();
    if (now - this.#forgotAt < forgetEvery) return poll;
    const forgotten = await forgetOld(this.#ports.database);
    if (forgotten === 0) this.#forgotAt = now;
    return poll;
  }

  async #takeOne(): Promise<boolean> {
    const { database } = this.#ports;
    this.#current = null;
    this.#cause = null;
    try {
      return await database.transaction(async (tx) => {
        this.#current = await takeNext(tx);
        if (this.#current === null) return false;
        await this.#take(tx, this.#current);
        return true;
      });
    } catch (error) {
      // The transaction as a whole was lost. Without a note a command that ends its connection
      // would be taken again and again, and keep those behind it.
      const current = this.#current;
      if (current !== null) {
        const cause = this.#cause ?? error;
        await database.transaction((tx) => this.#refuse(tx, current, cause, true));
      }
      throw error;
    }
  }

  async #take(tx: Tx, taken: TakenCommand): Promise<void> {
    const run = await waitingRun(tx, taken);
    if (run !== null) {
      await recordEffect(tx, taken, run, run.instanceId);
      return;
    }
    const { scheduler, servicesOn } = this.#ports;
    try {
      const effect = await tx.savepoint(() => {
        const named = commandScheduler(scheduler, asId<InstanceId>(taken.id));
        const services = servicesOn(joinedDatabase(tx), named);
        return carryOut(tx, services, taken).catch((error: unknown) => {
          this.#cause = error;
          throw error;
        });
      });
      await recordEffect(tx, taken, effect, null);
    } catch (error) {
      await this.#refuse(tx, taken, error);
    }
  }

  /** `lost`: the transaction that took it is gone, so it may be done or not: the row knows. */
  async #refuse(tx: Tx, taken: TakenCommand, error: unknown, lost = false): Promise<void> {
    if ((lost || isPassing(error)) && taken.attempts + 1 < mostAttempts) {
      await postpone(tx, taken, delayOf(taken));
      return;
    }
    const known = error instanceof GatewayError;
    const server = hasSqlState(error, "");
    if (!known && !server) this.#ports.onError(error, `command ${taken.id}`);
    const code = known ? error.code : server ? "GW-POSTGRES" : "GW-INTERNAL";
    await recordRefusal(tx, taken, { code, message: wordsOf(error) });
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof GatewayError) {
    return passing.some((state) => error.sqlstate.startsWith(state));
  }
  return hasSqlState(error, ...passing);
}

/** 1 s, 2 s, 4 s, … a minute. */
function delayOf({ attempts }: TakenCommand): Duration {
  return milliseconds(Math.min(1000 * 2 ** attempts, longestDelay));
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { detail, hint } = error as { readonly detail?: unknown; readonly hint?: unknown };
  const parts = [error.message];
  if (typeof detail === "string") parts.push(`DETAIL: ${detail}`);
  if (typeof hint === "string") parts.push(`HINT: ${hint}`);
  return parts.join("\n");
}
