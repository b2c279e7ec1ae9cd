// SHOW MATERIALIZED TABLES [FROM | IN [catalog.]database] [[NOT] LIKE | ILIKE …].

import type { QualifiedName } from "./name.ts";
import type { LikeFilter } from "./like.ts";

export interface ShowMaterializedTables {
  readonly kind: "show-materialized-tables";
  readonly database: QualifiedName | null;
  readonly filter: LikeFilter | null;
}
