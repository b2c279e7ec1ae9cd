// The full name of a table: catalog (the connected PostgreSQL database), database (a schema), name.

/** A name resolved against a session; every part is as PostgreSQL stores it (already folded). */
export interface ObjectIdentifier {
  readonly catalog: string;
  readonly database: string;
  readonly name: string;
}

/** Flink's form: `` `catalog`.`database`.`table` ``, back-quotes doubled. */
export function flinkName(id: ObjectIdentifier): string {
  return [id.catalog, id.database, id.name]
    .map((part) => `\`${part.replaceAll("`", "``")}\``)
    .join(".");
}

/** Flink's unquoted form in messages: `catalog.database.table`. */
export function plainName(id: ObjectIdentifier): string {
  return `${id.catalog}.${id.database}.${id.name}`;
}
