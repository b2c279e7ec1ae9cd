// What a user wants of a workflow, before it is checked: the same whether it was written as a
// statement or sent as JSON. Texts are as written; resolve-workflow.ts makes a definition of it.

import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import type { PartitionSpec } from "../catalog/partition.ts";

/** Options and variables as written, in the order written. */
export type Texts = Readonly<Record<string, string>>;

export type ScheduleRequest =
  | { readonly kind: "manual" }
  | { readonly kind: "cron"; readonly expression: string }
  | {
      readonly kind: "every";
      readonly amount: string;
      /** Singular, upper case: SECOND, MINUTE, HOUR, DAY, WEEK. */
      readonly unit: string;
    };

export type ActionRequest =
  | { readonly kind: "execute"; readonly text: string }
  | {
      readonly kind: "refresh";
      readonly table: ObjectIdentifier;
      /** Values may hold variables; null: the data interval decides. */
      readonly partition: PartitionSpec | null;
    };

export interface TaskRequest {
  readonly name: string;
  readonly action: ActionRequest;
  readonly comment: string | null;
  /** Names of tasks of the same workflow. */
  readonly after: readonly string[];
  readonly variables: Texts;
  readonly options: Texts;
}

export interface WorkflowRequest {
  /** `database` is a PostgreSQL schema. */
  readonly identifier: ObjectIdentifier;
  readonly comment: string | null;
  readonly schedule: ScheduleRequest;
  readonly timeZone: string;
  /** `yyyy-MM-dd HH:mm:ss[.fff]` in the workflow's zone; null: no bound. */
  readonly startAt: string | null;
  readonly endAt: string | null;
  readonly variables: Texts;
  readonly options: Texts;
  readonly tasks: readonly TaskRequest[];
}

/**
 * Where parts of a request stand in the user's text, by path: `schedule`, `startAt`,
 * `variables/date`, `options/queue`, `tasks`, `tasks/2`, `tasks/2/after/0`, `tasks/2/action`,
 * `tasks/2/partition/ds`, `tasks/2/options/timeout`. Gives null where there is no text (JSON). An
 * error carries `offset` as its `position`; whoever shows it adds ` at line L, column C`, so the
 * message itself never says where.
 */
export type PositionOf = (path: string) => {
  /** Both from 1, in code points. */
  readonly line: number;
  readonly column: number;
  /** Zero-based code points from the start of the statement: `GatewayError.position`. */
  readonly offset: number;
} | null;

/** One edit of ALTER WORKFLOW. */
export type WorkflowChange =
  | { readonly kind: "rename"; readonly name: string }
  | { readonly kind: "comment"; readonly comment: string | null }
  | { readonly kind: "set-schedule"; readonly schedule: ScheduleRequest }
  | { readonly kind: "set-options"; readonly options: Texts }
  | { readonly kind: "reset-options"; readonly keys: readonly string[] }
  | { readonly kind: "set-variables"; readonly variables: Texts }
  | { readonly kind: "add-task"; readonly task: TaskRequest }
  | { readonly kind: "modify-task"; readonly task: TaskRequest }
  | { readonly kind: "drop-task"; readonly task: string }
  /** Tasks for the materialized tables that lineage finds below a REFRESH task. */
  | { readonly kind: "add-downstream"; readonly task: string };
