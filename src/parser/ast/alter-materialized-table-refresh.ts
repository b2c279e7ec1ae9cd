// ALTER MATERIALIZED TABLE … REFRESH [PARTITION (…)] [CASCADE] [WITH (…)].

import type { QualifiedName } from "./name.ts";
import type { PartitionPair } from "./literal.ts";
import type { OptionPair } from "./option.ts";

export interface AlterMaterializedTableRefresh {
  readonly kind: "alter-materialized-table-refresh";
  readonly name: QualifiedName;
  /** Null: the whole table. Never empty. */
  readonly partition: readonly PartitionPair[] | null;
  readonly cascade: boolean;
  readonly options: readonly OptionPair[];
}
