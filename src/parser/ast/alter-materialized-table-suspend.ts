// ALTER MATERIALIZED TABLE … SUSPEND [WITH (…)].

import type { QualifiedName } from "./name.ts";
import type { OptionPair } from "./option.ts";

export interface AlterMaterializedTableSuspend {
  readonly kind: "alter-materialized-table-suspend";
  readonly name: QualifiedName;
  readonly options: readonly OptionPair[];
}
