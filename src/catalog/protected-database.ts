// Schemas that nothing of users is put into.

/**
 * Schemas that are PostgreSQL's or Sluice's own: never created, altered or dropped by a statement.
 */
export function isProtectedDatabase(name: string): boolean {
  return (
    name.startsWith("pg_") ||
    name === "information_schema" ||
    name === "sluice" ||
    name === "sluice_private"
  );
}
