// ALTER WORKFLOW INSTANCE '<id>' ….

import type { Identifier } from "./name.ts";

export interface AlterWorkflowInstance {
  readonly kind: "alter-workflow-instance";
  readonly instance: string;
  readonly change: InstanceChange;
}

export type InstanceChange =
  | { readonly kind: "cancel" }
  | { readonly kind: "rerun" }
  | { readonly kind: "rerun-failed" }
  | { readonly kind: "rerun-task"; readonly task: Identifier; readonly downstream: boolean }
  | { readonly kind: "mark-successful"; readonly task: Identifier }
  | { readonly kind: "skip"; readonly task: Identifier };
