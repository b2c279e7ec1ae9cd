// ALTER DATABASE … SET ('k' = 'v', …) | RESET ('k', …) | COMMENT '…' | RENAME TO ….

import type { QualifiedName } from "./name.ts";
import type { CatalogChange } from "./catalog-change.ts";

export interface AlterDatabase {
  readonly kind: "alter-database";
  readonly name: QualifiedName;
  readonly change: CatalogChange;
}
