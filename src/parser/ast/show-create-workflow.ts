// SHOW CREATE WORKFLOW … [VERSION n].

import type { QualifiedName } from "./name.ts";

export interface ShowCreateWorkflow {
  readonly kind: "show-create-workflow";
  readonly name: QualifiedName;
  /** Null: the current one. */
  readonly version: number | null;
}
