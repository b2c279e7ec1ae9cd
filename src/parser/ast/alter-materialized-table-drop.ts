// ALTER MATERIALIZED TABLE … DROP of columns, the key, a constraint or the watermark.

import type { QualifiedName } from "./name.ts";

export interface AlterMaterializedTableDrop {
  readonly kind: "alter-materialized-table-drop";
  readonly name: QualifiedName;
  readonly target:
    | { readonly kind: "primary-key" | "watermark" }
    | { readonly kind: "constraint"; readonly name: string }
    | { readonly kind: "columns"; readonly paths: readonly (readonly string[])[] };
}
