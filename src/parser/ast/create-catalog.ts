// CREATE CATALOG: parsed whole, then refused.

import type { QualifiedName } from "./name.ts";
import type { OptionPair } from "./option.ts";

export interface CreateCatalog {
  readonly kind: "create-catalog";
  readonly name: QualifiedName;
  readonly ifNotExists: boolean;
  readonly comment: string | null;
  readonly options: readonly OptionPair[];
}
