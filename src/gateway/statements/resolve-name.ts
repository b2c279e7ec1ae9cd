// Names of statements, resolved against the session: catalog (the connected PostgreSQL database),
// database (a schema), object. Pure; whether the thing exists is for others to find out.

import { GatewayError } from "../../common/gateway-error.ts";
import type { ObjectIdentifier } from "../../catalog/object-identifier.ts";
import { plainQualifiedName, type QualifiedName } from "../../parser/ast/name.ts";
import type { Session } from "../session/session.ts";

/**
 * `[[catalog.]database.]object`. Throws GW-CATALOG-UNKNOWN for another catalog than the connected
 * one.
 */
export function resolveObject(name: QualifiedName, session: Session): ObjectIdentifier {
  const [object = "", database = session.database] = name.parts.toReversed();
  if (name.parts.length === 3) requireCatalog(name, session);
  return { catalog: session.catalog, database, name: object };
}

/** `[catalog.]database`, or the current database if there is no name. */
export function resolveDatabase(name: QualifiedName | null, session: Session): string {
  if (name === null) return session.database;
  if (name.parts.length > 2) {
    throw new GatewayError("GW-NAME", `"${plainQualifiedName(name)}" is not a database name`, {
      detail: "A database is named by [catalog.]database.",
      position: name.position,
    });
  }
  if (name.parts.length === 2) requireCatalog(name, session);
  return name.parts.at(-1) ?? session.database;
}

/**
 * Throws GW-CATALOG-UNKNOWN unless the first part of the name is the connected catalog, as written
 * or folded.
 */
export function requireCatalog(name: QualifiedName, session: Session): void {
  const written = name.written[0] ?? "";
  if (written === session.catalog || name.parts[0] === session.catalog) return;
  throw new GatewayError("GW-CATALOG-UNKNOWN", `catalog "${written}" does not exist`, {
    hint: `The only catalog is the connected database, "${session.catalog}".`,
    position: name.position,
    flink: {
      class: "org.apache.flink.table.api.ValidationException",
      text: `Catalog ${written} does not exist`,
    },
  });
}
