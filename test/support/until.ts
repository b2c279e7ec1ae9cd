// Waits for a condition of the outside world (a process, a server, a row) that sends no event.
// Bounded; never a sleep of a fixed length that hopes.

import { systemClock } from "../../src/common/clock.ts";
import { milliseconds } from "../../src/common/time.ts";

/**
 * Asks every few milliseconds until the answer is truthy, and gives it; throws after `patience`
 * milliseconds.
 */
export async function until<T>(
  ask: () => T | Promise<T>,
  patience = 20_000,
): Promise<NonNullable<T>> {
  const end = systemClock.monotonic() + patience;
  // The timer of the clock does not keep a process alive; a test runner has other reasons to live.
  for (;;) {
    const answer = await ask();
    if (answer) return answer as NonNullable<T>;
    if (systemClock.monotonic() > end) throw new Error(`not within ${patience} ms: ${String(ask)}`);
    await systemClock.sleep(milliseconds(10));
  }
}
