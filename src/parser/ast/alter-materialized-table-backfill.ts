// ALTER MATERIALIZED TABLE … BACKFILL FROM … TO … [WITH (…)]: the half-open range [from, to).

import type { QualifiedName } from "./name.ts";
import type { PartitionLiteral } from "./literal.ts";
import type { OptionPair } from "./option.ts";

export interface AlterMaterializedTableBackfill {
  readonly kind: "alter-materialized-table-backfill";
  readonly name: QualifiedName;
  readonly from: PartitionLiteral;
  readonly to: PartitionLiteral;
  readonly options: readonly OptionPair[];
}
