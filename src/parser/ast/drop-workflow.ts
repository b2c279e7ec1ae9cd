// DROP WORKFLOW [IF EXISTS] ….

import type { QualifiedName } from "./name.ts";

export interface DropWorkflow {
  readonly kind: "drop-workflow";
  readonly name: QualifiedName;
  readonly ifExists: boolean;
}
