// SET alone: the effective configuration of the session.

export interface ListSettings {
  readonly kind: "list-settings";
}
