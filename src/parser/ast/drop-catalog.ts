// DROP CATALOG: parsed whole, then refused.

import type { QualifiedName } from "./name.ts";

export interface DropCatalog {
  readonly kind: "drop-catalog";
  readonly name: QualifiedName;
  readonly ifExists: boolean;
}
