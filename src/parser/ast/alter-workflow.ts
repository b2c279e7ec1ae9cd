// ALTER WORKFLOW … with one change.

import type { Identifier, QualifiedName } from "./name.ts";
import type { OptionKey, OptionPair } from "./option.ts";
import type { ScheduleClause, TaskClause } from "./workflow-clause.ts";

export interface AlterWorkflow {
  readonly kind: "alter-workflow";
  readonly name: QualifiedName;
  readonly change: AlterWorkflowChange;
}

export type AlterWorkflowChange =
  | { readonly kind: "enable" }
  | { readonly kind: "disable" }
  | { readonly kind: "rename"; readonly newName: Identifier }
  | { readonly kind: "comment"; readonly comment: string }
  | { readonly kind: "set-schedule"; readonly schedule: ScheduleClause }
  | { readonly kind: "set-options"; readonly options: readonly OptionPair[] }
  | { readonly kind: "reset-options"; readonly keys: readonly OptionKey[] }
  | { readonly kind: "set-variables"; readonly variables: readonly OptionPair[] }
  | { readonly kind: "add-task"; readonly task: TaskClause }
  | { readonly kind: "modify-task"; readonly task: TaskClause }
  | { readonly kind: "drop-task"; readonly task: Identifier }
  | { readonly kind: "add-downstream"; readonly task: Identifier };
