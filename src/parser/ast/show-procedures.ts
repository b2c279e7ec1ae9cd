// SHOW PROCEDURES [FROM | IN [catalog.]database] [[NOT] LIKE | ILIKE …].

import type { QualifiedName } from "./name.ts";
import type { LikeFilter } from "./like.ts";

export interface ShowProcedures {
  readonly kind: "show-procedures";
  readonly database: QualifiedName | null;
  readonly filter: LikeFilter | null;
}
