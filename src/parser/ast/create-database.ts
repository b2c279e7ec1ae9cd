// CREATE DATABASE (a schema of PostgreSQL).

import type { QualifiedName } from "./name.ts";
import type { OptionPair } from "./option.ts";

export interface CreateDatabase {
  readonly kind: "create-database";
  readonly name: QualifiedName;
  readonly ifNotExists: boolean;
  readonly comment: string | null;
  readonly options: readonly OptionPair[];
}
