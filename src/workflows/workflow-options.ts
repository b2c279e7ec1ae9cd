// Options of workflows, tasks and queues: closed lists, so that a misspelt key never passes in
// silence. A task's option counts over the workflow's, the workflow's over the default. Pure.

import { GatewayError } from "../common/gateway-error.ts";
import { nearest } from "../common/nearest.ts";
import { notifyOptions } from "../common/notify-options.ts";
import { type Duration, milliseconds, seconds } from "../common/time.ts";
import { optionDuration } from "../refresh/table-options.ts";
import {
  type CatchupPolicy,
  catchupPolicies,
  type OverlapPolicy,
  overlapPolicies,
  type QueueOptions,
} from "../scheduler/scheduler.ts";
import type { RetryPolicy } from "../scheduler/task-runner.ts";
import { at } from "./places.ts";
import type { PositionOf, Texts } from "./workflow-request.ts";

interface OptionRule {
  /** True if the value can be used. */
  readonly accepts: (value: string) => boolean;
  /** What would have been right, as a sentence. */
  readonly expected: string;
}

/** The queue of tasks that name none; always there. */
export const defaultQueue = "default-queue";

/** Timers cannot be set for longer. */
const longestTimeout = milliseconds(24 * 86_400_000);

const durationRule: OptionRule = {
  accepts: (value) => optionDuration(value) !== null,
  expected: "Expected a duration such as '30 s', '10 min' or '1 h'; a bare number is seconds.",
};
const timeoutRule: OptionRule = {
  accepts(value) {
    const duration = optionDuration(value);
    return duration !== null && duration > 0 && duration <= longestTimeout;
  },
  expected:
    "Expected a duration such as '30 s' or '2 h', at most 24 days; a bare number is seconds.",
};
const textRule: OptionRule = { accepts: (value) => value !== "", expected: "Expected a text." };
function choiceRule(choices: readonly string[]): OptionRule {
  return {
    accepts: (value) => choices.includes(value.toLowerCase()),
    expected: `Expected one of ${choices.join(", ")}.`,
  };
}

const sharedRules: Readonly<Record<string, OptionRule>> = {
  retries: {
    accepts: (value) => /^\d{1,9}$/.test(value),
    expected: "Expected a whole number, 0 or more.",
  },
  "retry.delay": durationRule,
  "retry.backoff": {
    accepts: (value) => /^\d{1,9}(\.\d+)?$/.test(value) && Number(value) >= 1,
    expected: "Expected a number, 1 or more.",
  },
  timeout: timeoutRule,
  queue: textRule,
  ...notifyOptions,
};
const rules = {
  workflow: {
    ...sharedRules,
    overlap: choiceRule(overlapPolicies),
    "catch-up": choiceRule(catchupPolicies),
  },
  /** The text of `condition` is checked as those of EXECUTE are. */
  "refresh task": { ...sharedRules, condition: textRule },
  "execute task": {
    ...sharedRules,
    condition: textRule,
    transactional: choiceRule(["true", "false"]),
  },
  queue: {
    concurrency: {
      accepts: (value) => /^\d{1,6}$/.test(value) && Number(value) > 0,
      expected: "Expected a whole number, 1 or more.",
    },
  },
} as const satisfies Record<string, Readonly<Record<string, OptionRule>>>;
export type OptionOwner = keyof typeof rules;

/** Refuses unknown keys and values; `path` is that of the options. Throws WF-OPTION-*. */
export function checkOptions(
  owner: OptionOwner,
  options: Texts,
  { positionOf, path }: { readonly positionOf: PositionOf; readonly path: string },
): void {
  for (const [key, value] of Object.entries(options)) {
    at(positionOf, `${path}/${key}`, () => checkOption(owner, key, value));
  }
}

function checkOption(owner: OptionOwner, key: string, value: string): void {
  const own: Readonly<Record<string, OptionRule>> = rules[owner];
  const rule = Object.hasOwn(own, key) ? own[key] : undefined;
  const isTag = owner !== "queue" && /^tag\.[^.].*$/.test(key);
  if (rule === undefined && !isTag) throw unknownOption(owner, key, Object.keys(own));
  if (rule === undefined || rule.accepts(value.trim())) return;
  throw new GatewayError("WF-OPTION-VALUE", `value "${value}" of option '${key}' cannot be used`, {
    detail: rule.expected,
  });
}

function unknownOption(owner: OptionOwner, key: string, known: readonly string[]): GatewayError {
  const kind = owner.endsWith("task") ? "task" : owner;
  const elsewhere = Object.hasOwn(rules.workflow, key)
    ? `Option '${key}' belongs to the workflow as a whole.`
    : undefined;
  const meant = nearest(key, owner === "queue" ? known : [...known, "tag.<name>"]);
  return new GatewayError("WF-OPTION-UNKNOWN", `option '${key}' of a ${kind} does not exist`, {
    detail: elsewhere,
    hint: meant === null ? `The options are ${known.join(", ")}.` : `Did you mean '${meant}'?`,
  });
}

export interface WorkflowPolicies {
  readonly overlap: OverlapPolicy;
  readonly catchup: CatchupPolicy;
}

/** What checked options of a workflow mean. */
export function workflowPolicies(options: Texts): WorkflowPolicies {
  return {
    overlap: choiceOf(options["overlap"], overlapPolicies) ?? "queue",
    catchup: choiceOf(options["catch-up"], catchupPolicies) ?? "last",
  };
}

export interface TaskPolicies {
  readonly queue: string;
  readonly retry: RetryPolicy;
  readonly timeout: Duration | null;
  readonly condition: string | null;
}

/** What checked options of a task mean, those of its workflow beneath them. */
export function taskPolicies(workflow: Texts, task: Texts): TaskPolicies {
  const options = { ...workflow, ...task };
  const timeout = options["timeout"];
  return {
    queue: queueOf(options),
    retry: {
      retries: Number(options["retries"] ?? 0),
      delay: optionDuration(options["retry.delay"] ?? "") ?? seconds(5),
      backoff: Number(options["retry.backoff"] ?? 2),
    },
    timeout: timeout === undefined ? null : optionDuration(timeout),
    condition: task["condition"] ?? null,
  };
}

/** The queue that options name. */
export function queueOf(options: Texts): string {
  return options["queue"]?.trim() ?? defaultQueue;
}

/** True unless the task gives up one transaction for its statement and its outcome. */
export function isTransactional(task: Texts): boolean {
  return task["transactional"]?.trim().toLowerCase() !== "false";
}

/** What checked options of a queue mean; 10 at a time, as `default-queue`, if they say nothing. */
export function queueOptions(options: Texts): QueueOptions {
  return { concurrency: Number(options["concurrency"] ?? 10) };
}

function choiceOf<Word extends string>(
  text: string | undefined,
  words: readonly Word[],
): Word | null {
  return words.find((word) => word === text?.trim().toLowerCase()) ?? null;
}
