// ALTER MATERIALIZED TABLE … RESET ('k', …).

import type { QualifiedName } from "./name.ts";
import type { OptionKey } from "./option.ts";

export interface AlterMaterializedTableResetOptions {
  readonly kind: "alter-materialized-table-reset-options";
  readonly name: QualifiedName;
  /** May be empty: the executor refuses that. */
  readonly keys: readonly OptionKey[];
}
