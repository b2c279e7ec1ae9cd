// ALTER CATALOG: parsed whole, then refused.

import type { QualifiedName } from "./name.ts";
import type { CatalogChange } from "./catalog-change.ts";

export interface AlterCatalog {
  readonly kind: "alter-catalog";
  readonly name: QualifiedName;
  readonly change: CatalogChange;
}
