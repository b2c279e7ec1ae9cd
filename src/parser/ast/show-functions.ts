// SHOW [USER] FUNCTIONS [FROM | IN [catalog.]database] [[NOT] LIKE | ILIKE …].

import type { QualifiedName } from "./name.ts";
import type { LikeFilter } from "./like.ts";

export interface ShowFunctions {
  readonly kind: "show-functions";
  /** Only those that users made. */
  readonly user: boolean;
  readonly database: QualifiedName | null;
  readonly filter: LikeFilter | null;
}
