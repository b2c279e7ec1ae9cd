// USE CATALOG …: the written name first, then the folded one.

import type { QualifiedName } from "./name.ts";

export interface UseCatalog {
  readonly kind: "use-catalog";
  readonly name: QualifiedName;
}
