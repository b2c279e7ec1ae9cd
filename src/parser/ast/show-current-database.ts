// SHOW CURRENT DATABASE.

export interface ShowCurrentDatabase {
  readonly kind: "show-current-database";
}
