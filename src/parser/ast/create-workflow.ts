// CREATE [OR ALTER] WORKFLOW [IF NOT EXISTS] … TASKS (…).

import type { QualifiedName } from "./name.ts";
import type { OptionPair } from "./option.ts";
import type { BoundClause, PlacedText, ScheduleClause, TaskClause } from "./workflow-clause.ts";

export interface CreateWorkflow {
  readonly kind: "create-workflow";
  readonly name: QualifiedName;
  readonly orAlter: boolean;
  readonly ifNotExists: boolean;
  readonly comment: string | null;
  /** Null: none was written, which means MANUAL. */
  readonly schedule: ScheduleClause | null;
  readonly timeZone: PlacedText | null;
  readonly startAt: BoundClause | null;
  readonly endAt: BoundClause | null;
  readonly variables: readonly OptionPair[];
  readonly options: readonly OptionPair[];
  /** Never empty. */
  readonly tasks: readonly TaskClause[];
}
