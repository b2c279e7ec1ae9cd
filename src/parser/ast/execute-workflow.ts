// EXECUTE WORKFLOW … [AT TIMESTAMP '…'] [VARIABLES (…)].

import type { TimestampLiteral } from "./literal.ts";
import type { QualifiedName } from "./name.ts";
import type { OptionPair } from "./option.ts";

export interface ExecuteWorkflow {
  readonly kind: "execute-workflow";
  readonly name: QualifiedName;
  /** Null: now. */
  readonly at: TimestampLiteral | null;
  readonly variables: readonly OptionPair[];
}
