// SHOW JARS: always empty on PostgreSQL.

export interface ShowJars {
  readonly kind: "show-jars";
}
