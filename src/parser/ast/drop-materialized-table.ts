// DROP MATERIALIZED TABLE [IF EXISTS] … [RESTRICT | CASCADE].

import type { QualifiedName } from "./name.ts";

export interface DropMaterializedTable {
  readonly kind: "drop-materialized-table";
  readonly name: QualifiedName;
  readonly ifExists: boolean;
  /** Null if neither word was written: RESTRICT. */
  readonly behaviour: "RESTRICT" | "CASCADE" | null;
}
