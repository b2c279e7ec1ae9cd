// The kinds of values that options of the gateway have: how a text becomes a value, and what is
// said if it does not.

import { durationMilliseconds } from "./duration-text.ts";
import { milliseconds } from "./time.ts";

export interface KindRule {
  /** The value, or null if the text is not of this kind. */
  parse(text: string, choices: readonly string[] | null): unknown;
  /** What would have been right, as a sentence. */
  expected(choices: readonly string[] | null): string;
}

const sizeUnits: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1000,
  kib: 1024,
  mb: 1000 ** 2,
  mib: 1024 ** 2,
  gb: 1000 ** 3,
  gib: 1024 ** 3,
};

export const kinds = {
  text: { parse: (text) => text.trim() || null, expected: () => "Expected a text." },
  boolean: {
    parse: (text) => (/^(true|false)$/i.test(text) ? text.toLowerCase() === "true" : null),
    expected: () => "Expected true or false.",
  },
  count: {
    parse: (text) => wholeNumber(text, 0),
    expected: () => "Expected a whole number, 0 or more.",
  },
  positive: {
    parse: (text) => wholeNumber(text, 1),
    expected: () => "Expected a whole number, 1 or more.",
  },
  duration: {
    parse(text) {
      const amount = durationMilliseconds(text);
      return amount === null ? null : milliseconds(amount);
    },
    expected: () => "Expected a duration such as '30 s', '10 min' or '1 h'.",
  },
  size: { parse: bytes, expected: () => "Expected a size such as '8 MiB' or '1 GiB'." },
  list: {
    parse(text, choices) {
      const items = text.split(",").map((item) => item.trim());
      const given = items.filter((item) => item !== "");
      return choices === null || given.every((item) => choices.includes(item)) ? given : null;
    },
    expected: (choices) =>
      choices === null ? "Expected a list with commas." : `Expected a list of ${among(choices)}.`,
  },
  choice: {
    parse: (text, choices) =>
      choices?.find((choice) => choice.toLowerCase() === text.toLowerCase()) ?? null,
    expected: (choices) => `Expected one of ${among(choices)}.`,
  },
} as const satisfies Record<string, KindRule>;

export type OptionKind = keyof typeof kinds;

function wholeNumber(text: string, least: number): number | null {
  const value = Number(text);
  return /^\d+$/.test(text.trim()) && Number.isSafeInteger(value) && value >= least ? value : null;
}

function bytes(text: string): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  const unit = sizeUnits[match?.[2]?.toLowerCase() ?? ""];
  return match === null || unit === undefined ? null : Math.floor(Number(match[1]) * unit);
}

function among(choices: readonly string[] | null): string {
  return (choices ?? []).join(", ");
}
