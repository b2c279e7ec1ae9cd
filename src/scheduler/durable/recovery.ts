// Who is alive, and what becomes of the work of those who are not. A gateway lives as long as its
// row's lease, by the store's clock; it renews it three times per lease. If it cannot, or is told
// that the lease is over, it is fenced: it stops its workers, forgets them, and begins again under
// a new id. Whoever finds RUNNING tasks without a lease behind them ends their backends first and
// takes the tasks over then, so that what still runs in the server can neither commit nor hold
// locks.

import type { GatewayId } from "../../common/ids.ts";
import { asId } from "../../common/ids.ts";
import { type Duration, milliseconds } from "../../common/time.ts";
import type { SchedulerOptions, SchedulerPorts } from "./scheduler-options.ts";
import type { LostTask } from "./store.ts";

const tasksAtOnce = 100;

export class Membership {
  readonly #ports: SchedulerPorts;
  readonly #options: SchedulerOptions;
  readonly #onFenced: () => void;
  #gatewayId: GatewayId | null = null;
  /** By our monotonic clock: from then on others may have taken over, whatever we could ask. */
  #safeUntil = Number.NEGATIVE_INFINITY;

  constructor(ports: SchedulerPorts, options: SchedulerOptions, onFenced: () => void) {
    this.#ports = ports;
    this.#options = options;
    this.#onFenced = onFenced;
  }

  /** Null while there is no lease; then nothing may be claimed. */
  get gatewayId(): GatewayId | null {
    return this.#gatewayId;
  }

  /**
   * Ends the leases of gateways whose process is gone from this host, so that their work need not
   * wait.
   */
  async expireDeadNeighbours(): Promise<void> {
    const neighbours = await this.#ports.store.gatewaysOn(this.#options.host);
    const dead = neighbours.filter(({ pid }) => this.#ports.isDeadProcess(pid));
    if (dead.length === 0) return;
    await this.#ports.store.expire(dead.map((gateway) => gateway.gatewayId));
  }

  /** Registers or renews; gives when to come back. */
  async beat(): Promise<Duration> {
    const { clock, store, random } = this.#ports;
    const { lease, host, pid, version } = this.#options;
    const asked = clock.monotonic();
    if (this.#gatewayId === null) {
      const gatewayId = asId<GatewayId>(random.hex32());
      await store.register({ gatewayId, host, pid, version }, lease);
      this.#gatewayId = gatewayId;
      this.#safeUntil = asked + lease;
    } else {
      await this.#renew(this.#gatewayId, asked);
    }
    return milliseconds(lease / 3);
  }

  async #renew(gatewayId: GatewayId, asked: number): Promise<void> {
    const { clock, store } = this.#ports;
    let alive: boolean;
    try {
      alive = await store.heartbeat(gatewayId, this.#options.lease);
    } catch (error) {
      if (clock.monotonic() >= this.#safeUntil) this.#fence();
      throw error;
    }
    if (alive) this.#safeUntil = asked + this.#options.lease;
    else this.#fence();
  }

  #fence(): void {
    this.#gatewayId = null;
    this.#onFenced();
  }

  /** Gives up the lease, so that others need not wait for what is left. */
  async leave(): Promise<void> {
    if (this.#gatewayId === null) return;
    const gatewayId = this.#gatewayId;
    this.#gatewayId = null;
    await this.#ports.store.expire([gatewayId]);
    await this.#ports.store.forgetGateways();
  }

  /** Takes over what dead gateways held; gives how many tasks. */
  async takeOverLost(): Promise<number> {
    const { store } = this.#ports;
    const lost = await store.lostTasks(tasksAtOnce);
    const reaped: LostTask[] = [];
    for (const task of lost) if (await this.#reap(task)) reaped.push(task);
    const taken = reaped.length === 0 ? 0 : await store.takeOver(reaped);
    if (lost.length === 0) await store.forgetGateways();
    return taken;
  }

  async #reap({ taskInstanceId, backend }: LostTask): Promise<boolean> {
    if (backend === null) return true;
    try {
      await this.#ports.reap(backend.pid, backend.startedAt);
      return true;
    } catch (error) {
      this.#ports.onError(error, `reap of task ${taskInstanceId}`);
      return false;
    }
  }
}
