// DESCRIBE WORKFLOW [EXTENDED] ….

import type { QualifiedName } from "./name.ts";

export interface DescribeWorkflow {
  readonly kind: "describe-workflow";
  readonly extended: boolean;
  readonly name: QualifiedName;
}
