// SHOW CATALOGS [[NOT] LIKE | ILIKE …].

import type { LikeFilter } from "./like.ts";

export interface ShowCatalogs {
  readonly kind: "show-catalogs";
  readonly filter: LikeFilter | null;
}
