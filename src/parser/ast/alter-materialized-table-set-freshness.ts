// ALTER MATERIALIZED TABLE … SET FRESHNESS = INTERVAL ….

import type { QualifiedName } from "./name.ts";
import type { IntervalLiteral } from "./literal.ts";

export interface AlterMaterializedTableSetFreshness {
  readonly kind: "alter-materialized-table-set-freshness";
  readonly name: QualifiedName;
  readonly freshness: IntervalLiteral;
}
