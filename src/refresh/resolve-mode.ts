// Which mode a table has and at what freshness: decided once, when the table is defined; nothing
// else asks. Pure.
//
//   asked for CONTINUOUS          refused: this version does not have it
//   asked for FULL                FULL; FRESHNESS omitted: the default of FULL
//   no clause, freshness < limit  Flink infers CONTINUOUS; here FULL at that freshness
//   no clause, otherwise          FULL
//   no clause, no FRESHNESS       Flink infers CONTINUOUS at 3 minutes; here FULL at its default

import {
  type Freshness,
  freshnessDuration,
  freshnessOfDuration,
  type FreshnessUnit,
} from "../catalog/freshness.ts";
import type { RefreshMode, RequestedMode } from "../catalog/refresh-mode.ts";
import { unreachable } from "../common/assert.ts";
import { GatewayError } from "../common/gateway-error.ts";
import type { Duration } from "../common/time.ts";
import { validation } from "./flink-text.ts";

/** Options of the gateway that change meaning; the same on every gateway of a database. */
export interface ModeSettings {
  /**
   * Below it an omitted mode is CONTINUOUS (`materialized-table.refresh-mode.freshness-threshold`).
   */
  readonly freshnessThreshold: Duration;
  /** `materialized-table.default-freshness.full` */
  readonly defaultFreshnessFull: Duration;
}

export interface ResolvedMode {
  readonly requestedMode: RequestedMode;
  readonly refreshMode: RefreshMode;
  /** Null: the clause was omitted. */
  readonly definedFreshness: Freshness | null;
  readonly freshness: Freshness;
  /** A word of ModeReason; null where the user asked for the mode. */
  readonly modeReason: ModeReason | null;
}

export const modeReasons = {
  ABOVE_THRESHOLD: "the freshness is not below the threshold of CONTINUOUS",
  CONTINUOUS_NOT_YET: "CONTINUOUS was inferred, but this version of Sluice does not have it yet",
} as const satisfies Record<string, string>;
export type ModeReason = keyof typeof modeReasons;

/**
 * Resolves clause and defaults. `strict`: the freshness must be one that Flink can turn into cron.
 */
export function resolveMode(
  requestedMode: RequestedMode,
  definedFreshness: Freshness | null,
  settings: ModeSettings,
  strict: boolean,
): ResolvedMode {
  const freshness = definedFreshness ?? freshnessOfDuration(settings.defaultFreshnessFull);
  switch (requestedMode) {
    case "CONTINUOUS":
      throw continuousNotYet();
    case "FULL":
    case "AUTOMATIC":
      break;
    default:
      unreachable(requestedMode);
  }
  if (strict) checkCron(freshness);
  const inferredContinuous =
    definedFreshness === null || freshnessDuration(definedFreshness) < settings.freshnessThreshold;
  const inferredReason = inferredContinuous ? "CONTINUOUS_NOT_YET" : "ABOVE_THRESHOLD";
  return {
    requestedMode,
    refreshMode: "FULL",
    definedFreshness,
    freshness,
    modeReason: requestedMode === "FULL" ? null : inferredReason,
  };
}

function continuousNotYet(): GatewayError {
  return new GatewayError(
    "MT-CONTINUOUS-NOT-YET",
    "REFRESH_MODE = CONTINUOUS is not available yet",
    {
      hint:
        "Leave REFRESH_MODE out: the table is then refreshed in full at the freshness you " +
        "declare.",
    },
  );
}

const cronLimits: Readonly<Partial<Record<FreshnessUnit, number>>> = {
  SECOND: 60,
  MINUTE: 60,
  HOUR: 24,
};

/**
 * Flink turns FRESHNESS of FULL mode into cron and refuses what cron cannot say. Throws
 * MT-FRESH-CRON-*.
 */
export function checkCron({ amount, unit }: Freshness): void {
  if (unit === "WEEK") {
    throw new GatewayError(
      "MT-FRESH-CRON-UNIT",
      "FRESHNESS in weeks is not possible in FULL mode",
      {
        hint: strictHint,
        flink: validation("Unknown freshness time unit: WEEK."),
      },
    );
  }
  const limit = cronLimits[unit];
  if (limit === undefined) {
    if (amount === 1) return;
    throw new GatewayError("MT-FRESH-CRON-DAY", "FRESHNESS in days must be 1 in FULL mode", {
      hint: strictHint,
      flink: validation("In full refresh mode, freshness must be 1 when the time unit is DAY."),
    });
  }
  if (amount >= limit) {
    const words = `freshness must be less than ${limit} when the time unit is ${unit}`;
    throw new GatewayError("MT-FRESH-CRON-LIMIT", `in FULL mode ${words}`, {
      hint: strictHint,
      flink: validation(`In full refresh mode, ${words}.`),
    });
  }
  if (limit % amount !== 0) {
    const unitWords = `currently supported when the time unit is ${unit}`;
    throw new GatewayError(
      "MT-FRESH-CRON-FACTOR",
      `in FULL mode FRESHNESS in ${unit} must divide ${limit}`,
      {
        hint: strictHint,
        flink: validation(
          `In full refresh mode, only freshness that are factors of ${limit} are ${unitWords}.`,
        ),
      },
    );
  }
}

const strictHint = "Without flink-strict any positive freshness is possible.";
