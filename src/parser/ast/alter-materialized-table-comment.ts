// ALTER MATERIALIZED TABLE … COMMENT '…'.

import type { QualifiedName } from "./name.ts";

export interface AlterMaterializedTableComment {
  readonly kind: "alter-materialized-table-comment";
  readonly name: QualifiedName;
  readonly comment: string;
}
