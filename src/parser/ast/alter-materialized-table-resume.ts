// ALTER MATERIALIZED TABLE … RESUME [WITH (…)].

import type { QualifiedName } from "./name.ts";
import type { OptionPair } from "./option.ts";

export interface AlterMaterializedTableResume {
  readonly kind: "alter-materialized-table-resume";
  readonly name: QualifiedName;
  readonly options: readonly OptionPair[];
}
