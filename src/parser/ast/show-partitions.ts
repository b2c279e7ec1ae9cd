// SHOW PARTITIONS table [PARTITION (…)].

import type { QualifiedName } from "./name.ts";
import type { PartitionPair } from "./literal.ts";

export interface ShowPartitions {
  readonly kind: "show-partitions";
  readonly table: QualifiedName;
  readonly partition: readonly PartitionPair[] | null;
}
