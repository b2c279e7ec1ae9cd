// ALTER MATERIALIZED TABLE … [START_MODE = …] [WITH ('rebuild' = 'true')] AS query.

import type { QualifiedName } from "./name.ts";
import type { StartModeClause } from "./literal.ts";
import type { OptionPair } from "./option.ts";
import type { SourceText } from "./source-text.ts";

export interface AlterMaterializedTableAs {
  readonly kind: "alter-materialized-table-as";
  readonly name: QualifiedName;
  readonly startMode: StartModeClause | null;
  /** Statement options, never stored. */
  readonly options: readonly OptionPair[];
  readonly query: SourceText;
}
