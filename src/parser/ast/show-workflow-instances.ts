// SHOW WORKFLOW INSTANCES [FROM workflow] [WITH STATUS '…'] [LIMIT n].

import type { QualifiedName } from "./name.ts";

export interface ShowWorkflowInstances {
  readonly kind: "show-workflow-instances";
  readonly workflow: QualifiedName | null;
  readonly status: string | null;
  readonly limit: number | null;
}
