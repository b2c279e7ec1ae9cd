// WorkflowStore on PostgreSQL: the statements of pg-*.ts, put together. Every decision about time
// is sluice_private.clock() inside the statement that decides.

import type { Database } from "../../common/pg.ts";
import * as acting from "./pg-advance.ts";
import * as backfills from "./pg-backfill.ts";
import { stepBackfills } from "./pg-backfill-step.ts";
import { claim } from "./pg-claim.ts";
import * as instances from "./pg-instances.ts";
import * as queues from "./pg-queues.ts";
import * as time from "./pg-time.ts";
import * as work from "./pg-work.ts";
import * as workflows from "./pg-workflows.ts";
import type { WorkflowStore } from "./store.ts";

export function pgWorkflowStore(database: Database): WorkflowStore {
  return {
    insertWorkflow: workflows.insertWorkflow,
    lockWorkflow: workflows.lockWorkflow,
    readWorkflow: workflows.readWorkflow,
    findWorkflow: workflows.findWorkflow,
    updateWorkflow: workflows.updateWorkflow,
    deleteWorkflow: workflows.deleteWorkflow,
    skipPending: workflows.skipPending,
    lastSlot: workflows.lastSlot,
    openRuns: workflows.openRuns,
    insertInstances: workflows.insertInstances,
    requestCancel: workflows.requestCancel,
    settle: work.settle,
    wake: workflows.wake,
    unknownQueues: queues.unknownQueues,
    insertQueue: queues.insertQueue,
    updateQueue: queues.updateQueue,
    queueUsers: queues.queueUsers,
    deleteQueue: queues.deleteQueue,
    readVersion: instances.readVersion,
    lockInstance: instances.lockInstance,
    reopen: instances.reopen,
    forgetEnded: instances.forgetEnded,

    insertBackfill: backfills.insertBackfill,
    overlappingBackfill: backfills.overlappingBackfill,
    backfillRange: backfills.backfillRange,
    lockBackfill: backfills.lockBackfill,
    pauseBackfill: backfills.pauseBackfill,
    cancelBackfill: backfills.cancelBackfill,
    retryBackfill: backfills.retryBackfill,
    stepBackfills: (limit, make) => stepBackfills(database, limit, make),
    findBackfill: (id) => backfills.findBackfill(database, id),

    loadDue: (limit) => time.loadDue(database, limit),
    commitTick: (changes) => time.commitTick(database, changes),
    upcoming: () => time.upcoming(database),

    claim: (gatewayId, limit) => claim(database, gatewayId, limit),
    release: (gatewayId, tasks) => work.release(database, gatewayId, tasks),
    defer: (tasks) => work.defer(database, tasks),
    heldTasks: (gatewayId) => work.heldTasks(database, gatewayId),
    attachBackend: (id, token, pid) => work.attachBackend(database, id, token, pid),
    record: (settlements) => work.record(database, settlements),
    saveProgress: (id, done, total, note) => work.saveProgress(database, id, { done, total, note }),
    advance: (limit, plan, endOf) => acting.advance(database, limit, plan, endOf),
    openGates: () => acting.openGates(database),
    applyCancels: (gatewayId) => work.applyCancels(database, gatewayId),
    find: (id) => work.find(database, id),

    register: (gateway, lease) => time.register(database, gateway, lease),
    heartbeat: (gatewayId, lease) => time.heartbeat(database, gatewayId, lease),
    expire: (gatewayIds) => time.expire(database, gatewayIds),
    gatewaysOn: (host) => time.gatewaysOn(database, host),
    lostTasks: (limit) => time.lostTasks(database, limit),
    takeOver: (tasks) => time.takeOver(database, tasks),
    forgetGateways: () => time.forgetGateways(database),
  };
}
