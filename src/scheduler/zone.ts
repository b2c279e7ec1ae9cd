// Local time of one IANA zone as plain arithmetic. A wall time is what a clock on the wall shows,
// as milliseconds since 1970-01-01T00:00 of that wall; it may occur once, twice (clocks set back)
// or never (set forward). Offsets are js-joda's; its transition queries are not used because the
// tzdb rules of js-joda-timezone do not implement them.

import { type ZoneRules, ZoneId } from "@js-joda/core";
import "@js-joda/timezone";
import { GatewayError } from "../common/gateway-error.ts";
import { type Instant, instant } from "../common/time.ts";

declare const wallBrand: unique symbol;
/** Milliseconds since 1970-01-01T00:00 as the wall clock shows it. */
export type Wall = number & { readonly [wallBrand]: "Wall" };

export const dayMs = 86_400_000;
/** Longer than any change of offset (Samoa skipped a whole day in 2011) plus any offset. */
const reachMs = 40 * 3_600_000;

/** Names the type of a number that is a wall time already. */
export function wall(milliseconds: number): Wall {
  return milliseconds as Wall;
}

export class Zone {
  readonly id: string;
  readonly #rules: ZoneRules;

  private constructor(id: string, rules: ZoneRules) {
    this.id = id;
    this.#rules = rules;
  }

  /** Throws WF-TIME-ZONE if there is no such zone. */
  static of(id: string): Zone {
    try {
      return new Zone(id, ZoneId.of(id).rules());
    } catch (error) {
      throw new GatewayError("WF-TIME-ZONE", `time zone "${id}" does not exist`, {
        hint: "Use an IANA name such as Europe/Berlin, an offset such as +02:00, or UTC.",
        cause: error,
      });
    }
  }

  /** What has to be added to an instant to get the wall time, in milliseconds. */
  offsetAt(at: Instant): number {
    return this.#rules.offsetOfEpochMilli(at).totalSeconds() * 1000;
  }

  wallAt(at: Instant): Wall {
    return wall(at + this.offsetAt(at));
  }

  /** The instants at which the wall shows `at`, in order: none, one or two. */
  occurrences(at: Wall): readonly Instant[] {
    const before = this.offsetAt(instant(at - reachMs));
    const after = this.offsetAt(instant(at + reachMs));
    const offsets =
      before === after ? [before] : [Math.max(before, after), Math.min(before, after)];
    return offsets
      .map((offset) => instant(at - offset))
      .filter((candidate, index) => this.offsetAt(candidate) === offsets[index]);
  }

  /**
   * A wall time made an instant: the first occurrence, or the first instant after the gap that
   * swallowed it.
   */
  resolve(at: Wall): Instant {
    const first = this.occurrences(at)[0];
    return first ?? this.firstChange(instant(at - reachMs), instant(at + reachMs));
  }

  /**
   * The instant in `(from, to]` at which the offset of `from` ends; the two offsets must differ.
   */
  firstChange(from: Instant, to: Instant): Instant {
    const offset = this.offsetAt(from);
    let same: number = from;
    let changed: number = to;
    while (changed - same > 1) {
      const middle = Math.floor((same + changed) / 2);
      if (this.offsetAt(instant(middle)) === offset) same = middle;
      else changed = middle;
    }
    return instant(changed);
  }

  /** When the local day that `at` lies on begins. */
  startOfDay(at: Instant): Instant {
    return this.resolve(wall(Math.floor(this.wallAt(at) / dayMs) * dayMs));
  }
}
