// BACKFILL WORKFLOW … FROM … TO … [VARIABLES (…)] [WITH (…)]: the half-open range [from, to).

import type { TimestampLiteral } from "./literal.ts";
import type { QualifiedName } from "./name.ts";
import type { OptionPair } from "./option.ts";

export interface BackfillWorkflow {
  readonly kind: "backfill-workflow";
  readonly name: QualifiedName;
  readonly from: TimestampLiteral;
  readonly to: TimestampLiteral;
  readonly variables: readonly OptionPair[];
  readonly options: readonly OptionPair[];
}
