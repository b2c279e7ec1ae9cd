// SHOW CREATE TABLE | VIEW | [OR ALTER] MATERIALIZED TABLE | CATALOG | DATABASE ….

import type { QualifiedName } from "./name.ts";

export interface ShowCreate {
  readonly kind: "show-create";
  readonly object: "TABLE" | "VIEW" | "MATERIALIZED TABLE" | "CATALOG" | "DATABASE";
  readonly name: QualifiedName;
  /** SHOW CREATE OR ALTER MATERIALIZED TABLE. */
  readonly orAlter: boolean;
  /** `… EXPANDED`: print the canonical query instead of the original one. */
  readonly expanded: boolean;
}
