// DESCRIBE | DESC [EXTENDED] table, view or materialized table.

import type { QualifiedName } from "./name.ts";

export interface DescribeTable {
  readonly kind: "describe-table";
  readonly extended: boolean;
  readonly name: QualifiedName;
}
