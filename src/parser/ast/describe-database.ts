// DESCRIBE DATABASE [EXTENDED] ….

import type { QualifiedName } from "./name.ts";

export interface DescribeDatabase {
  readonly kind: "describe-database";
  readonly extended: boolean;
  readonly name: QualifiedName;
}
