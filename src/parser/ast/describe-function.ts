// DESCRIBE FUNCTION [EXTENDED] ….

import type { QualifiedName } from "./name.ts";

export interface DescribeFunction {
  readonly kind: "describe-function";
  readonly extended: boolean;
  readonly name: QualifiedName;
}
