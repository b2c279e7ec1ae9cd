// The column list of CREATE MATERIALIZED TABLE → declared columns and key. What has no meaning on
// PostgreSQL (computed and metadata columns, watermarks, fields of rows) is refused with one
// sentence.

import { GatewayError } from "../../common/gateway-error.ts";
import type {
  ColumnConstraint,
  Enforcement,
  PhysicalColumn,
  SchemaItem,
  TableConstraint,
} from "../../parser/ast/schema-item.ts";
import type { DeclaredColumn, DeclaredColumns, DeclaredKey } from "../../refresh/table-requests.ts";
import { notSupported } from "./unsupported.ts";

export interface DeclaredSchema {
  readonly columns: DeclaredColumns;
  readonly primaryKey: DeclaredKey | null;
}

/** Reads the list; null means there was none. */
export function declaredSchema(items: readonly SchemaItem[] | null): DeclaredSchema {
  const names: string[] = [];
  const columns: DeclaredColumn[] = [];
  const keys: DeclaredKey[] = [];
  for (const item of items ?? []) {
    switch (item.kind) {
      case "named-column":
        names.push(singleName(item.path));
        break;
      case "physical-column":
        columns.push(declaredColumn(item));
        if (item.constraint !== null) keys.push(columnKey(item, item.constraint));
        break;
      case "table-constraint":
        keys.push(tableKey(item));
        break;
      case "computed-column":
      case "metadata-column":
      case "watermark":
        throw refusedItem(item.kind);
    }
  }
  if (keys.length > 1) {
    throw new GatewayError("MT-SCHEMA-DUPLICATE", "the table has two primary keys");
  }
  return { columns: listOf(names, columns), primaryKey: keys[0] ?? null };
}

/** GW-NOT-SUPPORTED for a kind of column or clause that only Flink's engine knows. */
export function refusedItem(kind: "computed-column" | "metadata-column" | "watermark") {
  switch (kind) {
    case "computed-column":
      return notSupported(
        "a computed column",
        "A materialized table stores what its query yields.",
        "Put the expression into the query.",
      );
    case "metadata-column":
      return notSupported(
        "a METADATA column",
        "Tables of PostgreSQL have no connector that could supply metadata.",
        "Put the expression into the query.",
      );
    case "watermark":
      return notSupported("WATERMARK", "PostgreSQL has no event time of its own.", null);
  }
}

/** A constraint must be PRIMARY KEY … NOT ENFORCED; throws what Flink's parser says otherwise. */
export function requireKey(constraint: {
  readonly type: "PRIMARY KEY" | "UNIQUE";
  readonly enforcement: Enforcement | null;
  readonly position: number;
}): void {
  const flinkClass = "org.apache.flink.sql.parser.error.SqlValidateException";
  if (constraint.type === "UNIQUE") {
    throw new GatewayError("MT-SCHEMA-UNIQUE", "UNIQUE constraints are not supported", {
      position: constraint.position,
      flink: { class: flinkClass, text: "UNIQUE constraint is not supported yet" },
    });
  }
  if (constraint.enforcement === "NOT ENFORCED") return;
  throw new GatewayError("MT-SCHEMA-ENFORCED", "the primary key must be NOT ENFORCED", {
    detail: "Rows come from the query; a unique index guards the key all the same.",
    position: constraint.position,
    flink: {
      class: flinkClass,
      text:
        "Flink doesn't support ENFORCED mode for PRIMARY KEY constraint. ENFORCED/NOT ENFORCED " +
        "controls if the constraint checks are performed on the incoming/outgoing data. " +
        "Flink does not own the data therefore the only supported mode is the NOT ENFORCED mode",
    },
  });
}

function listOf(names: readonly string[], columns: readonly DeclaredColumn[]): DeclaredColumns {
  if (columns.length > 0) return { kind: "typed", columns };
  if (names.length > 0) return { kind: "names", names };
  return { kind: "query" };
}

export function declaredColumn(item: PhysicalColumn): DeclaredColumn {
  return {
    name: singleName(item.path),
    type: item.type.postgres,
    notNull: item.type.nullable === false,
    comment: item.comment,
  };
}

export function columnKey(item: PhysicalColumn, constraint: ColumnConstraint): DeclaredKey {
  requireKey(constraint);
  return { name: constraint.name, columns: [singleName(item.path)] };
}

export function tableKey(item: TableConstraint): DeclaredKey {
  requireKey(item);
  return { name: item.name, columns: item.columns.map(({ name }) => name) };
}

function singleName(path: readonly string[]): string {
  if (path.length === 1) return path[0] ?? "";
  throw notSupported(
    `the nested column ${path.join(".")}`,
    "A column list names the columns of the table, not fields of rows.",
    null,
  );
}
