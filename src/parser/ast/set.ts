// SET 'key' = 'value' of a session option of ours; PostgreSQL's own settings pass through.

export interface Set {
  readonly kind: "set";
  readonly key: string;
  readonly value: string;
  readonly position: number;
}
