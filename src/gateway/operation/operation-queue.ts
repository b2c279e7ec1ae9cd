// The operations of one session: executed strictly one after another in the order they were
// submitted, kept until they are closed, and collected when they are many or old, because some
// clients never close theirs.

import type { Clock } from "../../common/clock.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import type { OperationHandle } from "../../common/ids.ts";
import { seconds } from "../../common/time.ts";
import { sqlGatewayException } from "../flink-exception.ts";
import { Operation, type OperationBody } from "./operation.ts";

/** Settled operations that are kept of a session. */
const keptOperations = 200;
/** How long a settled operation is kept that nobody asks for. */
const keptFor = seconds(600);

export class OperationQueue {
  readonly #clock: Clock;
  readonly #operations = new Map<OperationHandle, Operation>();
  #tail: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True while an operation waits or runs. */
  get isBusy(): boolean {
    for (const operation of this.#operations.values()) if (!operation.isSettled) return true;
    return false;
  }

  /** Operations that wait or run. */
  get busy(): readonly Operation[] {
    return [...this.#operations.values()].filter((operation) => !operation.isSettled);
  }

  /** Enters an operation; its body runs when those before it are settled. */
  submit(handle: OperationHandle, zone: string, body: OperationBody): Operation {
    const operation = new Operation(handle, zone, this.#clock);
    if (this.#closed) {
      throw new GatewayError("GW-SESSION-UNKNOWN", "the session is being closed");
    }
    this.#operations.set(handle, operation);
    this.#tail = this.#tail.then(() => operation.run(body));
    if (this.#operations.size > keptOperations) this.collect();
    return operation;
  }

  /** The operation. Throws GW-OPERATION-UNKNOWN. */
  find(handle: OperationHandle): Operation {
    const operation = this.#operations.get(handle);
    if (operation !== undefined) return operation;
    throw new GatewayError("GW-OPERATION-UNKNOWN", `operation ${handle} does not exist`, {
      flink: {
        class: sqlGatewayException,
        text: `Can not find the submitted operation in the OperationManager with the ${handle}.`,
      },
    });
  }

  /** Ends and forgets an operation; nothing happens if it is unknown. */
  async remove(handle: OperationHandle): Promise<void> {
    const operation = this.#operations.get(handle);
    this.#operations.delete(handle);
    await operation?.close();
  }

  /** Forgets settled operations beyond the newest ones, and those nobody asked for in a while. */
  collect(): void {
    const now = this.#clock.monotonic();
    const settled = [...this.#operations.values()].filter((operation) => operation.isSettled);
    const surplus = settled.length - keptOperations;
    settled.forEach((operation, index) => {
      if (index < surplus || now - operation.lastAccess > keptFor) {
        this.remove(operation.handle).catch(() => undefined);
      }
    });
  }

  /** Ends everything; nothing can be submitted any more. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#operations.keys()].map((handle) => this.remove(handle)));
  }
}
