// The notify.* options of workflows, tasks and tables: which there are and what they may say. What
// they mean is worked out where they are stored (notify_targets_of in the migration), which takes
// everything that is accepted here.

export const notifyChannels = ["email", "webhook", "dingtalk", "slack"] as const;
export type NotifyChannel = (typeof notifyChannels)[number];

/**
 * `both` is startup and failure; `failure` of a table covers its freshness, violated and recovered,
 * too; `freshness` is these alone.
 */
const occasionWords = ["startup", "success", "failure", "freshness", "both", "all"];

export interface NotifyOptionRule {
  /** True if the value can be used. */
  readonly accepts: (value: string) => boolean;
  /** What would have been right, as a sentence. */
  readonly expected: string;
}

const addressRule: NotifyOptionRule = {
  accepts: (value) =>
    everyPart(value, /[,\s]+/, (part) => /^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(part)),
  expected: "Expected an e-mail address, or several with commas.",
};
const urlRule: NotifyOptionRule = {
  accepts: (value) => everyPart(value, /\s+|,\s*(?=https?:\/\/)/, isWebAddress),
  expected: "Expected an address that begins with http:// or https://, or several with commas.",
};

/** By key. The empty text switches a channel of the workflow off for one task. */
export const notifyOptions: Readonly<Record<string, NotifyOptionRule>> = {
  "notify.email": addressRule,
  "notify.webhook": urlRule,
  "notify.dingtalk": urlRule,
  "notify.slack": urlRule,
  "notify.on": {
    accepts: (value) =>
      value.trim() !== "" &&
      everyPart(value.toLowerCase(), /[,\s]+/, (word) => occasionWords.includes(word)),
    expected: `Expected one of ${occasionWords.join(", ")}, or several with commas.`,
  },
};

/** Longest address: it is part of a key. */
const longest = 1000;

function everyPart(value: string, separator: RegExp, holds: (part: string) => boolean): boolean {
  return value
    .split(separator)
    .filter((part) => part !== "")
    .every((part) => part.length <= longest && holds(part));
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
