// SHOW REFRESHES [FROM table] [WITH STATUS …] [LIMIT n]: every run is a row.

import type { QualifiedName } from "./name.ts";

export interface ShowRefreshes {
  readonly kind: "show-refreshes";
  readonly table: QualifiedName | null;
  readonly status: string | null;
  readonly limit: number | null;
}
