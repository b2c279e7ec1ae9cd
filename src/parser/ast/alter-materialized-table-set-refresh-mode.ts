// ALTER MATERIALIZED TABLE … SET REFRESH_MODE = FULL | CONTINUOUS.

import type { QualifiedName } from "./name.ts";

export interface AlterMaterializedTableSetRefreshMode {
  readonly kind: "alter-materialized-table-set-refresh-mode";
  readonly name: QualifiedName;
  readonly refreshMode: "FULL" | "CONTINUOUS";
}
