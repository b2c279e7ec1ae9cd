// Shapes of the types that are not built in, looked up in pg_type on a connection of our own: the
// connection of the query has an open portal. A type that was made in a transaction which is still
// open is not seen there and is text.

import type { Queryable } from "../../common/pg.ts";
import { sql } from "../../common/sql.ts";
import { type ColumnType, columnType, needsShape, type TypeShape } from "./logical-type.ts";

interface Row {
  readonly oid: number;
  readonly typtype: string;
  readonly typbasetype: number;
  readonly typtypmod: number;
  readonly typdelim: string;
  readonly element: number | null;
  readonly fields: readonly { name: string; oid: number; typmod: number }[] | null;
}

/** A column as RowDescription has it. */
interface TypedField {
  readonly dataTypeID: number;
  readonly dataTypeModifier: number;
}

export interface TypeCatalog {
  /** The types of columns; built-in ones without any statement. */
  describe(fields: readonly TypedField[]): Promise<readonly ColumnType[]>;
}

export function typeCatalog(database: Queryable): TypeCatalog {
  return {
    async describe(fields) {
      const shapes = await shapesOf(
        database,
        fields.map((field) => field.dataTypeID),
      );
      return fields.map((field) =>
        columnType(field.dataTypeID, field.dataTypeModifier, (oid) => shapes.get(oid) ?? null),
      );
    },
  };
}

/** Looks the types up, and what they are made of, level by level. */
async function shapesOf(
  database: Queryable,
  oids: readonly number[],
): Promise<ReadonlyMap<number, TypeShape>> {
  const shapes = new Map<number, TypeShape>();
  let wanted = new Set(oids.filter(needsShape));
  while (wanted.size > 0) {
    const found = await lookUp(database, [...wanted]);
    for (const oid of wanted) shapes.set(oid, { kind: "other" });
    const next = new Set<number>();
    for (const row of found) {
      const shape = shapeOf(row);
      shapes.set(row.oid, shape);
      for (const part of partsOf(shape)) {
        if (needsShape(part) && !shapes.has(part)) next.add(part);
      }
    }
    wanted = next;
  }
  return shapes;
}

function lookUp(database: Queryable, oids: readonly number[]): Promise<Row[]> {
  return database.query<Row>(sql`
    SELECT t.oid::int8 AS oid, t.typtype::text, t.typbasetype::int8 AS typbasetype, t.typtypmod,
      coalesce(e.typdelim, t.typdelim)::text AS typdelim,
      CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem::int8 END AS element,
      CASE WHEN t.typtype = 'c' THEN (
        SELECT json_agg(json_build_object(
          'name', a.attname, 'oid', a.atttypid::int8, 'typmod', a.atttypmod) ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) END AS fields
    FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem
    WHERE t.oid = ANY (${[...oids]}::oid[])`);
}

function shapeOf(row: Row): TypeShape {
  if (row.typtype === "d") return { kind: "domain", base: row.typbasetype, typmod: row.typtypmod };
  if (row.element !== null) return { kind: "array", element: row.element, delimiter: row.typdelim };
  if (row.typtype === "c") return { kind: "composite", fields: row.fields ?? [] };
  return { kind: "other" };
}

function partsOf(shape: TypeShape): readonly number[] {
  switch (shape.kind) {
    case "array":
      return [shape.element];
    case "domain":
      return [shape.base];
    case "composite":
      return shape.fields.map((field) => field.oid);
    case "other":
      return [];
  }
}
