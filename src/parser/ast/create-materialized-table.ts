// CREATE [OR ALTER] MATERIALIZED TABLE … AS query: the declaration everything else serves.

import type { Identifier, QualifiedName } from "./name.ts";
import type { Distribution, SchemaItem } from "./schema-item.ts";
import type { OptionPair } from "./option.ts";
import type { IntervalLiteral, StartModeClause } from "./literal.ts";
import type { SourceText } from "./source-text.ts";

export interface CreateMaterializedTable {
  readonly kind: "create-materialized-table";
  readonly name: QualifiedName;
  /** CREATE OR ALTER; never together with ifNotExists. */
  readonly orAlter: boolean;
  readonly ifNotExists: boolean;
  /** Null if there is no parenthesised list. */
  readonly schema: readonly SchemaItem[] | null;
  readonly comment: string | null;
  readonly distribution: Distribution | null;
  /** Empty if not partitioned. */
  readonly partitionKeys: readonly Identifier[];
  readonly options: readonly OptionPair[];
  readonly startMode: StartModeClause | null;
  readonly freshness: IntervalLiteral | null;
  /** Null if the clause was omitted: the mode is inferred. */
  readonly refreshMode: "FULL" | "CONTINUOUS" | null;
  readonly query: SourceText;
}
