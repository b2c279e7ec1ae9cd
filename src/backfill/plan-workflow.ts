// The backfill of a users' workflow, planned: the slots of its schedule, judged by the latest run
// of each. Reads only.

import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import { GatewayError } from "../common/gateway-error.ts";
import type { WorkflowId } from "../common/ids.ts";
import type { Queryable, Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import { type DataInterval, dataInterval, type Instant, toIso } from "../common/time.ts";
import type { Texts, WorkflowDefinition } from "../scheduler/scheduler.ts";
import { resolveVariables } from "../scheduler/variables/resolve-variables.ts";
import { checkOverrides } from "../workflows/check-variables.ts";
import {
  findWorkflow,
  readClock,
  refuseTableOwned,
  workflowNotFound,
} from "../workflows/stored-workflow.ts";
import { checkRange, type How, judgeSlots, planSlots, type SlotState } from "./plan.ts";
import { nothingIn, type Plan, type Range } from "./plan-table.ts";
import { timestampOf } from "./range-bounds.ts";

/** Throws WF-NOTFOUND, WF-TABLE-OWNED, WF-VARIABLE, BF-*. */
export async function planWorkflow(
  tx: Tx,
  asked: {
    readonly identifier: ObjectIdentifier;
    readonly range: Range;
    readonly variables: Texts;
  },
  how: Omit<How, "now">,
): Promise<Plan> {
  const stored = await findWorkflow(tx, asked.identifier);
  if (stored === null) throw await workflowNotFound(tx, asked.identifier);
  const { workflowId, definition } = stored;
  refuseTableOwned(definition, "ALTER MATERIALIZED TABLE … BACKFILL does it.");
  if (definition.schedule.kind === "manual") {
    throw new GatewayError("BF-NOT-PERIODIC", `workflow "${definition.name}" has no schedule`, {
      hint: "EXECUTE WORKFLOW … AT runs it for one time.",
    });
  }
  checkOverrides(asked.variables, definition, () => null);
  const now = await readClock(tx);
  const read = (text: string) => timestampOf(text, definition.timeZone, null);
  const range = checkRange({ from: read(asked.range.from), to: read(asked.range.to) }, now);
  const slots = planSlots(definition, range, now);
  const [first, last] = [slots[0], slots.at(-1)];
  if (first === undefined || last === undefined) throw nothingIn(asked.range);
  const period = dataInterval(first.start, last.end);
  const states = await loadStates(tx, workflowId, period);
  const intervals = judgeSlots(definition, slots, { states, how: { ...how, now } });
  const variablesOf = (interval: DataInterval) =>
    shownVariables(definition, asked.variables, interval);
  return { workflowId, table: null, period, intervals, variablesOf };
}

/** Without what is known only when there is an instance. */
function shownVariables(
  { name, variables: workflow, timeZone }: WorkflowDefinition,
  overrides: Texts,
  interval: DataInterval,
): Texts {
  const run = { scheduledAt: interval.end, interval, workflow: name, instanceId: "" };
  const { "instance.id": _, ...shown } = resolveVariables({ workflow, overrides }, run, timeZone);
  return shown;
}

/** The latest run of each slot, by the slot's end; runs that a user asked for are no slots. */
async function loadStates(
  on: Queryable,
  id: WorkflowId,
  period: DataInterval,
): Promise<ReadonlyMap<Instant, SlotState>> {
  const rows = await on.query<{ slot: Instant; state: SlotState }>(sql`
    SELECT DISTINCT ON (r.interval_end) r.interval_end AS slot, r.state
    FROM (
      SELECT interval_start, interval_end, created_at, 'open' AS state, trigger
      FROM sluice_private.instances WHERE workflow_id = ${id}
      UNION ALL
      SELECT interval_start, interval_end, created_at,
        CASE status WHEN 'SUCCESSFUL' THEN 'successful' WHEN 'SKIPPED' THEN 'missing'
          ELSE 'failed' END, trigger
      FROM sluice_private.instance_history WHERE workflow_id = ${id}
    ) r
    WHERE r.trigger IN ('SCHEDULE', 'CATCH_UP', 'BACKFILL')
      AND r.interval_end > ${toIso(period.start)}::timestamptz
      AND r.interval_end <= ${toIso(period.end)}::timestamptz
    ORDER BY r.interval_end, r.state = 'open' DESC, r.created_at DESC`);
  return new Map(rows.map(({ slot, state }) => [slot, state]));
}
