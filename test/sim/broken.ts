// How a checker says what it found.

export function broken(invariant: string, detail: unknown): never {
  throw new Error(`${invariant}: ${JSON.stringify(detail)}`);
}
