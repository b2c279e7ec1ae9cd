// SHOW [FULL] MODULES.

export interface ShowModules {
  readonly kind: "show-modules";
  readonly full: boolean;
}
