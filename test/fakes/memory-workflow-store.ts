// WorkflowStore in memory, proven by the same contract suite as the one on PostgreSQL. Every
// function without a transaction is one atomic step on the committed rows; it passes over rows that
// an open transaction has locked, as SKIP LOCKED does.

import type { WorkflowStore } from "../../src/scheduler/durable/store.ts";
import { MemoryBackfills } from "./memory-backfill.ts";
import type { MemoryDatabase } from "./memory-database.ts";
import { MemoryInstances } from "./memory-instances.ts";
import { MemoryStatements } from "./memory-statements.ts";
import { MemoryTime } from "./memory-time.ts";
import { MemoryWork } from "./memory-work.ts";

export function memoryWorkflowStore(database: MemoryDatabase): WorkflowStore {
  const statements = new MemoryStatements(database);
  const instances = new MemoryInstances(database);
  const time = new MemoryTime(database);
  const work = new MemoryWork(database);
  const backfills = new MemoryBackfills(database);
  return {
    insertWorkflow: statements.insertWorkflow.bind(statements),
    lockWorkflow: statements.lockWorkflow.bind(statements),
    readWorkflow: statements.readWorkflow.bind(statements),
    findWorkflow: statements.findWorkflow.bind(statements),
    updateWorkflow: statements.updateWorkflow.bind(statements),
    deleteWorkflow: statements.deleteWorkflow.bind(statements),
    skipPending: statements.skipPending.bind(statements),
    lastSlot: statements.lastSlot.bind(statements),
    openRuns: statements.openRuns.bind(statements),
    insertInstances: statements.insertInstances.bind(statements),
    requestCancel: statements.requestCancel.bind(statements),
    settle: statements.settle.bind(statements),
    wake: statements.wake.bind(statements),
    unknownQueues: instances.unknownQueues.bind(instances),
    insertQueue: instances.insertQueue.bind(instances),
    updateQueue: instances.updateQueue.bind(instances),
    queueUsers: instances.queueUsers.bind(instances),
    deleteQueue: instances.deleteQueue.bind(instances),
    readVersion: instances.readVersion.bind(instances),
    lockInstance: instances.lockInstance.bind(instances),
    reopen: instances.reopen.bind(instances),
    forgetEnded: instances.forgetEnded.bind(instances),

    insertBackfill: backfills.insertBackfill.bind(backfills),
    overlappingBackfill: backfills.overlappingBackfill.bind(backfills),
    backfillRange: backfills.backfillRange.bind(backfills),
    lockBackfill: backfills.lockBackfill.bind(backfills),
    pauseBackfill: backfills.pauseBackfill.bind(backfills),
    cancelBackfill: backfills.cancelBackfill.bind(backfills),
    retryBackfill: backfills.retryBackfill.bind(backfills),
    stepBackfills: backfills.stepBackfills.bind(backfills),
    findBackfill: backfills.findBackfill.bind(backfills),

    loadDue: time.loadDue.bind(time),
    commitTick: time.commitTick.bind(time),
    upcoming: time.upcoming.bind(time),
    register: time.register.bind(time),
    heartbeat: time.heartbeat.bind(time),
    expire: time.expire.bind(time),
    gatewaysOn: time.gatewaysOn.bind(time),
    lostTasks: time.lostTasks.bind(time),
    takeOver: time.takeOver.bind(time),
    forgetGateways: time.forgetGateways.bind(time),

    claim: work.claim.bind(work),
    release: work.release.bind(work),
    defer: work.defer.bind(work),
    heldTasks: work.heldTasks.bind(work),
    attachBackend: work.attachBackend.bind(work),
    record: work.record.bind(work),
    saveProgress: work.saveProgress.bind(work),
    advance: work.advance.bind(work),
    openGates: work.openGates.bind(work),
    applyCancels: work.applyCancels.bind(work),
    find: work.find.bind(work),
  };
}
