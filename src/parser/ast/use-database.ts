// USE [catalog.]database: the written name first, then the folded one.

import type { QualifiedName } from "./name.ts";

export interface UseDatabase {
  readonly kind: "use-database";
  readonly name: QualifiedName;
}
