// DESCRIBE CATALOG [EXTENDED] ….

import type { QualifiedName } from "./name.ts";

export interface DescribeCatalog {
  readonly kind: "describe-catalog";
  readonly extended: boolean;
  readonly name: QualifiedName;
}
