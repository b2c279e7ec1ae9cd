// ALTER MATERIALIZED TABLE … ADD | MODIFY | DROP DISTRIBUTION.

import type { QualifiedName } from "./name.ts";
import type { Distribution } from "./schema-item.ts";

export interface AlterMaterializedTableDistribution {
  readonly kind: "alter-materialized-table-distribution";
  readonly name: QualifiedName;
  readonly verb: "ADD" | "MODIFY" | "DROP";
  /** Null exactly for DROP. */
  readonly distribution: Distribution | null;
}
