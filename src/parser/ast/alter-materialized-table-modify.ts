// ALTER MATERIALIZED TABLE … MODIFY column, constraint or watermark.

import type { QualifiedName } from "./name.ts";
import type { AlterItem } from "./schema-item.ts";

export interface AlterMaterializedTableModify {
  readonly kind: "alter-materialized-table-modify";
  readonly name: QualifiedName;
  readonly items: readonly AlterItem[];
}
