// SHOW COLUMNS FROM | IN table [[NOT] LIKE | ILIKE …].

import type { QualifiedName } from "./name.ts";
import type { LikeFilter } from "./like.ts";

export interface ShowColumns {
  readonly kind: "show-columns";
  readonly table: QualifiedName;
  readonly filter: LikeFilter | null;
}
