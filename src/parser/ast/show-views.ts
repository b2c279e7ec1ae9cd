// SHOW VIEWS [FROM | IN [catalog.]database] [[NOT] LIKE | ILIKE …].

import type { QualifiedName } from "./name.ts";
import type { LikeFilter } from "./like.ts";

export interface ShowViews {
  readonly kind: "show-views";
  readonly database: QualifiedName | null;
  readonly filter: LikeFilter | null;
}
