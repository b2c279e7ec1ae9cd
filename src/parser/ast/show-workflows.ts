// SHOW WORKFLOWS [FROM | IN database] [[NOT] LIKE | ILIKE …].

import type { QualifiedName } from "./name.ts";
import type { LikeFilter } from "./like.ts";

export interface ShowWorkflows {
  readonly kind: "show-workflows";
  readonly database: QualifiedName | null;
  readonly filter: LikeFilter | null;
}
