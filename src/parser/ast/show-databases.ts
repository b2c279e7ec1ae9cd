// SHOW DATABASES [FROM | IN catalog] [[NOT] LIKE | ILIKE …].

import type { QualifiedName } from "./name.ts";
import type { LikeFilter } from "./like.ts";

export interface ShowDatabases {
  readonly kind: "show-databases";
  readonly catalog: QualifiedName | null;
  readonly filter: LikeFilter | null;
}
