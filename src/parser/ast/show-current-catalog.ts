// SHOW CURRENT CATALOG.

export interface ShowCurrentCatalog {
  readonly kind: "show-current-catalog";
}
