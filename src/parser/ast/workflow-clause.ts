// Clauses that the statements about workflows share. What they mean is decided by the service of
// workflows; here is what was written, and where.

import type { IntervalUnit, PartitionPair, TimestampLiteral } from "./literal.ts";
import type { Identifier, QualifiedName } from "./name.ts";
import type { OptionPair } from "./option.ts";

/** A string that something may be wrong with; `position` is that of its opening quote. */
export interface PlacedText {
  readonly text: string;
  readonly position: number;
}

/** SCHEDULE = …; `position` is that of what stands behind CRON or EVERY, or of MANUAL. */
export type ScheduleClause =
  | { readonly kind: "cron"; readonly expression: string; readonly position: number }
  | {
      readonly kind: "every";
      readonly amount: string;
      readonly unit: IntervalUnit;
      readonly position: number;
    }
  | { readonly kind: "manual"; readonly position: number };

/** START AT … or END AT …. */
export interface BoundClause {
  readonly at: TimestampLiteral;
  /** Of the word START or END. */
  readonly position: number;
}

export type TaskAction =
  /** `position` is that of the text's opening quote. */
  | { readonly kind: "execute"; readonly text: string; readonly position: number }
  | {
      readonly kind: "refresh";
      readonly table: QualifiedName;
      /** Null: the data interval decides. Never empty. */
      readonly partition: readonly PartitionPair[] | null;
      /** Of the word REFRESH. */
      readonly position: number;
    };

/** One task: `name action [COMMENT] [AFTER (…)] [VARIABLES (…)] [WITH (…)]`. */
export interface TaskClause {
  readonly name: string;
  readonly action: TaskAction;
  readonly comment: string | null;
  /** Names of tasks of the same workflow. */
  readonly after: readonly Identifier[];
  readonly variables: readonly OptionPair[];
  readonly options: readonly OptionPair[];
  /** Of the name. */
  readonly position: number;
}
