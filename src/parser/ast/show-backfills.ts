// SHOW BACKFILLS [FROM table].

import type { QualifiedName } from "./name.ts";

export interface ShowBackfills {
  readonly kind: "show-backfills";
  readonly table: QualifiedName | null;
}
