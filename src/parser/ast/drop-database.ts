// DROP DATABASE [IF EXISTS] … [RESTRICT | CASCADE].

import type { QualifiedName } from "./name.ts";

export interface DropDatabase {
  readonly kind: "drop-database";
  readonly name: QualifiedName;
  readonly ifExists: boolean;
  /** Null if neither word was written: RESTRICT. */
  readonly behaviour: "RESTRICT" | "CASCADE" | null;
}
