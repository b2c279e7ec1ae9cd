// ALTER MATERIALIZED TABLE … RENAME TO ….

import type { QualifiedName } from "./name.ts";

export interface AlterMaterializedTableRename {
  readonly kind: "alter-materialized-table-rename";
  readonly name: QualifiedName;
  readonly newName: QualifiedName;
}
