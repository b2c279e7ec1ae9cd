// What users do to runs of workflows. Each function is one transaction; the loop of the scheduler
// carries on from the rows it leaves. Throws WF-INSTANCE-UNKNOWN, WF-INSTANCE-ENDED,
// WF-INSTANCE-RUNNING, WF-TASK-UNKNOWN, WF-TASK-RUNNING.

import type { InstanceId } from "../common/ids.ts";

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
