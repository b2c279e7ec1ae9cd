// The options of a materialized table: a closed list, so that a misspelt key never passes in
// silence. Statement options (rebuild, cancel, force, initial) belong to one statement and are
// never stored; keys of Flink's connectors are stored with a warning, since scripts made for Flink
// carry them; everything else is refused with a suggestion. Names of the partition.fields family
// are checked by partition-times.ts, which knows the columns. Pure.

import { GatewayError } from "../common/gateway-error.ts";
import { nearest } from "../common/nearest.ts";
import { notifyOptions } from "../common/notify-options.ts";
import { durationMilliseconds } from "../common/duration-text.ts";
import { type Duration, milliseconds } from "../common/time.ts";
import { validation } from "./flink-text.ts";

export type TableOptions = Readonly<Record<string, string>>;

interface OptionRule {
  /** True if the value can be used. */
  readonly accepts: (value: string) => boolean;
  /** What would have been right, as a sentence. */
  readonly expected: string;
}

const booleanRule: OptionRule = {
  accepts: (value) => /^(true|false)$/i.test(value),
  expected: "Expected true or false.",
};
const countRule: OptionRule = {
  accepts: (value) => /^\d{1,9}$/.test(value),
  expected: "Expected a whole number, 0 or more.",
};
const positiveRule: OptionRule = {
  accepts: (value) => /^\d{1,15}$/.test(value) && Number(value) > 0,
  expected: "Expected a whole number, 1 or more.",
};
const durationRule: OptionRule = {
  accepts: (value) => optionDuration(value) !== null,
  expected: "Expected a duration such as '30 s', '10 min' or '1 h'.",
};
const factorRule: OptionRule = {
  accepts: (value) => /^\d+(\.\d+)?$/.test(value) && Number(value) >= 1,
  expected: "Expected a number, 1 or more.",
};
const textRule: OptionRule = { accepts: (value) => value !== "", expected: "Expected a text." };

function choiceRule(...choices: readonly string[]): OptionRule {
  return {
    accepts: (value) => choices.includes(value.toLowerCase()),
    expected: `Expected one of ${choices.join(", ")}.`,
  };
}

function notYet(only: string): OptionRule {
  return {
    accepts: (value) => value.toLowerCase() === only,
    expected: `This version of Sluice knows no other value than '${only}' yet.`,
  };
}

/** Options that are stored and have an effect. */
const tableOptions: Readonly<Record<string, OptionRule>> = {
  retries: countRule,
  "retry.delay": durationRule,
  "retry.backoff": factorRule,
  timeout: durationRule,
  queue: textRule,
  overlap: choiceRule("queue", "skip", "replace"),
  "catch-up": choiceRule("none", "last", "all"),
  "refresh.lookback": {
    accepts: (value) => /^\d{1,4}( partitions?)?$/i.test(value),
    expected: "Expected a number of partitions.",
  },
  "refresh.partition.strategy": choiceRule("stale", "incremental", "interval", "latest", "all"),
  "refresh.delay": durationRule,
  "refresh.condition": textRule,
  "refresh.max-rows": positiveRule,
  "refresh.max.records": positiveRule,
  "freeze.after": durationRule,
  "freshness.violated.after": durationRule,
  "upstream.wait": booleanRule,
  "upstream.wait.timeout": durationRule,
  ...notifyOptions,
  "pk.enforced": booleanRule,
  "flink-strict": booleanRule,
  "storage.partitioned": notYet("false"),
};

/** Patterns of families of keys; the star stands for a name. */
const tableFamilies = [
  /^partition\.fields\.[^.].*\.(date-formatter|grain|source)$/,
  /^tag\.[^.].*$/,
];

/** Keys of Flink's connectors and formats: stored, without effect. */
const flinkKeys = [
  "connector format path bucket bucket-key bucket.num topic url username password hostname port",
  "table-name database-name driver primary-key merge-engine auto-compaction",
].flatMap((line) => line.split(" "));
const flinkFamilies = [
  "sink scan lookup source properties csv json avro parquet orc raw protobuf key value changelog",
  "changelog-producer compaction snapshot file file-index write write-buffer log manifest",
  "metastore partition.default-name partition.time-extractor",
].flatMap((line) => line.split(" "));

const statementOptions = {
  create: { initial: choiceRule("queue", "block") },
  alterQuery: { rebuild: booleanRule },
  createOrAlter: { initial: choiceRule("queue", "block"), rebuild: booleanRule },
  suspend: { cancel: booleanRule },
  refresh: { force: booleanRule },
} as const satisfies Record<string, Readonly<Record<string, OptionRule>>>;
export type OptionStatement = keyof typeof statementOptions;

export interface CheckedOptions {
  /** To be stored. */
  readonly stored: TableOptions;
  /** Of this statement alone. */
  readonly statement: TableOptions;
  readonly warnings: readonly string[];
}

/** Sorts the options of a CREATE, CREATE OR ALTER, SET or RESUME. Throws MT-OPTION-*. */
export function checkTableOptions(
  options: TableOptions,
  statement: "create" | "createOrAlter" | null,
  partitionKeys: readonly string[] = [],
): CheckedOptions {
  const stored: Record<string, string> = {};
  const own: Record<string, string> = {};
  const warnings: string[] = [];
  const rules: Readonly<Record<string, OptionRule>> =
    statement === null ? {} : statementOptions[statement];
  for (const [key, value] of Object.entries(options)) {
    const ofStatement = rules[key];
    if (ofStatement !== undefined) {
      checkValue(key, value, ofStatement);
      own[key] = value.toLowerCase();
      continue;
    }
    const rule = tableOptions[key];
    if (rule !== undefined) checkValue(key, value, rule);
    else if (isFlinkKey(key)) {
      warnings.push(`option '${key}' is stored, but has no meaning on PostgreSQL`);
    } else if (!tableFamilies.some((family) => family.test(key))) {
      const names = [...Object.keys(tableOptions), ...Object.keys(rules)];
      throw unknownOption(key, names, partitionKeys);
    }
    stored[key] = value;
  }
  return { stored, statement: own, warnings };
}

/** Checks the options of a statement that stores none. Throws MT-OPTION-*. */
export function checkStatementOptions(options: TableOptions, statement: OptionStatement): void {
  const rules: Readonly<Record<string, OptionRule>> = statementOptions[statement];
  for (const [key, value] of Object.entries(options)) {
    const rule = rules[key];
    if (rule === undefined) throw unknownOption(key, Object.keys(rules));
    checkValue(key, value, rule);
  }
}

/** True if the statement option is given and true. */
export function isOn(options: TableOptions, key: string): boolean {
  return options[key]?.toLowerCase() === "true";
}

/** Milliseconds of `30 s`; a bare number is seconds. Null if the text is none. */
export function optionDuration(text: string): Duration | null {
  if (/^\s*\d{1,10}\s*$/.test(text)) return milliseconds(Number(text) * 1_000);
  const amount = durationMilliseconds(text);
  return amount === null ? null : milliseconds(amount);
}

function isFlinkKey(key: string): boolean {
  const families = flinkFamilies.filter((family) => key.startsWith(family));
  const inFamily = families.some((family) => /^(|[.-].*)$/.test(key.slice(family.length)));
  return flinkKeys.includes(key) || inFamily;
}

function checkValue(key: string, value: string, rule: OptionRule): void {
  if (rule.accepts(value.trim())) return;
  throw new GatewayError("MT-OPTION-VALUE", `value "${value}" of option '${key}' cannot be used`, {
    detail: rule.expected,
  });
}

function unknownOption(
  key: string,
  known: readonly string[],
  partitionKeys: readonly string[] = [],
): GatewayError {
  const family = /^partition\.fields(\.|$)/.test(key);
  const meant = family
    ? "partition.fields.<column>.date-formatter"
    : nearest(key, [...known, "partition.fields.<column>.date-formatter"]);
  return new GatewayError("MT-OPTION-UNKNOWN", `option '${key}' does not exist`, {
    hint: meant === null ? "docs/reference has the list of options." : `Did you mean '${meant}'?`,
    ...(family ? { flink: misspeltFormatter(key, partitionKeys) } : {}),
  });
}

/** Flink cuts the name of the column out by length, whatever the suffix is. */
function misspeltFormatter(
  key: string,
  partitionKeys: readonly string[],
): ReturnType<typeof validation> {
  const column = key.slice("partition.fields.".length, -".date-formatter".length);
  const known = partitionKeys.length === 0 ? "''" : partitionKeys.map((name) => `'${name}'`);
  return validation(
    `Column '${column}' referenced by materialized table option '${key}' isn't a partition ` +
      `column. Available partition columns: [${String(known)}].`,
  );
}
