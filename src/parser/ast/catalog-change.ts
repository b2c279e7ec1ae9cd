// What ALTER CATALOG and ALTER DATABASE change.

import type { OptionKey, OptionPair } from "./option.ts";

export type CatalogChange =
  | { readonly kind: "set"; readonly options: readonly OptionPair[] }
  | { readonly kind: "reset"; readonly keys: readonly OptionKey[] }
  | { readonly kind: "comment"; readonly comment: string }
  | { readonly kind: "rename"; readonly newName: string; readonly position: number };
