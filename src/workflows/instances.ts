// What users do to runs of workflows. Each function is one transaction; the loop of the scheduler
// carries on from the rows it leaves. Throws WF-INSTANCE-UNKNOWN, WF-INSTANCE-ENDED,
// WF-INSTANCE-RUNNING, WF-TASK-UNKNOWN, WF-TASK-RUNNING.

import { GatewayError } from "../common/gateway-error.ts";
import type { InstanceId } from "../common/ids.ts";
import type { Tx } from "../common/pg.ts";
import { checkName } from "./check-tasks.ts";
import { nowhere } from "./places.ts";
import { refuseUnstorable } from "./refuse-unstorable.ts";
import { checkOptions, queueOptions } from "./workflow-options.ts";
import type { Texts } from "./workflow-request.ts";
import type { WorkflowServices } from "./workflow-services.ts";

export type Rerun =
  | { readonly kind: "all" }
  /** What failed, what failed for that, and what was canceled. */
  | { readonly kind: "failed" }
  | { readonly kind: "task"; readonly task: string; readonly downstream: boolean };

export interface Instances {
  /** What has not started ends CANCELED, what runs is canceled. */
  cancel(id: InstanceId): Promise<void>;
  /** The same id, version, variables and time; refused while it runs. */
  rerun(id: InstanceId, what: Rerun): Promise<void>;
  /** MARK TASK t SUCCESSFUL: reopens what waited for it. */
  markSuccessful(id: InstanceId, task: string): Promise<void>;
  skip(id: InstanceId, task: string): Promise<void>;
}

export interface Queues {
  /** Throws WF-QUEUE-EXISTS, WF-OPTION-*; false if it existed and `ifNotExists` holds. */
  create(
    name: string,
    options: Readonly<Record<string, string>>,
    how: { readonly ifNotExists: boolean },
  ): Promise<boolean>;
  alter(name: string, options: Readonly<Record<string, string>>): Promise<void>;
  /** Throws WF-QUEUE-IN-USE; false if there was none and `ifExists` holds. */
  drop(name: string, how: { readonly ifExists: boolean }): Promise<boolean>;
}

type Services = Pick<WorkflowServices, "database" | "scheduler">;

/** Binds the functions to the services they work with. */
export function createInstances({ database, scheduler }: Services): Instances {
  const within = <T>(texts: readonly string[], body: (tx: Tx) => Promise<T>): Promise<T> => {
    refuseUnstorable(texts);
    return database.transaction(body);
  };
  return {
    async cancel(id) {
      if (await within([id], (tx) => scheduler.cancel(tx, id))) return;
      const state = await scheduler.find(id);
      if (state === null) {
        throw new GatewayError("WF-INSTANCE-UNKNOWN", `workflow instance ${id} does not exist`);
      }
      throw new GatewayError("WF-INSTANCE-ENDED", `workflow instance ${id} has ended already`, {
        detail: `It is ${state.status}.`,
      });
    },
    rerun: (id, what) => within([id], (tx) => scheduler.rerun(tx, id, what)),
    markSuccessful: (id, task) => within([id, task], (tx) => scheduler.markTask(tx, id, task)),
    skip: (id, task) => within([id, task], (tx) => scheduler.skipTask(tx, id, task)),
  };
}

/** Binds the functions to the services they work with. */
export function createQueues({ database, scheduler }: Services): Queues {
  return {
    async create(name, options, { ifNotExists }) {
      refuseUnstorable([name, options]);
      checkName("queue", name);
      checkQueueOptions(options);
      const made = await database.transaction((tx) =>
        scheduler.createQueue(tx, name, queueOptions(options)),
      );
      if (made || ifNotExists) return made;
      throw new GatewayError("WF-QUEUE-EXISTS", `queue "${name}" already exists`);
    },
    async alter(name, options) {
      refuseUnstorable([name, options]);
      checkQueueOptions(options);
      if (Object.keys(options).length === 0) {
        throw new GatewayError("WF-CHANGE-EMPTY", "SET names nothing");
      }
      await database.transaction((tx) => scheduler.alterQueue(tx, name, queueOptions(options)));
    },
    async drop(name, { ifExists }) {
      refuseUnstorable(name);
      const dropped = await database.transaction((tx) => scheduler.dropQueue(tx, name));
      if (dropped || ifExists) return dropped;
      throw new GatewayError("WF-QUEUE-UNKNOWN", `queue "${name}" does not exist`);
    },
  };
}

function checkQueueOptions(options: Texts): void {
  checkOptions("queue", options, { positionOf: nowhere, path: "options" });
}
