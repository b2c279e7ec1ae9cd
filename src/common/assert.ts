// Assertions are for us, errors are for users: a failed assertion is a defect of Sluice and is
// never reachable from user input. They stay on in production.

/** Thrown when an invariant of Sluice itself does not hold. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/** Throws AssertionError unless `condition` holds. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Returns `value`, which our own invariants promise to be there. */
export function present<T>(value: T | null | undefined, message: string): T {
  assert(value !== null && value !== undefined, message);
  return value;
}

/** Closes a switch over a union: compiles only if every member was handled. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable case ${JSON.stringify(value)}`);
}
