// A request becomes a definition, or the first error that stands in it, with its place. All names
// are settled here: tables become identities, schedules instants, options policies. What was
// written is kept beside what it means, so that the request can be told again (request-of.ts).

import { GatewayError } from "../common/gateway-error.ts";
import { type Instant, instant, toIso } from "../common/time.ts";
import { anchorOf, scheduleOf, Zone } from "../scheduler/schedule.ts";
import { cronError } from "../scheduler/cron-expression.ts";
import type { ScheduleSpec, TaskDefinition, WorkflowDefinition } from "../scheduler/scheduler.ts";
import { checkConditionText, checkExecuteText } from "./check-statement.ts";
import { checkName, checkTaskGraph } from "./check-tasks.ts";
import { checkTaskVariables, checkWorkflowVariables } from "./check-variables.ts";
import { readTimestamp } from "./local-timestamp.ts";
import { at, errorAt, movedTo } from "./places.ts";
import { type RefreshTaskContext, resolveRefresh } from "./resolve-refresh.ts";
import type { KnownTables } from "./table-facts.ts";
import {
  checkOptions,
  isTransactional,
  queueOf,
  taskPolicies,
  workflowPolicies,
} from "./workflow-options.ts";
import type {
  PositionOf,
  ScheduleRequest,
  TaskRequest,
  WorkflowRequest,
} from "./workflow-request.ts";

/** The action of a task that runs a statement. */
export interface ExecuteAction {
  readonly type: "execute-sql";
  /** With its references to variables. */
  readonly text: string;
  /** False: the statement runs outside of a transaction, and is not made again when it was lost. */
  readonly transactional: boolean;
}

/** What a request is resolved against. */
export interface ResolveContext {
  readonly tables: KnownTables;
  readonly kindOf: RefreshTaskContext["kindOf"];
  /** Prints a partition value in the ledger's words, or throws MT-SPEC-VALUE. */
  readonly castPartition: RefreshTaskContext["castPartition"];
  /** Throws unless the partitions of these keys can be computed alone. */
  readonly checkLocal: RefreshTaskContext["checkLocal"];
  /** Queues of those that the request names. */
  readonly queues: ReadonlySet<string>;
  /** By the database's clock. */
  readonly now: Instant;
  /** When the workflow was created: uneven schedules count from its day. */
  readonly createdAt: Instant;
  readonly positionOf: PositionOf;
}

export interface Resolved {
  readonly definition: WorkflowDefinition;
  /** Sentences for the user. */
  readonly warnings: readonly string[];
}

/** Throws WF-* and MT-* by what is wrong. */
export async function resolveWorkflow(
  request: WorkflowRequest,
  context: ResolveContext,
): Promise<Resolved> {
  const { positionOf } = context;
  checkHead(request, positionOf);
  const bounds = boundsOf(request, positionOf);
  const schedule = resolveSchedule(request, { ...context, ...bounds });
  checkWorkflowVariables(request.variables, positionOf);
  checkOptions("workflow", request.options, { positionOf, path: "options" });
  checkQueue(request.options, "options/queue", context);
  checkTaskGraph(request.tasks, positionOf);
  const tasks: TaskDefinition[] = [];
  for (const [index, task] of request.tasks.entries()) {
    tasks.push(await resolveTask(request, { task, index, context }));
  }
  const { overlap, catchup } = workflowPolicies(request.options);
  const definition: WorkflowDefinition = {
    kind: "user",
    database: request.identifier.database,
    name: request.identifier.name,
    comment: request.comment,
    schedule,
    timeZone: request.timeZone,
    ...bounds,
    overlap,
    catchup,
    variables: request.variables,
    options: request.options,
    tasks,
  };
  return { definition, warnings: warningsOf(definition, context.now) };
}

function checkHead(request: WorkflowRequest, positionOf: PositionOf): void {
  const { name } = request.identifier;
  at(positionOf, "name", () => checkName("workflow", name));
  for (const [index, task] of request.tasks.entries()) {
    at(positionOf, `tasks/${index}`, () => checkName("task", task.name));
  }
  at(positionOf, "timeZone", () => Zone.of(request.timeZone));
}

interface Bounds {
  readonly startAt: Instant | null;
  readonly endAt: Instant | null;
}

function boundsOf(request: WorkflowRequest, positionOf: PositionOf): Bounds {
  const startAt = boundOf(request, "startAt", positionOf);
  const endAt = boundOf(request, "endAt", positionOf);
  if (startAt !== null && endAt !== null && endAt <= startAt) {
    throw errorAt(positionOf, "endAt", ["WF-BOUNDS", "END AT is not after START AT"]);
  }
  return { startAt, endAt };
}

function boundOf(
  request: WorkflowRequest,
  path: keyof Bounds,
  positionOf: PositionOf,
): Instant | null {
  const text = request[path];
  if (text === null) return null;
  if (request.schedule.kind === "manual") {
    const words = path === "startAt" ? "START AT" : "END AT";
    throw errorAt(positionOf, path, ["WF-BOUNDS", `${words} needs a schedule`], {
      hint: "A workflow without SCHEDULE runs when it is told to.",
    });
  }
  return at(positionOf, path, () => readTimestamp(text, request.timeZone));
}

interface ScheduleContext {
  readonly positionOf: PositionOf;
  readonly now: Instant;
  readonly createdAt: Instant;
  readonly startAt: Instant | null;
}

function resolveSchedule(
  { schedule, timeZone }: WorkflowRequest,
  { positionOf, now, createdAt, startAt }: ScheduleContext,
): ScheduleSpec {
  return at(positionOf, "schedule", () => {
    const spec = specOf(schedule, timeZone, createdAt);
    if (spec.kind === "manual") return spec;
    const from = instant(Math.max(now, (startAt ?? now) - 1));
    if (scheduleOf(spec, timeZone).nextAfter(from) === null) {
      throw cronError("cron expression never fires again", 0, "Its last time lies in the past.");
    }
    return spec;
  });
}

const units = ["SECOND", "MINUTE", "HOUR", "DAY", "WEEK"] as const;
/** Larger amounts would overflow the arithmetic of slots. */
const largestAmount = 2_147_483_647;

function specOf(schedule: ScheduleRequest, timeZone: string, createdAt: Instant): ScheduleSpec {
  if (schedule.kind !== "every") return schedule;
  const unit = units.find((one) => one === schedule.unit.toUpperCase());
  const text = schedule.amount.trim();
  const amount = /^\d+$/.test(text) ? Number(text) : 0;
  if (unit === undefined || amount < 1 || amount > largestAmount) {
    throw new GatewayError(
      "WF-SCHEDULE",
      `a workflow cannot run every '${schedule.amount}' ${schedule.unit}`,
      {
        detail: "EVERY takes a positive whole number of SECOND, MINUTE, HOUR, DAY or WEEK.",
        hint: unit === undefined ? "Months and years are a matter for CRON." : undefined,
      },
    );
  }
  const every = { amount, unit };
  return { kind: "every", ...every, anchor: anchorOf(every, createdAt, timeZone) };
}

function checkQueue(
  options: WorkflowRequest["options"],
  path: string,
  { queues, positionOf }: ResolveContext,
): void {
  const queue = queueOf(options);
  if (options["queue"] === undefined || queues.has(queue)) return;
  throw errorAt(positionOf, path, ["WF-QUEUE-UNKNOWN", `queue "${queue}" does not exist`], {
    hint: "CREATE QUEUE makes one; SHOW QUEUES lists them.",
  });
}

interface TaskAt {
  readonly task: TaskRequest;
  readonly index: number;
  readonly context: ResolveContext;
}

async function resolveTask(request: WorkflowRequest, place: TaskAt): Promise<TaskDefinition> {
  const { task, index, context } = place;
  const { positionOf } = context;
  const path = `tasks/${index}`;
  const owner = task.action.kind === "refresh" ? "refresh task" : "execute task";
  checkOptions(owner, task.options, { positionOf, path: `${path}/options` });
  checkQueue(task.options, `${path}/options/queue`, context);
  checkTaskVariables(request.variables, task, { positionOf, path });
  const policies = taskPolicies(request.options, task.options);
  if (policies.condition !== null) {
    const { condition } = policies;
    await atAsync(positionOf, `${path}/options/condition`, () => checkConditionText(condition));
  }
  return {
    name: task.name,
    comment: task.comment,
    upstream: task.after,
    action: { ...(await resolveAction(request, place)) },
    variables: task.variables,
    options: task.options,
    ...policies,
    ...(isTransactional(task.options) ? {} : { once: true }),
    ...(isTransactional(task.options) ? {} : { once: true }),
  };
}

async function resolveAction(
  request: WorkflowRequest,
  { task, index, context }: TaskAt,
): Promise<object> {
  const { positionOf } = context;
  const path = `tasks/${index}`;
  const { action } = task;
  if (action.kind === "refresh") {
    const isManual = request.schedule.kind === "manual";
    return resolveRefresh(action, { ...context, path, isManual });
  }
  await atAsync(positionOf, `${path}/action`, () => checkExecuteText(action.text));
  const execute: ExecuteAction = {
    type: "execute-sql",
    text: action.text,
    transactional: isTransactional(task.options),
  };
  return execute;
}

async function atAsync<T>(
  positionOf: PositionOf,
  path: string,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof GatewayError) throw movedTo(error, positionOf, path);
    throw error;
  }
}

function warningsOf(definition: WorkflowDefinition, now: Instant): readonly string[] {
  const { startAt, endAt } = definition;
  const warnings: string[] = [];
  if (startAt !== null && startAt < now) {
    warnings.push(
      `START AT (${toIso(startAt)}) lies in the past; the schedule counts from the moment the ` +
        "workflow is enabled. BACKFILL WORKFLOW runs earlier times.",
    );
  }
  if (endAt !== null && endAt <= now) {
    warnings.push(`END AT (${toIso(endAt)}) lies in the past; the schedule does not run any more.`);
  }
  return warnings;
}
