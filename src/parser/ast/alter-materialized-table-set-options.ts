// ALTER MATERIALIZED TABLE … SET ('k' = 'v', …).

import type { QualifiedName } from "./name.ts";
import type { OptionPair } from "./option.ts";

export interface AlterMaterializedTableSetOptions {
  readonly kind: "alter-materialized-table-set-options";
  readonly name: QualifiedName;
  /** May be empty: the executor refuses that. */
  readonly options: readonly OptionPair[];
}
