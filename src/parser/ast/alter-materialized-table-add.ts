// ALTER MATERIALIZED TABLE … ADD column, constraint or watermark.

import type { QualifiedName } from "./name.ts";
import type { AlterItem } from "./schema-item.ts";

export interface AlterMaterializedTableAdd {
  readonly kind: "alter-materialized-table-add";
  readonly name: QualifiedName;
  readonly items: readonly AlterItem[];
}
